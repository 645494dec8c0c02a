"""`ccc-numbers orders learn`: the names that CCC has for vendors, written into the stack's catalogue file."""

from pathlib import Path

import pytest
import yaml

from tests.support.simulator import start_simulator
from tests.vendors.conftest import Run
from tests.vendors.ledger_world import bind, connect, orders, seed


def test_names_that_ccc_says_are_learned(run: Run, project: Path) -> None:
    first, second = "02180001001", "051080001002"
    words = ("orders", "learn", "-s", "acme", "--today", "2026-11-23")
    file, own = project / "stacks/acme.yaml", project / "stacks/acme-vendors.yaml"
    before = file.read_text("utf-8")
    with start_simulator(seed()) as simulator:
        connect(project, simulator.url)
        for number in (first, second):
            simulator.import_numbers(number, provider="ali", province="上海", city="上海")
            bind(simulator, number)
        assert orders(run)[2] == ["vendor-name"]
        code, out, _ = run(*words)
        assert (code, 'A/landline-aftersales: CCC names the vendor of 2 numbers "ali"' in out) == (1, True)
        assert (own.exists(), file.read_text("utf-8")) == (False, before)

        assert run(*words, "--write")[0] == 0
        assert file.read_text("utf-8") == before + "catalogue: acme-vendors.yaml\n"
        assert orders(run)[2] == []
        assert run(*words)[:2] == (0, "CCC says no name of a vendor that the catalogue does not know.\n")

        # Another name is an error now, and what is written is not written over.
        own.write_text(own.read_text("utf-8").replace("ali", "youyin"), "utf-8")
        assert orders(run)[0::2] == (1, ["wrong-vendor"])
        assert set(simulator.calls()) <= {
            *("ListPhoneNumbers", "ListUnassignedNumbers", "ListSkillGroups", "ListInstances"),
            *("ListContactFlows", "AddPhoneNumbers"),  # the test's own
        }


PRICES = """\
vendor: A
product: landline-aftersales   # 报价单
asOf: 2026-10-01
source: {{title: 优音报价单 2026-10}}
{providers}price: {{rent: {{perMonth: 30}}}}
---
vendor: B
product: virtual-number
asOf: 2026-10-01
source: {{title: B}}
price: {{rent: {{perMonth: 30}}}}
"""


@pytest.mark.parametrize(("before", "after"), [("", ""), ("providers: []   # CCC\n", "   # CCC")])
def test_a_name_goes_into_the_product_that_is_there(run: Run, project: Path, before: str, after: str) -> None:
    file, own = project / "stacks/acme.yaml", project / "stacks/prices.yaml"
    file.write_text(file.read_text("utf-8") + "catalogue: prices.yaml\n", "utf-8")
    own.write_text(PRICES.format(providers=before), "utf-8", newline="\r\n")
    with start_simulator(seed()) as simulator:
        connect(project, simulator.url)
        simulator.import_numbers("02180001001", provider="ali", province="上海", city="上海")
        bind(simulator, "02180001001")
        code, _, err = run("orders", "learn", "-s", "acme", "--write", "--today", "2026-11-23")
        assert (code, err) == (0, "")
        assert orders(run)[2] == ["paid-unbound"], "the name is known"
    first, rest = PRICES.format(providers=before).split("---")
    learned = f'providers: ["ali"]{after}\n'
    expected = (first.replace(before, learned) if before else first + learned) + "---" + rest
    assert own.read_bytes().decode() == expected.replace("\n", "\r\n"), "other lines and line ends stay"


def test_a_name_of_two_vendors_is_not_learned(run: Run, project: Path) -> None:
    file = project / "stacks/acme.yaml"
    data = yaml.safe_load(file.read_text("utf-8"))
    other = {
        "vendor": "B",
        "product": "virtual-number",
        "stage": "imported",
        "quantity": 10,
        "purchased": "2026-08-01",
    }
    data["orders"]["b"] = other | {"term": "1y"}
    data["instances"]["acme-support"]["numbers"]["13800001001"] = {"order": "b"}
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    with start_simulator(seed()) as simulator:
        connect(project, simulator.url)
        for number in ("02180001001", "13800001001"):
            simulator.import_numbers(number, provider="ali", province="上海", city="上海")
            bind(simulator, number)
        code, _, err = run("orders", "learn", "-s", "acme", "--write")
    assert (code, "on orders of A and of B" in err, (project / "stacks/acme-vendors.yaml").exists()) == (
        2,
        True,
        False,
    ), err
