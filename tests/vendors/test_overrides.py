"""A stack's own catalogue file: prices quoted to one customer, products nobody else has, and every slip in it."""

from decimal import Decimal
from pathlib import Path

import pytest

from ccc_numbers.vendors.catalogue import Direction, built_in, with_overrides
from ccc_numbers.vendors.catalogue.select import Need, select
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.places import find_place

QUOTED = """
vendor: A
product: mobile
asOf: 2026-10-01
source: {title: 优音报价单}
price:
  rent: {perMonth: 22.50}
  minimumSpend: {amount: 1500}
"""
NEW = """
vendor: C
product: sip-local
name: 本地中继
asOf: 2026-10-01
source: {title: 报价}
direction: bidirectional
shape: landline
regions: {supply: on-application}
price: {words: 月租20, rent: {perMonth: 20, billed: monthly}, rates: {inbound: 0, outbound: 0.10}}
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "prices.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_quote_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    shipped, quoted = (
        built_in().find("A", "mobile"),
        with_overrides(file(tmp_path, QUOTED)).find("A", "mobile"),
    )
    assert shipped is not None
    assert quoted is not None
    assert quoted.price.rent is not None
    assert quoted.price.minimum_spend is not None
    assert (quoted.price.rent.per_month, quoted.price.rent.billed) == (Decimal("22.50"), "monthly")
    assert (quoted.price.minimum_spend.amount, quoted.price.minimum_spend.scope) == (Decimal(1500), "account")
    assert quoted.source.title == "优音报价单"
    assert quoted.business == shipped.business
    assert shipped.price.rent is not None
    assert shipped.price.rent.per_month == Decimal(25)


def test_a_new_product_stands_after_the_shipped_ones(tmp_path: Path) -> None:
    found = with_overrides(file(tmp_path, f"{QUOTED}---{NEW}"))
    assert [entry.product for entry in found.entries][-1] == "sip-local"
    assert found.vendors == ("A", "B", "C")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: holds no entry"),
        ("- a", "1:1: an entry is a mapping with vendor, product, source, asOf, …"),
        ("vendor: A", "1:1: product: product is missing"),
        (QUOTED.replace("asOf: 2026-10-01\n", ""), "2:1: asOf is missing: an override says where its figures"),
        (QUOTED.replace("22.50", "-1"), '7:10: price.rent.perMonth: "-1": -1 is negative'),
        (QUOTED.replace("22.50", "22.505"), "more than two decimals"),
        (QUOTED.replace("perMonth", "perMonat"), '7:10: price.rent.perMonat: unknown key; did you mean "perMonth"?'),
        (QUOTED.replace("2026-10-01", "soon"), "4:1: asOf: "),
        (NEW.replace("shape: landline\n", ""), "2:1: shape: is missing"),
        (NEW.replace("direction: bidirectional", "direction: both"), "direction: \"both\": "),
        (f"{QUOTED}---{QUOTED}", "A/mobile stands in this file twice"),
        ("vendor: A\nvendor: B\n", "2:1: vendor: is written twice"),
        ("vendor: [A", "not valid YAML: "),
        ("vendor: \x01", "not valid YAML: "),
    ],
)  # fmt: skip
def test_a_slip_is_one_line_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CatalogueError) as error:
        with_overrides(file(tmp_path, text))
    message = str(error.value)
    assert message.startswith(f"{tmp_path}/prices.yaml:")
    assert said in message
    assert "\n" not in message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.yaml:1:1: does not exist"):
        with_overrides(tmp_path / "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("vendor: 优音".encode("gbk"))
    with pytest.raises(CatalogueError, match="looks like GBK"):
        with_overrides(tmp_path / "gbk.yaml")


@pytest.mark.parametrize(
    ("need", "products"),
    [
        (Need(direction=Direction.INBOUND), ["landline-aftersales", "landline-invitation", "400", "mobile", "virtual-number"]),
        (Need(business="教育", direction=Direction.OUTBOUND), ["mobile-marketing", "landline-aftersales", "landline-invitation", "sip-marketing", "virtual-number"]),
        (Need(business="保险"), ["400", "mobile-marketing"]),
        (Need(region=find_place("杭州"), direction=Direction.INBOUND, vendor="A"), ["landline-invitation", "400", "mobile"]),
        (Need(region=find_place("江苏"), product="landline-aftersales"), ["landline-aftersales"]),
        (Need(vendor="优音", product="400"), ["400"]),
        (Need(vendor="B", business="盲呼"), []),
    ],
)  # fmt: skip
def test_products_are_chosen_by_need(need: Need, products: list[str]) -> None:
    assert [entry.product for entry in select(built_in().entries, need)] == products
