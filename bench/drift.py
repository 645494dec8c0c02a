"""`ccc-numbers drift` over a whole fleet, and one stack of it by `pulumi refresh --preview-only` beside it.

One JSON object: seconds from the command line to the exit code, calls per instance by the simulator's own count,
the highest calls per second of any operation, peak memory of the process. Each customer has one instance; once
without vendor orders and once with, which takes the paged listing, since only that names a number's vendor. With --accounts, each customer has an account and keys of its own.
"""

import json
import os
import resource
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.simulator import Simulator, start_simulator
from tests.support.stack import new_stack

ROOT = Path(__file__).parents[1]


def number(customer: int, index: int) -> str:
    """The index-th landline of a customer."""
    return f"021{customer:03d}{index:05d}"


def account(customer: int) -> str:
    """The account of a customer that has one of its own; its key is in the profile named as the customer."""
    return f"157{customer:013d}"


def seed(customers: int, numbers: int, *, accounts: bool = False) -> dict[str, object]:
    """One instance a customer, every number bound as declared."""
    keys = [
        {"id": f"LTAI{each:03d}", "secret": "s", "account": account(each)}
        for each in range(customers)
        if accounts
    ]
    return ({"accessKeys": keys} if keys else {}) | {
        "instances": {
            f"customer-{customer:03d}": ({"account": account(customer)} if accounts else {})
            | {
                "contactFlows": [{"name": "主流程"}],
                "skillGroups": [{"name": "sales", "users": 5}],
                "numbers": [
                    {
                        "number": number(customer, index),
                        "usage": "Bidirectional",
                        "contactFlow": "主流程",
                        "skillGroups": ["sales"],
                        "provider": "A",
                    }
                    for index in range(numbers)
                ],
            }
            for customer in range(customers)
        }
    }


def declaration(customer: int, numbers: int, *, order: bool) -> str:
    """The stack file that says the same."""
    rows = "\n".join(f'      "{number(customer, index)}": {{}}' for index in range(numbers))
    defaults = "usage: bidirectional, flow: 主流程, skillGroups: [sales]" + (", order: o" if order else "")
    text = f"instances:\n  customer-{customer:03d}:\n    defaults: {{{defaults}}}\n    numbers:\n{rows}\n"
    if order:
        text += (
            "orders:\n  o: {vendor: A, product: landline-aftersales, stage: imported, "
            f"quantity: {numbers}, purchased: 2026-01-01, term: 9y}}\n"
        )
    return text


def write_project(
    folder: Path, url: str, customers: int, numbers: int, *, order: bool, accounts: bool
) -> None:
    """The files of a fleet, and the keys of its accounts where `run` lets the CLI's profiles be looked for."""
    if accounts:
        names = [f"customer-{each:03d}" for each in range(customers)]
        profiles = [
            {"name": name, "mode": "AK", "access_key_id": f"LTAI{each:03d}", "access_key_secret": "s"}
            for each, name in enumerate(names)
        ]
        (folder / ".aliyun").mkdir()
        (folder / ".aliyun" / "config.json").write_text(json.dumps({"profiles": profiles}), "utf-8")
    (folder / "stacks").mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text("name: fleet\nruntime: python\nstackConfigDir: stacks\n", "utf-8")
    for customer in range(customers):
        name = f"customer-{customer:03d}"
        config = f"config:\n  ccc:region: cn-shanghai\n  ccc:endpoint: {url}\n"
        if accounts:
            config += f'  ccc:account: "{account(customer)}"\n  ccc:profile: {name}\n'
        (folder / "stacks" / f"Pulumi.{name}.yaml").write_text(config, "utf-8")
        (folder / "stacks" / f"{name}.yaml").write_text(declaration(customer, numbers, order=order), "utf-8")


def run(folder: Path, simulator: Simulator, customers: int) -> dict[str, object]:
    """One drift run as a process of its own."""
    simulator.reset()
    words = [sys.executable, "-m", "ccc_numbers", "drift", "--output", "json", "--project", str(folder)]
    started = time.perf_counter()
    variables = os.environ | {"HOME": str(folder)}
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, env=variables)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"drift ended with {done.returncode}: {done.stderr or done.stdout[:2000]}")
    calls = simulator.calls()
    return {
        "seconds": round(seconds, 2),
        "callsPerInstance": round(simulator.count() / customers, 2),
        "calls": {action: sum(each.values()) for action, each in calls.items()},
        "throttled": sum(each["throttled"] for each in calls.values()),
        "highestRate": max(simulator.rates().values()),
        # The largest child so far: the simulator is one too, so this is an upper bound.
        "peakMemoryMiB": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }


def fleet(customers: int, numbers: int, latency: int, rounds: int, *, accounts: bool) -> dict[str, object]:
    """Both ways of declaring, the median run of several."""
    found: dict[str, object] = {}
    with start_simulator(seed(customers, numbers, accounts=accounts), latency_ms=latency) as simulator:
        for name, order in (("withoutOrders", False), ("withOrders", True)):
            with TemporaryDirectory() as folder:
                write_project(Path(folder), simulator.url, customers, numbers, order=order, accounts=accounts)
                runs = [run(Path(folder), simulator, customers) for _ in range(rounds)]
            seconds = [float(str(each["seconds"])) for each in runs]
            found[name] = runs[seconds.index(median(seconds))] if rounds % 2 else runs[0]
    return found


def by_refresh(numbers: int, latency: int, stacks: int) -> dict[str, object]:
    """One customer's stack by `pulumi refresh --preview-only`, and what that comes to for all, one by one."""
    with start_simulator(seed(1, numbers), latency_ms=latency) as simulator, TemporaryDirectory() as folder:
        with new_stack(Path(folder), simulator.url) as stack:
            stack.declare(declaration(0, numbers, order=False))
            up = stack.up()
            if up.code != 0:
                raise RuntimeError(up.text)
            simulator.reset()
            started = time.perf_counter()
            stack.refresh("--preview-only", "--expect-no-changes")
            seconds = time.perf_counter() - started
        return {
            "secondsPerStack": round(seconds, 2),
            "callsPerInstance": simulator.count(),
            "secondsForAllOneByOne": round(seconds * stacks),
        }


def main() -> None:
    """Print the figures."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--stacks", type=int, default=100)
    parser.add_argument("--numbers", type=int, default=300)
    parser.add_argument("--latency-ms", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--accounts", action="store_true", help="give each stack an account of its own")
    parser.add_argument("--no-refresh", action="store_true", help="leave Pulumi out")
    options = parser.parse_args()
    figures: dict[str, object] = {
        "what": f"drift of {options.stacks} stacks with {options.numbers} numbers each, "
        f"{options.latency_ms} ms latency{', an account each' if options.accounts else ''}",
        "drift": fleet(
            options.stacks, options.numbers, options.latency_ms, options.rounds, accounts=options.accounts
        ),
    }
    if not options.no_refresh:
        figures["pulumiRefreshPreviewOnly"] = by_refresh(options.numbers, options.latency_ms, options.stacks)
    print(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
