"""How the source is read: about products that there are, and said where people look."""

from ccc_numbers.vendors.catalogue import built_in
from ccc_numbers.vendors.readings import readings, readings_of
from tests.support.stack import ROOT
from tests.vendors.support import entry


def test_each_reading_is_about_products_that_exist() -> None:
    known = {name for sold in built_in().entries for name in (sold.vendor, "/".join(sold.key))}
    assert {name for each in readings() for name in each.of} <= known | {"*"}
    assert all(len(readings_of(sold)) > 1 for sold in built_in().entries)


def test_each_reading_is_in_the_documentation() -> None:
    text = (ROOT / "docs" / "vendors.md").read_text("utf-8")
    for each in readings():
        assert f"| {each.words} | {each.read} {each.why} | {each.otherwise} |" in text


def test_a_reading_quotes_its_product() -> None:
    (minimum,) = (each for each in readings_of(entry("mobile")) if each.words.startswith("月低消"))
    assert entry("mobile").price.words.endswith(minimum.words.partition("；")[0])
