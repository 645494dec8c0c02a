"""No second sees more calls than the quota, whoever shares it and wherever the bucket is kept."""

import asyncio
import logging
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrate_limiter import GCRA, Decision, Rate

from ccc_numbers.api import rate_limit as rate_limit_module
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.rate_limit import RateLimit, bucket
from ccc_numbers.api.rate_limit_stores import StoreUnavailable
from tests.support.effort import effort

QUOTAS = {"ListPhoneNumbers": 100, "Slow": 10}


def most_in_a_second(moments: list[float]) -> int:
    """The most moments any stretch of one second holds."""
    ordered = sorted(moments)
    return max(sum(1 for moment in ordered if start <= moment < start + 1) for start in ordered)


@effort(quick=100, nightly=1_000)
@given(quota=st.integers(1, 3000), share=st.sampled_from([1.0, 0.1]), gap=st.integers(1, 40))
def test_no_second_sees_more_than_the_quota_and_the_flow_is_four_fifths(
    quota: int, share: float, gap: int
) -> None:
    algorithm, limit = GCRA(), bucket(quota, share)
    state = algorithm.initial([limit])
    granted: list[int] = []
    for now in range(1_000_000, 1_008_000, gap):
        for _ in range(quota + 1):
            state, decision = algorithm.step([limit], state, now, 1)
            if not decision.allowed:
                break
            granted.append(now)
    first = 0
    for last, moment in enumerate(granted):
        while granted[first] <= moment - 1000:
            first += 1
        assert last - first + 1 <= max(1, 0.9 * quota * share + 1)
    if share == 1.0 and gap < 10:
        # Four fifths of the quota, but that a permit may have to wait for the next look.
        assert len(granted) >= 0.95 * 8_000 / (1_250 / quota + gap)


async def test_a_call_waits_for_its_turn_and_not_longer_than_it_must() -> None:
    limit = RateLimit(QUOTAS)
    moments: list[float] = []

    async def call() -> None:
        await limit.acquire("Slow")
        moments.append(time.monotonic())

    await asyncio.gather(*(call() for _ in range(14)))
    assert most_in_a_second(moments) <= 10
    # One at once, thirteen at 8 a second: 1.6 s, and a little more of it on a busy machine.
    assert 1.5 <= max(moments) - min(moments) <= 5


async def test_operations_do_not_wait_for_each_other() -> None:
    limit = RateLimit(QUOTAS)
    start = time.monotonic()
    await asyncio.gather(*(limit.acquire(f"Op{n}") for n in range(50)))
    assert time.monotonic() - start < 3


async def test_first_come_first_served() -> None:
    limit = RateLimit({"Slow": 50})
    served: list[int] = []

    async def call(number: int) -> None:
        await limit.acquire("Slow")
        served.append(number)

    await asyncio.gather(*(call(number) for number in range(25)))
    assert served == list(range(25))


