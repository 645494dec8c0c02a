"""How single requests are put together into calls: sizes, what goes beside what, and everybody's own outcome."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from ccc_numbers.numbers.batches import Batches, Stopped


class Calls:
    """Stands for CCC: notes each batch, and holds it until `open` is set."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, list[int]]] = []
        self.open = asyncio.Event()
        self.called = asyncio.Semaphore(0)
        self.at_once = self.most_at_once = 0

    async def send(self, key: str, items: Sequence[int]) -> Mapping[int, Exception]:
        self.batches.append((key, list(items)))
        self.called.release()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.open.wait()
        self.at_once -= 1
        return {item: ValueError(f"no {item}") for item in items if item < 0}


async def until_idle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_full_batches_go_beside_each_other_and_the_rest_after_them() -> None:
    calls = Calls()
    batches = Batches(calls.send, size=3, linger_s=0.001)
    asked = [asyncio.create_task(batches.submit("a", item)) for item in range(7)]
    await until_idle()
    assert calls.batches == [("a", [0, 1, 2]), ("a", [3, 4, 5])]
    calls.open.set()
    await asyncio.gather(*asked)
    assert calls.batches[2:] == [("a", [6])]


async def test_not_all_of_a_thousand_at_once() -> None:
    calls = Calls()
    batches = Batches(calls.send, size=1, linger_s=0)
    asked = [asyncio.create_task(batches.submit("a", item)) for item in range(100)]
    await until_idle()
    assert calls.at_once == 4
    calls.open.set()
    await asyncio.gather(*asked)
    assert calls.most_at_once == 4
    assert sorted(item for _, items in calls.batches for item in items) == list(range(100))


async def test_what_comes_one_by_one_is_still_put_together() -> None:
    calls = Calls()
    calls.open.set()
    batches = Batches(calls.send, size=20, linger_s=0.05)
    asked = []
    for item in range(10):
        asked.append(asyncio.create_task(batches.submit("a", item)))
        await asyncio.sleep(0)
    await asyncio.gather(*asked)
    assert calls.batches == [("a", list(range(10)))]


@pytest.mark.parametrize(("coming", "lingers", "first"), [(0, 1, [0]), (1, 2, [0, 1]), (9, 3, [0, 1, 2, 3])])
async def test_a_batch_lingers_while_more_comes_but_not_for_long(
    monkeypatch: pytest.MonkeyPatch, coming: int, lingers: int, first: list[int]
) -> None:
    calls, at_once, waits = Calls(), asyncio.sleep, 0
    calls.open.set()
    batches = Batches(calls.send, size=20, linger_s=1)
    asked = [asyncio.create_task(batches.submit("a", 0))]

    async def linger(seconds: float) -> None:
        """Another one comes meanwhile, as long as there are any."""
        nonlocal waits
        waits += 1
        if len(asked) <= coming:
            asked.append(asyncio.create_task(batches.submit("a", len(asked))))
        await at_once(0)

    monkeypatch.setattr(asyncio, "sleep", linger)
    await asyncio.gather(asked[0])
    assert (waits, calls.batches[0]) == (lingers, ("a", first))
    monkeypatch.undo()
    await asyncio.gather(*asked)


async def test_what_comes_while_a_batch_is_under_way_goes_together_after_it() -> None:
    calls = Calls()
    batches = Batches(calls.send, size=20, linger_s=0)
    first = asyncio.create_task(batches.submit("a", 0))
    await calls.called.acquire()
    rest = []
    for item in range(1, 6):
        rest.append(asyncio.create_task(batches.submit("a", item)))
        await until_idle()
    assert calls.batches == [("a", [0])]
    calls.open.set()
    await asyncio.gather(first, *rest)
    assert calls.batches == [("a", [0]), ("a", [1, 2, 3, 4, 5])]


async def test_keys_do_not_wait_for_each_other_nor_share_a_call() -> None:
    calls = Calls()
    batches = Batches(calls.send, size=20, linger_s=0)
    asked = [asyncio.create_task(batches.submit(key, 1)) for key in ("a", "b")]
    await calls.called.acquire()
    await calls.called.acquire()
    assert sorted(calls.batches) == [("a", [1]), ("b", [1])]
    calls.open.set()
    await asyncio.gather(*asked)


async def test_everybody_gets_his_own_outcome_and_who_asks_twice_is_one() -> None:
    calls = Calls()
    calls.open.set()
    batches = Batches(calls.send, size=20, linger_s=0)
    outcomes = await asyncio.gather(
        *(batches.submit("a", item) for item in (1, -2, 3, 1)), return_exceptions=True
    )
    assert [str(outcome) for outcome in outcomes] == ["None", "no -2", "None", "None"]
    assert calls.batches == [("a", [1, -2, 3])]


async def test_a_call_that_breaks_is_the_outcome_of_all_in_it_and_the_next_goes_on() -> None:
    broken = True

    async def send(_key: str, _items: Sequence[int]) -> Mapping[int, Exception]:
        if broken:
            raise ConnectionError("gone")
        return {}

    batches = Batches(send, size=20, linger_s=0)
    outcomes = await asyncio.gather(batches.submit("a", 1), batches.submit("a", 2), return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["gone", "gone"]
    broken = False
    await batches.submit("a", 1)


async def test_stopping_finishes_what_is_under_way_and_refuses_the_rest() -> None:
    calls = Calls()
    batches = Batches(calls.send, size=1, linger_s=0)
    asked = [asyncio.create_task(batches.submit("a", item)) for item in range(6)]
    await until_idle()
    batches.stop()
    calls.open.set()
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [outcome is None for outcome in outcomes] == [True] * 4 + [False] * 2
    assert all(isinstance(outcome, Stopped) for outcome in outcomes[4:])
    with pytest.raises(Stopped):
        await batches.submit("a", 7)
    assert len(calls.batches) == 4


async def test_stopping_lets_work_that_has_begun_come_to_its_end() -> None:
    calls = Calls()
    batches = Batches(calls.send, size=20, linger_s=0)
    first = asyncio.create_task(batches.submit("a", 0))
    await calls.called.acquire()
    waiting = [asyncio.create_task(batches.submit("a", item, begun=item > 1)) for item in (1, 2)]
    await until_idle()
    batches.stop()
    late = asyncio.create_task(batches.submit("a", 3, begun=True))
    calls.open.set()
    outcomes = await asyncio.gather(first, *waiting, late, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), Stopped, type(None), type(None)]
    assert calls.batches == [("a", [0]), ("a", [2, 3])]
