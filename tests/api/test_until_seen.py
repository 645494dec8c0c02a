"""A write is looked for, and repeated only where its answer was lost and nothing is to be seen of it."""

from collections.abc import Iterable

import pytest

from ccc_numbers.api import retry
from ccc_numbers.api.errors import Denied, Unavailable
from ccc_numbers.api.retry import ATTEMPTS, until_seen
from tests.api.clients import at_once

LOST = Unavailable("CreateSkillGroup", "ReadTimeout", "no answer in time", may_have_happened=True)


class Ccc:
    """Takes writes, with an error for each in turn, and shows them only after so many looks."""

    def __init__(self, *errors: Exception | None, shown_after: int = 1) -> None:
        self._errors: Iterable[Exception | None] = iter(errors)
        self._shown_after = shown_after
        self.writes = self.looks = 0

    async def write(self) -> None:
        self.writes += 1
        error = next(iter(self._errors), None)
        if error:
            raise error

    async def look(self) -> str | None:
        self.looks += 1
        return "made" if self.looks >= self._shown_after else None


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "pause", at_once)


async def test_a_visible_object_is_not_written_again_after_a_lost_answer() -> None:
    ccc = Ccc(LOST)
    assert await until_seen(ccc.write, ccc.look) == "made"
    assert (ccc.writes, ccc.looks) == (1, 1)


async def test_an_invisible_object_is_written_again_after_a_lost_answer() -> None:
    ccc = Ccc(LOST, LOST, shown_after=3)
    assert await until_seen(ccc.write, ccc.look) == "made"
    assert (ccc.writes, ccc.looks) == (3, 3)


async def test_an_accepted_write_is_waited_for_and_not_repeated() -> None:
    ccc = Ccc(LOST, None, shown_after=5)
    assert await until_seen(ccc.write, ccc.look) == "made"
    assert (ccc.writes, ccc.looks) == (2, 5)


async def test_a_refused_write_is_not_looked_for() -> None:
    ccc = Ccc(Denied("CreateSkillGroup", "NoPermission", "no"))
    with pytest.raises(Denied):
        await until_seen(ccc.write, ccc.look)
    assert (ccc.writes, ccc.looks) == (1, 0)


async def test_the_last_error_is_the_lost_answer_or_the_missing_object() -> None:
    ccc = Ccc(*[LOST] * ATTEMPTS, shown_after=99)
    with pytest.raises(Unavailable, match="no answer in time"):
        await until_seen(ccc.write, ccc.look)
    assert ccc.writes == ATTEMPTS
    ccc = Ccc(shown_after=99)
    with pytest.raises(Unavailable, match="it was written but cannot be seen"):
        await until_seen(ccc.write, ccc.look)
    assert ccc.writes == 1
