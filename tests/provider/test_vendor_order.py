"""A vendor order: checked, compared field by field, looked up in CCC, refused what it must not do."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.provider.engine_log import EngineLog
from ccc_numbers.provider.properties import Change
from ccc_numbers.provider.resources.phone_number import PhoneNumber
from ccc_numbers.provider.resources.vendor_order import VendorOrder
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import UNKNOWN, Bag
from tests.support.simulator import Simulator, start_simulator
from tests.support.worlds import INSTANCE, bound, instance, number, numbers, seed

URN = "urn:pulumi:dev::p::ccc:index:VendorOrder::youyin"
TODAY = date.today()
DATA = {"sha256": hashlib.sha256(b"1").hexdigest()}
ORDER: dict[str, Any] = {
    "key": "youyin",
    "vendor": "A",
    "product": "landline-aftersales",
    "stage": "opened",
    "quantity": 3.0,
    "regions": ["上海"],
    "purchased": str(TODAY - timedelta(days=60)),
    "since": str(TODAY - timedelta(days=3)),
    "term": "365d",
    "prepaid": "3000",
    "rates": {"outbound": "0.10", "rent": "35"},
    "contact": {"name": "李", "dingtalk": "acme-group"},
    "materials": {"script": {"path": "materials/script.docx"} | DATA},
    "numbers": [f"{INSTANCE}/{each}" for each in numbers(3)],
}


class EngineMessages(EngineLog):
    """In the engine's place: keeps the warnings it is sent."""

    def __init__(self) -> None:
        super().__init__(None)
        self.warnings: list[str] = []

    async def warning(self, message: str, urn: str = "") -> None:
        assert urn == URN
        self.warnings.append(message)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with start_simulator(seed([])) as running:
        yield running


@pytest.fixture
def shown() -> EngineMessages:
    return EngineMessages()


@pytest.fixture
async def run(simulator: Simulator, shown: EngineMessages) -> AsyncIterator[Run]:
    made = Run(Settings.parse({"endpoint": simulator.url}), {}, shown)
    yield made
    await made.client.close()


def put(
    simulator: Simulator, *held: dict[str, Any], free: int = 0, elsewhere: tuple[dict[str, Any], ...] = ()
) -> None:
    """`held` and `elsewhere` are in the two instances; the first `free` numbers are imported and in neither."""
    simulator.put_state(seed(numbers(free), support=instance(held), billing=instance(elsewhere)))


async def read(run: Run, **changes: object) -> dict[str, Any]:
    """What a refresh finds, without what was declared."""
    inputs = {key: value for key, value in (ORDER | changes).items() if value is not None}
    live = await VendorOrder().read(run, URN, "A/youyin", inputs, inputs)
    assert live is not None
    assert live.inputs == inputs
    return {key: value for key, value in live.outputs.items() if key not in inputs}


async def test_a_refresh_counts_what_ccc_shows_and_says_what_comes_next(
    run: Run, simulator: Simulator, shown: EngineMessages
) -> None:
    put(simulator, bound(number(2)), free=1)
    seen = await read(run)
    assert seen.pop("nextStep").startswith(
        "CCC support (DingTalk cccsupport2): imports what is missing (1 of 3 numbers) into CCC when asked in the group"
    )
    assert seen == {
        "declaredCount": 3,
        "pendingCount": 1,
        "importedCount": 2,
        "boundCount": 1,
        "observedStage": "opened",
        "expires": str(TODAY + timedelta(days=305)),
    }
    assert shown.warnings == []


async def test_an_opened_order_is_known_to_be_imported_by_what_is_there(
    run: Run, simulator: Simulator
) -> None:
    put(simulator, bound(number(2)), free=1, elsewhere=(bound(number(3)),))
    seen = await read(run)
    assert (seen["importedCount"], seen["boundCount"]) == (3, 1)
    assert seen["observedStage"] == "imported"
    assert seen["nextStep"] == "you: all numbers are in CCC: set stage: imported, then `pulumi up` binds them"


async def test_a_stage_that_lasts_too_long_is_reported_with_who_has_to_do_what(
    run: Run, simulator: Simulator, shown: EngineMessages
) -> None:
    put(simulator)
    await read(run, product="landline-invitation", stage="submitted", since=str(TODAY - timedelta(days=58)))
    (warning,) = shown.warnings
    assert warning.startswith(f"order youyin: submitted since {TODAY - timedelta(days=58)}, ")
    assert (
        "past 30 working days (the catalogue's 资料审核申请通过后7-30个工作日). Next: vendor A (优音): "
        in warning
    )


