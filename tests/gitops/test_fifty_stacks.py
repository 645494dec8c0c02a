"""Many stacks of one account applied at once from several processes, as pipelines on many runners would.

Fifty take minutes, so there are only two of them without CCC_NIGHTLY=1; CCC_FIGURES=FILE keeps the figures. Real are
the Pulumi CLI, the provider, Redis, the S3-compatible store and the simulator, which counts every call.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.gitops.fleet import Fleet, seed
from tests.gitops.services import needs_redis, object_store, redis
from tests.support import worlds
from tests.support.simulator import Simulator, start_simulator

_NIGHTLY = bool(os.environ.get("CCC_NIGHTLY"))
_STACKS, _PROCESSES, _NUMBERS = (50, 8, 20) if _NIGHTLY else (2, 2, 20)
# Calls per second and API. So low that fifty stacks would break it many times over if they did not share it.
_QUOTA = int(os.environ.get("CCC_QUOTA", "10"))
_APIS = (
    *("GetInstance", "ListContactFlows", "ListSkillGroups", "ListUnassignedNumbers", "ListPhoneNumbers"),
    *("AddPhoneNumbers", "AddNumbersToSkillGroup", "AddPhoneNumberToSkillGroups", "ModifyPhoneNumber"),
)


@needs_redis
@pytest.mark.parametrize("kill_redis", [False, True], ids=["redis-stays", "redis-is-killed"])
def test_many_stacks_from_many_processes(tmp_path: Path, kill_redis: bool) -> None:
    stacks = {
        f"customer-{index:02d}": worlds.numbers(_NUMBERS, start=1 + 100 * index) for index in range(_STACKS)
    }
    with (
        start_simulator(seed(stacks), rate=_QUOTA) as ccc,
        object_store() as state,
        redis() as (url, process),
    ):
        fleet = Fleet.new(
            tmp_path,
            PULUMI_BACKEND_URL=state,
            CCC_RATE_BUDGET_URL=url,
            AWS_ACCESS_KEY_ID="simulator",
            AWS_SECRET_ACCESS_KEY="simulator",
        )
        for name, numbers in stacks.items():
            fleet.stack(name, ccc.url, {number: {} for number in numbers})
            settings = {"config": {"ccc:endpoint": ccc.url, "ccc:rate": dict.fromkeys(_APIS, _QUOTA)}}
            fleet.write(f"stacks/Pulumi.{name}.yaml", settings)
        began = monotonic()
        done = _apply(fleet, list(stacks), process if kill_redis else None, ccc)
        seconds = monotonic() - began
        calls, rates = ccc.calls(), ccc.rates()
        held = {name: sorted(ccc.numbers(name)) for name in stacks}
    results = [row for each in done for row in json.loads(each.stdout)]
    _report(seconds, calls, rates, results, kill_redis)

    assert [(row["stack"], row["errors"]) for row in results if row["outcome"] != "done"] == []
    assert held == {name: sorted(numbers) for name, numbers in stacks.items()}, "something was lost"
    assert not any("hrottl" in each.stdout + each.stderr for each in done), "a user saw a throttled call"
    if kill_redis:
        assert any("cannot be used" in each.stdout + each.stderr for each in done), "nobody was told"
    else:
        assert max(rates.values()) <= _QUOTA, rates
        assert sum(count["throttled"] for count in calls.values()) == 0


def _apply(
    fleet: Fleet, stacks: list[str], redis: subprocess.Popen[bytes] | None, ccc: Simulator
) -> list[subprocess.CompletedProcess[str]]:
    """Several processes, each with its share of the stacks; the Redis is killed once the first numbers are in."""

    def one(share: list[str]) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "ccc_numbers", "apply", *share, "--jobs", "1", "--output", "json"]
        return subprocess.run(
            words, cwd=fleet.folder, env=fleet.environment, capture_output=True, text=True, check=False
        )

    with ThreadPoolExecutor(_PROCESSES) as pool:
        running = [pool.submit(one, stacks[index::_PROCESSES]) for index in range(_PROCESSES)]
        if redis is not None:
            while ccc.calls().get("AddPhoneNumbers", {}).get("ok", 0) < max(1, _STACKS // 4):
                done, _ = wait(running, timeout=0.5)
                assert len(done) < _PROCESSES, [each.result().stderr for each in done]
            redis.kill()
        return [each.result() for each in running]


def _report(
    seconds: float,
    calls: dict[str, dict[str, int]],
    rates: dict[str, int],
    results: list[dict[str, Any]],
    killed: bool,
) -> None:
    if path := os.environ.get("CCC_FIGURES"):
        figures = {
            "redis": "killed in the middle" if killed else "stays",
            "stacks": len(results),
            "failed": {row["stack"]: row["errors"] for row in results if row["outcome"] != "done"},
            "numbers": _STACKS * _NUMBERS,
            "seconds": round(seconds, 1),
            "quota": _QUOTA,
            "highest calls in any second": rates,
            "calls": calls,
            # Each of them was made again, for every stack came through.
            "retries": sum(count["throttled"] + count["failed"] for count in calls.values()),
        }
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")
