"""Each file in broken/ breaks one rule, and says at its end what must be said about it, word for word."""

from pathlib import Path

import pytest

from ccc_numbers.declaration.read import load
from ccc_numbers.declaration.vendor_rules import vendor_problems
from ccc_numbers.vendors.rules import RULES
from tests.vendors.support import TODAY

BROKEN = sorted(Path(__file__).with_name("broken").glob("*.yaml"))
SOUND = sorted((Path(__file__).parents[2] / "docs/examples/vendors/stacks").glob("[!P]*.yaml"))
EXPECT = "# expect: "


@pytest.mark.parametrize("file", BROKEN, ids=[file.stem for file in BROKEN])
def test_a_broken_twin_says_what_is_wrong(file: Path) -> None:
    expected = [line.removeprefix(EXPECT) for line in file.read_text("utf-8").splitlines() if EXPECT in line]
    loaded = load(file)
    problems = [*loaded.problems, *vendor_problems(loaded.sound, TODAY)]
    said = [
        ("" if problem.severity == "error" else f"{problem.severity} ")
        + str(problem).removeprefix(f"{problem.file}:")
        for problem in problems
    ]
    assert said == expected
    assert len(expected) >= 1


@pytest.mark.parametrize("file", SOUND, ids=[file.stem for file in SOUND])
def test_the_example_of_each_product_is_sound(file: Path) -> None:
    loaded = load(file)
    assert loaded.problems == ()
    assert vendor_problems(loaded.sound, TODAY) == ()


def test_there_is_an_example_of_every_product() -> None:
    products = {order.product for file in SOUND for order in load(file).sound.orders.values()}
    assert products == {file.stem for file in SOUND}
    assert len(products) == 7


def test_every_rule_has_a_twin() -> None:
    def said(file: Path) -> set[str]:
        loaded = load(file)
        return {problem.rule for problem in vendor_problems(loaded.sound, TODAY)}

    assert set().union(*map(said, BROKEN)) >= {
        "unknown-vendor", "unknown-product", "minimum-per-region", "unknown-region", "not-in-stock", "no-package",
        "prepaid-missing", "rate-of-no-use", "forbidden-business", "blind-area", "date-in-future", "term-over",
        "usage", "shape", "area-code", "over-quantity", "shared-number", "scarce", "term-of-package",
        "purchase-booked-twice", "no-order", "minutes-of-no-use", "renewal-of-nothing", "doubtful-business",
        "accept-of-no-use", "accepted-business",
    }  # fmt: skip
    assert len(RULES) == 18
