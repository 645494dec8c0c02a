"""Call detail records: whole, whatever CCC's pages reach and however it counts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ccc_numbers.api.call_rows import CallWay
from ccc_numbers.api.client import Client
from ccc_numbers.api.credentials import FixedKeys, Keys
from ccc_numbers.api.errors import Incomplete
from ccc_numbers.api.settings import Settings
from tests.api.clients import at_once, client_of
from tests.api.raw import page, serving
from tests.support.simulator import Simulator, start_simulator

DAY = datetime(2026, 8, 1, 16, tzinfo=UTC)  # midnight in China
AT, MS_A_DAY = round(DAY.timestamp() * 1000), 86_400_000
NEXT = DAY + timedelta(days=1)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with start_simulator({"instances": {"acme": {}}}) as running:
        yield running


def client_at(simulator: Simulator) -> Client:
    rates = '{"ListCallDetailRecordsV2": 10000}'
    settings = Settings.parse({"endpoint": simulator.url, "rate": rates}, environ={})
    return Client(settings, credentials=FixedKeys(Keys("simulator", "simulator")))


@pytest.mark.parametrize("window", ["inclusive", "half-open"])
async def test_a_day_has_every_call_from_midnight_to_midnight(simulator: Simulator, window: str) -> None:
    simulator.begin_anew({"instances": {"acme": {}}})
    simulator.switch(call_window=window)
    # The first of each day begins at midnight exactly.
    simulator.calls_happen("acme", {"at": AT, "number": "4008001001", "count": 303, "every": MS_A_DAY // 101})
    async with client_at(simulator) as client:
        days = [
            await client.list_calls("acme", DAY + timedelta(days=n), DAY + timedelta(days=n + 1))
            for n in range(4)
        ]
    assert sum(map(len, days)) == 303
    assert [day[0].begins for day in days[:1]] == [DAY]
    assert days[0][0].way is CallWay.INBOUND
    assert simulator.count("ListCallDetailRecordsV2") <= 2 + 2 + 2 + 1


@pytest.mark.parametrize("counts", ["true", "capped"])
async def test_more_calls_than_pages_reach_are_listed_in_parts(simulator: Simulator, counts: str) -> None:
    simulator.begin_anew({"instances": {"acme": {}}})
    simulator.switch(total_count=counts)
    simulator.calls_happen("acme", {"at": AT, "number": "4008001001", "count": 10_100, "every": 8_000})
    async with client_at(simulator) as client:
        calls = await client.list_calls("acme", DAY, NEXT)
    assert len({call.id for call in calls}) == 10_100


async def test_calls_that_cannot_be_parted_or_counted_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccc_numbers.api.paging.pause", at_once)
    rows: list[dict[str, object]] = [{"ContactId": "job-1", "StartTime": AT}]

    async def list_one_of(total: int) -> None:
        async with (
            serving(lambda query: page(query, rows, total=total)) as server,
            client_of(server) as client,
        ):
            await client.list_calls("acme", DAY, NEXT)

    with pytest.raises(Incomplete, match="10000 rows in one second"):
        await list_one_of(10_000)
    with pytest.raises(Incomplete, match="the listing changed"):
        await list_one_of(2)
