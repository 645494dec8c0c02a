"""`ccc-numbers drift --traffic 30d` over a fleet, at CCC's quota: calls and seconds, without and with days that are kept.

One JSON object. Each customer has one instance; each number so many calls a day. The simulator throttles as CCC does.
"""

import json
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.drift import number, seed, write_project
from tests.support.simulator import Simulator, start_simulator

ROOT = Path(__file__).parents[1]
DAYS, DAY_MS = 30, 86_400_000
NOW = "2025-03-10T12:00+08:00"
MIDNIGHT_MS = 1_741_536_000_000  # of that day, in China
ACTION = "ListCallDetailRecordsV2"


def with_calls(customers: int, numbers: int, a_day: int) -> dict[str, object]:
    """The fleet, and its calls spread over the days."""
    fleet = seed(customers, numbers)
    instances = fleet["instances"]
    assert isinstance(instances, dict)
    for customer, instance in enumerate(instances.values()):
        instance["calls"] = [
            {
                "number": number(customer, index),
                "at": MIDNIGHT_MS - DAYS * DAY_MS + (index + 1) * 1000,
                "every": DAY_MS // a_day,
                "count": DAYS * a_day,
                "talk": 30,
            }
            for index in range(numbers)
        ]
    return fleet


def run(folder: Path, simulator: Simulator) -> dict[str, object]:
    """One run as a process of its own."""
    simulator.reset()
    words = [sys.executable, "-m", "ccc_numbers", "drift", "--traffic", f"{DAYS}d", "--output", "json"]
    started = time.perf_counter()
    done = subprocess.run(
        [*words, "--project", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"HOME": str(folder), "CCC_NOW": NOW},
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"drift ended with {done.returncode}: {done.stderr or done.stdout[:2000]}")
    traffic = json.loads(done.stdout)["traffic"]["instances"]
    calls = simulator.calls()
    return {
        "seconds": round(seconds, 1),
        "callRecords": sum(line["inbound"] for each in traffic for line in each["numbers"]),
        "apiCalls": {action: sum(each.values()) for action, each in calls.items()},
        "throttled": sum(each["throttled"] for each in calls.values()),
        "highestRate": simulator.rates().get(ACTION),
    }


def main() -> None:
    """Print the figures."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--stacks", type=int, default=100)
    parser.add_argument("--numbers", type=int, default=100)
    parser.add_argument("--calls-a-day", type=int, default=2)
    parser.add_argument("--latency-ms", type=int, default=20)
    options = parser.parse_args()
    fleet = with_calls(options.stacks, options.numbers, options.calls_a_day)
    throttles = {"rate-limit": "user"}
    with (
        start_simulator(fleet, latency_ms=options.latency_ms, switches=throttles) as simulator,
        TemporaryDirectory() as folder,
    ):
        write_project(
            Path(folder), simulator.url, options.stacks, options.numbers, order=False, accounts=False
        )
        first, again = (run(Path(folder), simulator) for _ in range(2))
    what = f"{options.stacks} instances of {options.numbers} numbers, {options.calls_a_day} calls a day each"
    print(json.dumps({"what": f"drift --traffic {DAYS}d: {what}", "first": first, "again": again}, indent=2))


if __name__ == "__main__":
    main()