async def test_a_lapsed_order_is_reported_with_its_numbers(
    run: Run, simulator: Simulator, shown: EngineMessages
) -> None:
    put(simulator, bound(number(1)))
    seen = await read(run, term="30d")
    (warning,) = shown.warnings
    assert warning.startswith(f"order youyin: ended on {TODAY - timedelta(days=30)}, 30 days ago")
    assert "1 number on it still bound" in warning
    assert seen["nextStep"].startswith(
        f"you: the term ended on {TODAY - timedelta(days=30)}: renew it with vendor A"
    )


async def test_a_number_of_another_vendor_is_reported(
    run: Run, simulator: Simulator, shown: EngineMessages
) -> None:
    put(simulator, bound(number(1)) | {"provider": "B"})
    await read(run)
    assert shown.warnings == [
        'order youyin: CCC shows 1 number of "B" on an order bought from vendor A (优音)'
    ]


async def test_creating_looks_too_and_a_preview_does_not(run: Run, simulator: Simulator) -> None:
    put(simulator, free=3)
    simulator.reset()
    assert await VendorOrder().create(run, URN, ORDER, preview=True) == ("A/youyin", ORDER)
    assert simulator.count() == 0
    made, outputs = await VendorOrder().create(run, URN, ORDER, preview=False)
    assert (made, outputs["importedCount"]) == ("A/youyin", 3)
    assert outputs["rates"] == ORDER["rates"]


async def test_a_renewal_moves_the_end_of_an_order(run: Run, simulator: Simulator) -> None:
    put(simulator, free=3)
    bought = date.fromisoformat(ORDER["purchased"])
    renewed = ORDER | {"renewals": [{"purchased": str(TODAY), "term": "10d"}], "owner": "运营组"}
    assert problems(run, **renewed) == []
    _, outputs = await VendorOrder().create(run, URN, renewed, preview=False)
    assert outputs["expires"] == str(bought + timedelta(days=375))
    (wrong,) = problems(run, renewals=[{"purchased": "2020-01-01"}])
    assert "is not later than the purchase before it" in wrong


async def test_many_orders_share_the_listings(run: Run, simulator: Simulator) -> None:
    put(simulator, *(bound(each) for each in numbers(3)))
    simulator.reset()
    for _ in range(5):
        await read(run)
    assert simulator.count() <= 2


def problems(run: Run, old: dict[str, Any] | None = None, **changes: object) -> list[str]:
    new = {key: value for key, value in (ORDER | changes).items() if value is not None}
    return list(VendorOrder().check(run, old or {}, new))


def test_a_sound_order_has_no_problem(run: Run) -> None:
    assert problems(run) == problems(run, ORDER) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"vendor": None}, 'order youyin: "vendor" is required'),
        ({"scenes": "x"}, 'order youyin: unknown property "scenes"; did you mean "scene"?'),
        ({"quantity": "3"}, "order youyin: \"quantity\" must be a number, not '3'"),
        ({"quantity": 2.5}, 'order youyin: quantity "2.5" is not a whole number'),
        ({"stage": "payed"}, 'order youyin: stage "payed" is not a stage; did you mean "paid"?'),
        ({"purchased": "1 August"}, 'order youyin: purchased "1 August" is not a date; write year-month-day'),
        ({"term": "a year"}, 'order youyin: term "a year" is not a term'),
        ({"prepaid": "3.000,00"}, 'order youyin: prepaid "3.000,00" is not an amount'),
        ({"prepaid": "-1"}, 'order youyin: prepaid "-1" is negative'),
        ({"prepaid": "3000.001"}, 'order youyin: prepaid "3000.001" has 3 decimals'),
        ({"calledRegions": ["上嗨"]}, 'order youyin: calledRegions[0] "上嗨" is not a province or city'),
        ({"rates": {"outbond": "1"}}, 'order youyin: rates.outbond: unknown key; did you mean "outbound"?'),
        ({"rates": {"outbound": "x"}}, 'order youyin: rates.outbound "x" is not an amount'),
        ({"contact": {"fax": "1"}}, 'order youyin: contact.fax: unknown key; the keys here are: name'),
        ({"materials": {"script": DATA}}, "order youyin: materials.script must say its path"),
        ({"materials": {"script": {"path": "a", "sha256": "1"}}}, 'materials.script.sha256 "1" is not a SHA-256'),
        ({"product": "landline"}, 'order youyin: product "landline" is not a product of vendor A; did you mean'),
        ({"vendor": "优音"}, 'order youyin: vendor "优音" is not a vendor of the catalogue; did you mean "A" (优音)?'),
        ({"scene": "贷款催收"}, "order youyin: scene "),
        ({"catalogue": "gone.yaml"}, "order youyin: gone.yaml:1:1: does not exist"),
    ],
)  # fmt: skip
def test_a_malformed_order_is_one_clear_line(run: Run, changes: dict[str, object], said: str) -> None:
    (line, *_) = problems(run, None, **changes)
    assert said in line
    assert "\n" not in line


