"""More numbers than CCC's pages reach: listed whole, whatever CCC counts and however it searches."""

from collections.abc import Iterator
from typing import Any

import pytest

from ccc_numbers.api.client import Client
from ccc_numbers.api.credentials import FixedKeys, Keys
from ccc_numbers.api.settings import Settings
from ccc_numbers.numbers.inventory import Inventory
from ccc_numbers.numbers.plan_number import Elsewhere, Unassigned
from tests.support.simulator import Simulator, start_simulator

COUNT = 10_100
ONE_USAGE = {"usage": "Inbound", "created": 1}
FREE, BOUND = [f"0218{i:07}" for i in range(COUNT)], [f"0107{i:07}" for i in range(COUNT)]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    seed: dict[str, Any] = {
        "instances": {"here": {}, "large": {"numbers": [{"number": each, **ONE_USAGE} for each in BOUND]}},
        "unassigned": [{"range": [FREE[0], FREE[-1]]}],
    }
    with start_simulator(seed) as running:
        yield running


def client_at(simulator: Simulator) -> Client:
    settings = {
        "endpoint": simulator.url,
        "rate": '{"ListPhoneNumbers": 10000, "ListUnassignedNumbers": 10000}',
    }
    keys = Keys("simulator", "simulator")
    return Client(Settings.parse(settings, environ={}), credentials=FixedKeys(keys))


@pytest.mark.parametrize(("counts", "searches"), [("true", "substring"), ("capped", "prefix")])
async def test_numbers_above_the_ceiling_are_listed_whole(
    simulator: Simulator, counts: str, searches: str
) -> None:
    simulator.switch(total_count=counts, search=searches, instance_numbers="ceiling")
    simulator.reset()
    async with client_at(simulator) as client:
        assert [row.number for row in await client.list_unassigned_numbers()] == FREE
        assert [row.number for row in await client.list_phone_numbers("large")] == BOUND
        # The newest stand first, so that of equals the last is what a cut list lacks.
        inventory = Inventory(client)
        assert isinstance(await inventory.look(BOUND[-1], "here"), Elsewhere)
        assert isinstance(await inventory.look(FREE[-1], "here"), Unassigned)
    assert simulator.count("ListUnassignedNumbers") < 3_000
