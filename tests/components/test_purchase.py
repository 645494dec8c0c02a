"""`purchase:` pays at once: when it does, when it is refused, and that it is never done twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.components.mocked import Made, run

ORDER = "alicloud:marketplace/order:Order"
INTENDED = """\
orders:
  youyin:
    vendor: A
    product: landline-aftersales
    stage: intended
    quantity: 2
    regions: [无锡]
    prepaid: 3000
    purchase: {iUnderstandThisPays: true, productCode: cmgj00012345, packageVersion: yuncode6, couponId: c1}
"""
PAID = INTENDED.replace("stage: intended", "stage: paid\n    purchased: 2025-03-03\n    term: 9y")


def bought(made: Made) -> dict[str, object]:
    return {key: value for key, value in made[ORDER, "youyin"].inputs.items() if value is not None}


def test_an_intended_order_is_bought_protected_and_kept(project: Path) -> None:
    made = run(project, INTENDED)
    assert made.errors == []
    assert bought(made) == {
        "productCode": "cmgj00012345",
        "packageVersion": "yuncode6",
        "pricingCycle": "Year",
        "duration": 1,
        "payType": "PrePaid",
        "quantity": 1,
        "couponId": "c1",
    }
    request = made[ORDER, "youyin"].request
    assert (request.protect, request.retainOnDelete, request.importId) == (True, True, "")
    assert made["ccc:index:VendorOrder", "youyin"].inputs["orderId"] == "2206600000009"
    assert made.exports["orders"]["youyin"]["orderId"] == "2206600000009"


def test_what_it_pays_is_reported_before_it_pays(project: Path) -> None:
    (warning,) = run(project, INTENDED, preview=True).warnings
    assert warning.startswith(
        "stacks/acme.yaml:9:15: orders.youyin.purchase: pays on the marketplace at once, unless this stack has "
        "bought it: 1 × package yuncode6 of cmgj00012345."
    )


def test_a_paid_order_is_not_bought_again(project: Path) -> None:
    made = run(project, PAID)
    assert made.code == 32
    assert made.resources == {}
    (error,) = made.errors
    assert "stacks/acme.yaml:11:5: orders.youyin.purchase: would pay again for an order that is paid" in error


def test_an_order_with_an_id_is_imported_and_nothing_about_it_changes(project: Path) -> None:
    made = run(project, PAID + '    orderId: "2206600000001"\n')
    assert (made.errors, made.warnings) == ([], [])
    request = made[ORDER, "youyin"].request
    assert request.importId == "2206600000001"
    assert set(bought(made)) < set(request.ignoreChanges)
    assert made["ccc:index:VendorOrder", "youyin"].inputs["orderId"] == "2206600000001"


@pytest.mark.parametrize("value", ["true", "1", "TRUE"])
def test_nothing_is_bought_in_a_run_that_could_forget_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PULUMI_SKIP_CHECKPOINTS", value)
    made = run(project, INTENDED)
    assert (made.code, made.resources) == (32, {})
    assert "PULUMI_SKIP_CHECKPOINTS=false" in made.errors[0]
    seen = run(project, INTENDED, preview=True)
    assert (seen.code, seen.of(ORDER), seen.warnings) == (0, ["youyin"], made.errors)
    assert run(project, PAID + '    orderId: "2206600000001"\n').code == 0


def test_consent_is_asked_for(project: Path) -> None:
    made = run(project, INTENDED.replace("Pays: true", "Pays: false"))
    assert (made.code, made.resources) == (32, {})
    assert "must be true: this order pays at once" in made.errors[0]


def test_a_stack_that_buys_nothing_does_not_load_the_package(project: Path) -> None:
    (project / "stacks").mkdir()
    (project / "stacks/acme.yaml").write_text(INTENDED[: INTENDED.index("    purchase")], "utf-8")
    script = (
        "import sys\nfrom pathlib import Path\nfrom ccc_numbers.declaration.read import load_stack\n"
        "import components.program, components.purchase as p\n"
        "orders = load_stack(Path(), 'acme').declaration.orders.values()\n"
        "assert [p.buy(order) for order in orders] == [None]\n"
        "assert 'pulumi_alicloud' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