async def test_a_cancelled_caller_holds_nobody_up() -> None:
    limit = RateLimit({"Slow": 1})
    await limit.acquire("Slow")
    waiting = asyncio.create_task(limit.acquire("Slow"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait_for(limit.acquire("Slow"), 5)


WORKER = """
import asyncio, sys, time
from ccc_numbers.api.rate_limit import RateLimit
async def account(): return "acme"
async def main():
    limit = RateLimit({"Slow": 20}, url=sys.argv[1], region="cn-shanghai", account=account)
    await limit.acquire("Slow")
    print("ready", flush=True); sys.stdin.readline()
    async def call():
        await limit.acquire("Slow"); return time.time()
    for moment in await asyncio.gather(*(call() for _ in range(8))): print(moment)
    await limit.close()
asyncio.run(main())
"""


def moments_of_processes(url: str, count: int = 3) -> list[float]:
    """When each of several processes got each of its eight calls, all asking at the same moment."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    moments: list[float] = []
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        out, _ = worker.communicate(timeout=30)
        assert worker.returncode == 0
        moments += [float(line) for line in out.split()]
    return moments


def test_processes_of_one_machine_share_a_file(tmp_path: Path) -> None:
    moments = moments_of_processes(f"file://{tmp_path}/not/yet/there/budget.sqlite3")
    assert len(moments) == 24
    assert most_in_a_second(moments) <= 20


@pytest.mark.parametrize("broken", ["a directory", "no database"])
async def test_a_file_that_cannot_be_used_slows_down_and_warns_once(
    broken: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "budget"
    if broken == "a directory":
        path.mkdir()
    else:
        path.write_text("this is no SQLite file, but long enough to be taken for one" * 20)
    limit = RateLimit({"ListPhoneNumbers": 100}, url=f"file://{path}")
    await asyncio.gather(*(limit.acquire("ListPhoneNumbers") for _ in range(3)))
    await limit.close()
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert "going on with 10 % of the quota" in warnings[0]


async def test_another_account_and_another_region_have_a_quota_of_their_own(tmp_path: Path) -> None:
    def budget(account: str, region: str) -> RateLimit:
        async def of() -> str:
            return account

        return RateLimit({"Slow": 1}, url=f"file://{tmp_path}/budget", region=region, account=of)

    shared = [budget(account, region) for account in ("acme", "beta") for region in ("cn-shanghai", "ap-1")]
    # One call a second each: whoever shared a bucket with another would have to wait.
    assert [(await each._ask("Slow")).allowed for each in shared] == [True] * 4
    for each in shared:
        await each.close()


class Gone:
    """A shared store that cannot be used."""

    name = "gone"
    tries = 0

    async def spend(self, key: str, limit: Rate) -> Decision:
        self.tries += 1
        raise StoreUnavailable(f"no {key}")

    async def close(self) -> None: ...


async def test_a_shared_store_that_fails_is_left_alone_for_a_while() -> None:
    limit, gone = RateLimit({"ListPhoneNumbers": 1000}), Gone()
    limit._shared = gone
    for _ in range(5):
        await limit.acquire("ListPhoneNumbers")
    assert gone.tries == 1
    limit._shared_from = 0.0
    await limit.acquire("ListPhoneNumbers")
    assert gone.tries == 2


needs_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="no redis-server on this machine"
)


class RedisServer:
    """A Redis of our own, which can be taken away and brought back."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://:pa55word@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = [
            "--port",
            str(self.port),
            "--save",
            "",
            "--dir",
            str(self._folder),
            "--requirepass",
            "pa55word",
        ]
        self._process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@needs_redis
def test_processes_share_a_redis(redis_server: RedisServer) -> None:
    moments = moments_of_processes(redis_server.url)
    assert len(moments) == 24
    assert most_in_a_second(moments) <= 20


@needs_redis
async def test_a_redis_killed_in_the_middle_slows_down_warns_once_and_is_used_again(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = RateLimit({"ListPhoneNumbers": 1000}, url=redis_server.url)
    await asyncio.gather(*(limit.acquire("ListPhoneNumbers") for _ in range(20)))
    assert not caplog.records

    redis_server.stop()
    start = time.monotonic()
    await asyncio.gather(*(limit.acquire("ListPhoneNumbers") for _ in range(40)))
    # 5 at once and 80 a second: a tenth of the quota.
    assert time.monotonic() - start >= 0.4
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert "redis://127.0.0.1" in warnings[0]
    assert "pa55word" not in warnings[0]

    redis_server.start()
    monkeypatch.setattr(rate_limit_module, "_RETRY_STORE_SECONDS", 0.0)
    limit._shared_from = 0.0
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="ccc_numbers.api.rate_limit"):
        await asyncio.gather(*(limit.acquire("ListPhoneNumbers") for _ in range(100)))
    assert not caplog.records
    await limit.close()


async def test_a_redis_that_was_never_there_only_slows_down(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    limit = RateLimit({"A": 100, "B": 100}, url=f"redis://127.0.0.1:{port}/0")
    await asyncio.gather(*(limit.acquire(action) for action in "AABB"))
    await limit.close()
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


@pytest.mark.parametrize("option", ["foo=bar", "socket_timeout=abc", "max_connections=many"])
async def test_an_option_redis_does_not_have_is_the_users_mistake(option: str) -> None:
    limit = RateLimit({"Read": 100}, url=f"redis://u:pa55word@127.0.0.1:9/0?{option}")
    with pytest.raises(ConfigError, match="an option after") as error:
        await limit.acquire("Read")
    await limit.close()
    assert "pa55word" not in str(error.value)
