"""How far an order is, what comes next, and when it has waited too long."""

from datetime import date

import pytest

from ccc_numbers.vendors.orders import Contact, Stage
from ccc_numbers.vendors.progress import (
    Counts,
    LiveNumber,
    count,
    due,
    line_to_import,
    next_step,
    observed_stage,
)
from tests.vendors.support import TODAY, entry, number, order

NUMBERS = [number(f"0218000100{index}") for index in range(1, 4)]


def live(*rows: tuple[str, str | None]) -> dict[str, LiveNumber]:
    return {number: LiveNumber(number, instance) for number, instance in rows}


@pytest.mark.parametrize("stage", Stage)
def test_an_order_is_imported_by_ourselves_between_opening_and_import(stage: Stage) -> None:
    bought = order(stage=stage)
    line = line_to_import(bought, entry("landline-aftersales"), TODAY)
    assert line == ("优音" if stage is Stage.OPENED else None)
    assert bought.expires is not None
    assert line_to_import(bought, None, bought.expires) is None


def test_a_line_is_called_as_ccc_calls_its_vendor() -> None:
    opened, sold = order(stage=Stage.OPENED), entry("landline-aftersales")
    assert line_to_import(opened, sold.model_copy(update={"providers": ("youyin-sh",)}), TODAY) == "youyin-sh"
    assert line_to_import(opened, None, TODAY) == "A"


def test_numbers_are_counted_by_where_they_are() -> None:
    seen = live(("02180001001", "i"), ("02180001002", None), ("02180009999", "i"))
    assert count(NUMBERS, seen) == Counts(declared=3, pending=1, imported=2, bound=1)
    assert count(NUMBERS, live(("02180001001", "other"))) == Counts(3, 2, 1, 0)
    assert count([], seen) == Counts(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("stage", "imported", "seen"),
    [
        ("opened", 2, "imported"),
        ("opened", 3, "imported"),
        ("opened", 1, "opened"),
        ("submitted", 2, "submitted"),
        ("imported", 0, "imported"),
    ],
)
def test_only_the_import_can_be_seen(stage: str, imported: int, seen: str) -> None:
    counts = Counts(3, 3 - imported, imported, 0)
    assert observed_stage(order(stage=Stage(stage), quantity=2), counts) is Stage(seen)


@pytest.mark.parametrize(
    ("stage", "counts", "who", "what"),
    [
        ("intended", None, "you", "agree on the purchase with CCC support (DingTalk cccsupport2), pay 2 × 售后（回访）类业务固话 on 云市场"),
        ("paid", None, "you", "`ccc-numbers orders request o`, hand it in to vendor A (优音) in the DingTalk group"),
        ("submitted", None, "vendor A (优音)", "checks the materials and opens the numbers; then set stage: opened"),
        ("opened", None, "CCC support (DingTalk cccsupport2)", "imports the 2 numbers into CCC"),
        ("opened", Counts(2, 2, 0, 0), "CCC support (DingTalk cccsupport2)", "imports the 2 numbers into CCC"),
        ("opened", Counts(2, 1, 1, 0), "CCC support (DingTalk cccsupport2)", "imports what is missing (1 of 2 numbers)"),
        ("opened", Counts(1, 0, 1, 1), "CCC support (DingTalk cccsupport2)", "imports the rest of the 2 numbers"),
        ("opened", Counts(2, 0, 2, 0), "you", "set stage: imported, then `pulumi up` binds them"),
        ("imported", Counts(2, 1, 1, 0), "you", "of 2 declared numbers 1 cannot be seen in CCC"),
        ("imported", Counts(2, 0, 2, 1), "you", "`pulumi up` binds the 1 of 2 numbers that are not yet bound"),
        ("imported", Counts(1, 0, 1, 1), "you", "stand in no instance (1 of 2)"),
        ("imported", Counts(2, 0, 2, 2), "you", "renew it (by 2027-08-01)"),
    ],
)  # fmt: skip
def test_the_next_step_says_who_does_what(stage: str, counts: Counts | None, who: str, what: str) -> None:
    one = order(stage=Stage(stage), quantity=2)
    step = next_step(one, entry(one.product), TODAY, counts)
    assert step.who == who
    assert what in str(step)


def test_a_lapsed_order_has_one_next_step_whatever_its_stage() -> None:
    for stage in Stage:
        step = next_step(order(stage=stage, purchased=date(2025, 8, 1)), entry("landline-aftersales"), TODAY)
        assert "the term ended on 2026-08-01: renew it with vendor A (优音)" in step.what


def test_an_intended_order_with_an_id_is_bought_already() -> None:
    step = next_step(
        order(stage=Stage.INTENDED, order_id="2206600000001"), entry("landline-aftersales"), TODAY
    )
    assert str(step) == (
        "you: it is bought on the marketplace as 2206600000001: set stage: paid with purchased and orderId"
    )


def test_the_customers_own_dingtalk_is_not_supports() -> None:
    one = order(stage=Stage.OPENED, contact=Contact(dingtalk="acme-群"))
    assert next_step(one, None, TODAY).who == "CCC support (DingTalk cccsupport2)"
    other = entry(one.product).model_copy(update={"support": "cccsupport7"})
    assert next_step(one, other, TODAY).who == "CCC support (DingTalk cccsupport7)"


def test_waiting_is_measured_by_the_catalogues_delivery_days() -> None:
    since = date(2026, 10, 1)
    invited = order("landline-invitation", stage=Stage.SUBMITTED, since=since)
    assert due(invited, entry("landline-invitation")) == date(2026, 11, 12)  # 30 working days
    stocked = order(stage=Stage.SUBMITTED, since=since)
    assert due(stocked, entry("landline-aftersales"), patience=5) == date(2026, 10, 8)
    assert due(order(stage=Stage.PAID, purchased=since), entry("landline-aftersales"), 5) == date(2026, 10, 8)
    for stage in (Stage.INTENDED, Stage.IMPORTED):
        assert due(order(stage=stage, since=since), entry("landline-aftersales")) is None
    assert due(order(stage=Stage.SUBMITTED), entry("landline-aftersales")) is None
    step = next_step(invited, entry("landline-invitation"), TODAY)
    assert "(资料审核申请通过后7-30个工作日)" in step.what
