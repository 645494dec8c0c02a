"""Listings are whole, or an error."""

import json

import pytest

from ccc_numbers.api.client import Client
from ccc_numbers.api.credentials import FixedKeys
from ccc_numbers.api.errors import Denied, Incomplete
from ccc_numbers.api.rows import MediaType
from ccc_numbers.api.settings import Settings
from tests.api.clients import KEYS, at_once, client_of, numbers
from tests.api.raw import Query, page, refused, serving

pytestmark = pytest.mark.usefixtures("short_waits")


async def test_a_listing_has_all_pages_sorted() -> None:
    rows = numbers(250)
    rows.reverse()
    async with serving(lambda query: page(query, rows)) as server, client_of(server) as client:
        listed = await client.list_phone_numbers("i")
    assert [row.number for row in listed] == sorted(str(row["Number"]) for row in rows)
    assert sorted(call["PageNumber"] for call in server.calls) == ["1", "2", "3"]
    assert {call["PageSize"] for call in server.calls} == {"100"}


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (1, 1), (100, 1), (101, 2), (1000, 10)])
async def test_a_listing_makes_no_more_calls_than_it_has_pages(count: int, calls: int) -> None:
    rows = numbers(count)
    async with serving(lambda query: page(query, rows)) as server, client_of(server) as client:
        assert len(await client.list_unassigned_numbers()) == count
    assert len(server.calls) == calls


async def test_a_listing_that_changes_meanwhile_is_made_again() -> None:
    before, after = numbers(201), numbers(202)
    seen: list[Query] = []

    def answer(query: Query) -> bytes:
        seen.append(query)
        return page(query, before if len(seen) <= 1 else after)

    async with serving(answer) as server, client_of(server) as client:
        assert len(await client.list_phone_numbers("i")) == 202
    assert len(server.calls) == 6


async def test_a_row_that_slipped_to_another_page_is_noticed() -> None:
    rows = numbers(150)
    seen: list[Query] = []

    def answer(query: Query) -> bytes:
        seen.append(query)
        # While the first listing is made, the rows shift by one: one twice, one never.
        shifted = rows if len(seen) != 2 else [rows[-1], *rows[:-1]]
        return page(query, shifted)

    async with serving(answer) as server, client_of(server) as client:
        assert len({row.number for row in await client.list_phone_numbers("i")}) == 150
    assert len(server.calls) == 4


async def test_a_number_that_joins_on_top_while_the_last_page_is_fetched_is_not_missed() -> None:
    rows = numbers(201)
    joined: dict[str, object] = {"Number": "4008001001", "Usage": "Inbound"}
    seen: list[Query] = []

    def answer(query: Query) -> bytes:
        seen.append(query)
        # The newest first: all others move one place down, and every old row is still seen once.
        late = len(seen) > 3 or (query["PageNumber"] == "3")
        return page(query, [joined, *rows] if late else rows)

    async with serving(answer) as server, client_of(server) as client:
        assert len(await client.list_phone_numbers("i")) == 202


async def test_of_a_listing_that_others_shrink_all_the_while_no_row_that_stays_is_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ccc_numbers.api.paging.pause", at_once)
    rows = numbers(1000)

    def answer(query: Query) -> bytes:
        # Twenty of the first are taken out by somebody else between any two calls.
        del rows[:20]
        return page(query, rows)

    async with serving(answer) as server, client_of(server) as client:
        listed = {row.number for row in await client.list_unassigned_numbers()}
    assert {str(row["Number"]) for row in rows} <= listed
    assert len(server.calls) <= 3 * 11


async def test_a_listing_that_never_fits_together_is_an_error_not_a_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ccc_numbers.api.paging.pause", at_once)
    async with serving(lambda query: page(query, numbers(5), total=6)) as server, client_of(server) as client:
        with pytest.raises(Incomplete, match="ListPhoneNumbers of i: the listing changed"):
            await client.list_phone_numbers("i")


async def test_over_ten_thousand_numbers_are_listed_usage_by_usage() -> None:
    usages = ("Inbound", "Outbound", "Bidirection")
    rows: list[dict[str, object]] = [
        {"Number": f"{n:011d}", "Usage": usages[n % 3], "Active": n % 2 == 0, "InstanceId": "i"}
        for n in range(12_000)
    ]

    def answer(query: Query) -> bytes:
        assert int(query["PageNumber"]) <= 100
        return page(query, [row for row in rows if query.get("Usage", row["Usage"]) == row["Usage"]])

    settings = {"rate": json.dumps({"ListPhoneNumbers": 10_000})}
    async with (
        serving(answer) as server,
        Client(
            Settings.parse({"endpoint": server.url, **settings}, environ={}), credentials=FixedKeys(KEYS)
        ) as client,
    ):
        assert len(await client.list_phone_numbers("i")) == 12_000
    assert len(server.calls) == 1 + 3 * 40


async def test_more_rows_than_ccc_can_list_are_an_error_not_a_part() -> None:
    async with (
        serving(lambda query: page(query, numbers(100), total=10_001)) as server,
        client_of(server) as client,
    ):
        for listing in (client.list_phone_numbers("i"), client.list_unassigned_numbers()):
            with pytest.raises(Incomplete, match="10001 rows, but CCC lists 10000 at most"):
                await listing


async def test_a_page_that_fails_for_good_fails_the_listing_with_its_own_error() -> None:
    def answer(query: Query) -> bytes:
        return (
            page(query, numbers(300))
            if query["PageNumber"] != "3"
            else refused("Permission.Common", status=403)
        )

    async with serving(answer) as server, client_of(server) as client:
        with pytest.raises(Denied):
            await client.list_phone_numbers("i")


async def test_groups_are_listed_by_medium() -> None:
    async with serving(lambda query: page(query, [])) as server, client_of(server) as client:
        await client.list_skill_groups("i")
        await client.list_skill_groups("i", MediaType.CHAT)
    assert [call["MediaType"] for call in server.calls] == ["AUDIO", "CHAT"]
