"""Reads are tried again freely, writes only where they certainly did not happen."""

import asyncio
import logging
from collections.abc import Iterable

import pytest

from ccc_numbers.api import retry
from ccc_numbers.api.errors import ApiError, ConfigError, NotExists, Throttled, Unavailable, api_error
from ccc_numbers.api.retry import Retry

THROTTLED = Throttled("Any", "Throttling.User", "too fast")
LOST = Unavailable("Any", "ReadTimeout", "no answer in time", may_have_happened=True)
REFUSED = Unavailable("Any", "ConnectFailed", "no connection", may_have_happened=False)
GONE = NotExists("Any", "NotExists.Number", "no such number")
NONCE = api_error("Any", "SignatureNonceUsed", "used", http_status=400)
CLOCK = api_error("Any", "InvalidTimeStamp.Expired", "expired", http_status=400)


class Call:
    """Fails with each error in turn, then succeeds; counts attempts and permits."""

    def __init__(self, *errors: Exception) -> None:
        self._errors: Iterable[Exception] = iter(errors)
        self.attempts = 0
        self.permits = 0

    async def __call__(self) -> str:
        self.attempts += 1
        for error in self._errors:
            raise error
        return "done"

    async def permit(self) -> None:
        self.permits += 1


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_FIRST_WAIT", 0.001)
    monkeypatch.setattr(retry, "_LONGEST_WAIT", 0.002)


def patient(seconds: float = 60, *, reached: bool = True) -> Retry:
    return Retry(seconds=seconds, reached=lambda: reached)


async def test_a_read_survives_throttling_lost_answers_and_refused_connections() -> None:
    call = Call(THROTTLED, LOST, REFUSED)
    assert await patient().read(call, call.permit) == "done"
    assert call.attempts == 4


async def test_every_attempt_takes_a_permit_of_its_own() -> None:
    call = Call(THROTTLED, THROTTLED)
    await patient().read(call, call.permit)
    assert call.permits == call.attempts == 3


async def test_a_write_is_repeated_when_it_certainly_did_not_happen() -> None:
    call = Call(THROTTLED, REFUSED, THROTTLED)
    assert await patient().write(call, call.permit) == "done"
    assert call.attempts == 4


async def test_a_write_whose_fate_is_unknown_is_not_repeated() -> None:
    call = Call(LOST)
    with pytest.raises(Unavailable) as error:
        await patient().write(call, call.permit)
    assert error.value.may_have_happened
    assert call.attempts == 1


@pytest.mark.parametrize("error", [GONE, ConfigError("no credentials"), ValueError("a bug")])
async def test_what_will_not_change_is_not_tried_again(error: Exception) -> None:
    call = Call(error)
    with pytest.raises(type(error)):
        await patient().read(call, call.permit)
    assert call.attempts == 1


@pytest.mark.parametrize("error", [NONCE, CLOCK])
async def test_a_stale_signature_is_renewed_once(error: ApiError) -> None:
    call = Call(error)
    assert await patient().write(call, call.permit) == "done"
    call = Call(error, error)
    with pytest.raises(ApiError, match=error.code):
        await patient().write(call, call.permit)
    assert call.attempts == 2


async def test_it_gives_up_before_the_deadline_with_the_last_error() -> None:
    call = Call(*[THROTTLED] * 100_000)
    with pytest.raises(Throttled):
        await patient(0.05).read(call, call.permit)
    assert call.attempts > 1


async def test_waiting_for_the_first_turn_is_not_on_the_clock() -> None:
    call = Call(THROTTLED)
    waits = [0.3, 0.0]
    assert await patient(0.2).read(call, lambda: asyncio.sleep(waits.pop(0))) == "done"


async def test_an_address_that_never_answered_is_given_up_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_FIRST_CONTACT_SECONDS", 0.0)
    call = Call(REFUSED)
    with pytest.raises(Unavailable):
        await patient(reached=False).read(call, call.permit)
    call = Call(REFUSED)
    assert await patient(reached=True).read(call, call.permit) == "done"


async def test_a_throttled_call_is_nobodys_business(caplog: pytest.LogCaptureFixture) -> None:
    call = Call(THROTTLED)
    with caplog.at_level(logging.DEBUG):
        await patient().read(call, call.permit)
    assert [record.levelname for record in caplog.records] == ["DEBUG"]


async def test_calls_that_were_throttled_together_do_not_come_back_together(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retry, "_FIRST_WAIT", 0.05)
    monkeypatch.setattr(retry, "_LONGEST_WAIT", 0.05)
    calls = [Call(THROTTLED) for _ in range(20)]
    with caplog.at_level(logging.DEBUG, logger="ccc_numbers.api.retry"):
        await asyncio.gather(*(patient().read(call, call.permit) for call in calls))
    waits = {float(str(record.args[2])) for record in caplog.records if isinstance(record.args, tuple)}
    assert len(waits) == 20
    assert max(waits) <= 0.05