def test_what_is_not_known_yet_stops_no_other_check(run: Run) -> None:
    assert problems(run, orderId=UNKNOWN) == []
    assert problems(run, orderId=UNKNOWN, calledRegions=["上嗨"]) != []
    assert problems(run, stage=UNKNOWN, calledRegions=["上嗨"]) == []


def test_a_lapsed_order_can_still_be_changed(run: Run) -> None:
    assert problems(run, ORDER, term="30d") == []


def test_a_stage_goes_back_only_when_it_is_reopened(run: Run) -> None:
    (line,) = problems(run, ORDER, stage="paid")
    assert line.startswith("order youyin is opened and cannot go back to paid: stages go forward only")
    assert problems(run, ORDER, stage="paid", reopen=True) == []
    assert problems(run, ORDER, stage="imported") == []


def test_another_vendor_is_another_order(run: Run) -> None:
    changes = {"vendor": "B", "product": "virtual-number", "quantity": 10.0, "prepaid": None, "rates": None}
    (line,) = problems(run, ORDER, **changes)
    assert line == "order youyin is vendor A's; another vendor's is another order: give it its own key"


def changed(**changes: object) -> dict[str, Change]:
    new = {key: value for key, value in (ORDER | changes).items() if value is not None}
    return VendorOrder().diff(ORDER | {"boundCount": 3.0, "nextStep": "you: wait"}, new).changes


def test_an_order_is_compared_field_by_field() -> None:
    assert changed() == {}
    assert changed(regions=["上海"], numbers=ORDER["numbers"][::-1]) == {}
    assert changed(stage="imported", notes="n", prepaid=None) == {
        "stage": Change.UPDATE,
        "notes": Change.ADD,
        "prepaid": Change.DELETE,
    }
    assert changed(rates={"outbound": "0.09", "inbound": "0"}, contact={"name": "李"}) == {
        "rates.outbound": Change.UPDATE,
        "rates.rent": Change.DELETE,
        "rates.inbound": Change.ADD,
        "contact.dingtalk": Change.DELETE,
    }
    assert changed(contact=None) == {"contact": Change.DELETE}


def test_a_paper_written_anew_is_seen_by_its_hash() -> None:
    anew = {"path": "materials/script.docx", "sha256": hashlib.sha256(b"2").hexdigest()}
    assert changed(materials={"script": anew}) == {"materials.script.sha256": Change.UPDATE}
    assert changed(materials=ORDER["materials"] | {"form 2": {"path": "a"}}) == {
        'materials["form 2"]': Change.ADD
    }


async def test_an_order_a_number_names_is_not_deleted(run: Run) -> None:
    named: Bag = {"number": number(1), "instanceId": INSTANCE, "usage": "inbound", "contactFlow": "主流程"}
    orders = VendorOrder()
    assert PhoneNumber().check(run, {}, named | {"order": "another"}) == []
    await orders.delete(run, URN, "A/youyin", ORDER)
    assert PhoneNumber().check(run, {}, named | {"order": "youyin"}) == []
    with pytest.raises(CccError, match="order youyin cannot be deleted: 3 numbers on it"):
        await orders.delete(run, URN, "A/youyin", ORDER)


async def test_a_renamed_catalogue_does_not_stop_a_refresh(
    run: Run, simulator: Simulator, shown: EngineMessages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(simulator, free=3)
    assert (await read(run, catalogue="stacks/prices.yaml"))["importedCount"] == 3
    (warning,) = shown.warnings
    assert warning.startswith("stacks/prices.yaml:1:1: does not exist")
    assert warning.endswith("; the built-in catalogue stands in for it")
    with pytest.raises(CccError, match=r"^stacks/prices.yaml:1:1: does not exist"):
        await VendorOrder().create(run, URN, ORDER | {"catalogue": "stacks/prices.yaml"}, preview=False)


async def test_an_order_cannot_be_imported(run: Run) -> None:
    with pytest.raises(CccError, match="CCC knows no orders"):
        await VendorOrder().read(run, URN, "A/youyin", {}, {})
