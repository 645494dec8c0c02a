"""Rules on cases a stack file cannot show, and the reading of words."""

import pytest

from ccc_numbers.vendors.catalogue import Catalogue, built_in
from ccc_numbers.vendors.findings import Finding
from ccc_numbers.vendors.orders import NumberOnOrder, Order, Stage, refuse_delete, refuse_move
from ccc_numbers.vendors.rules import check
from ccc_numbers.vendors.terms import Term
from ccc_numbers.vendors.words import business_search
from tests.vendors.support import TODAY, entry, number, order


def found(one: Order, *numbers: NumberOnOrder) -> list[Finding]:
    return list(check([one], numbers, built_in(), TODAY))


def rules(one: Order, *numbers: NumberOnOrder) -> list[str]:
    return [finding.rule for finding in found(one, *numbers)]


def said(product: str, text: str) -> list[str]:
    found = business_search(entry(product))(text)
    return [hit.forbidden.word.word for hit in found if not hit.denied]


def test_a_400_number_cannot_call_out() -> None:
    (finding,) = found(
        order("400", prepaid="3000", term=Term(months=36)), number("4008001001", "bidirectional")
    )
    assert finding.path == ("instances", "i", "numbers", "4008001001", "usage")
    assert "it takes calls only (catalogue: 400：仅支持呼入)" in finding.message
    assert 'use "inbound"' in finding.message


@pytest.mark.parametrize(
    ("provider", "wrong"),
    [(None, False), ("", False), ("A", False), ("优音 ", False), ("B", True), ("ali", None)],
)
def test_a_label_of_ccc_is_this_vendors_another_ones_or_unknown(
    provider: str | None, wrong: bool | None
) -> None:
    assert built_in().sold_by_another(entry("landline-aftersales"), provider) is wrong


def test_a_vendor_whose_names_are_known_has_no_others() -> None:
    known = [
        each.model_copy(update={"providers": ("ali",)}) for each in built_in().entries if each.vendor == "A"
    ]
    catalogue = Catalogue((*known[:1], *built_in().entries[1:]))
    said = {label: catalogue.sold_by_another(known[0], label) for label in ("ali", "alicom", "A", "B")}
    assert said == {"ali": False, "alicom": True, "A": False, "B": True}
    assert catalogue.sold_by_another(entry("mobile"), "ali") is False, "it is the vendor's, whatever it sells"
    assert catalogue.sold_by_another(entry("sip-marketing"), "ali") is True


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"skill_groups": ("one",)}, False),
        ({"skill_groups": ("one", "two")}, True),
        ({"agent": "wang@i"}, False),
    ],
)
def test_a_mobile_number_serves_one_agent(changes: dict[str, object], wrong: bool) -> None:
    assert rules(order("mobile"), number("13800138000", **changes)) == (["shared-number"] if wrong else [])


def test_an_order_of_a_whole_province_takes_its_cities() -> None:
    assert rules(order(prepaid="3000", regions=("江苏",)), number("051080001001")) == []
    assert rules(order(prepaid="3000", regions=("全国",)), number("051080001001")) == []
    assert rules(order(prepaid="3000"), number("051080001001")) == []


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("售后回访", []),
        ("酒店预订确认", []),
        ("烟台港务通知", []),
        ("烟酒零售", ["烟", "酒"]),
        ("不涉及贷款、催收，只做售后回访", []),
        ("非金融类售后", []),
        ("小额 贷-款", ["贷款"]),
        ("ＰＯＳ机推广", ["POS机销售"]),
        ("互联网金融", ["互联网金融"]),
        ("金融产品说明", ["金融类"]),
        ("创业培训", ["培训（创业）业务"]),
    ],
)
def test_a_scene_is_read_as_people_write(scene: str, words: list[str]) -> None:
    assert said("landline-aftersales", scene) == words


def test_every_order_and_number_is_held_against_its_own_entry() -> None:
    orders = [order(prepaid="3000"), order("mobile", key="m", quantity=1)]
    all_found = check(orders, [number(), number("13800138000", order="m")], built_in(), TODAY)
    assert [(finding.rule, finding.path[1]) for finding in all_found] == [("minimum-per-region", "m")]


@pytest.mark.parametrize("before", list(Stage))
@pytest.mark.parametrize("after", list(Stage))
def test_stages_go_forward_only(before: Stage, after: Stage) -> None:
    refused = refuse_move("o", before, after, reopen=False)
    assert (refused is not None) == (list(Stage).index(after) < list(Stage).index(before))
    assert refuse_move("o", before, after, reopen=True) is None
    if refused is not None:
        assert "reopen: true" in refused


def test_an_order_in_use_is_not_deleted() -> None:
    assert refuse_delete("o", ()) is None
    why = refuse_delete("o", ("02180001001",))
    assert why
    assert why.startswith("order o cannot be deleted: 1 number on it (02180001001)")
