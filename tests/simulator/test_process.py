"""The process: it starts, says where, keeps its state whatever happens to it, shares it, and ends as told."""

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.support.simulator import ROOT, Simulator, start_simulator, wait_until

SEED: dict[str, Any] = {
    "instances": {"acme": {"skillGroups": [{"name": "sales"}]}, "other": {}},
    "unassigned": [{"range": ["02180001001", "02180001100"], "province": "上海"}],
}
NUMBERS = [str(number).zfill(11) for number in range(2180001001, 2180001101)]


def add(simulator: Simulator, *numbers: str, instance: str = "acme") -> dict[str, Any]:
    return simulator.api("AddPhoneNumbers", InstanceId=instance, Usage="Inbound", NumberList=list(numbers))


def test_a_seeded_number_can_be_added_to_its_instance() -> None:
    with start_simulator(SEED) as simulator:
        assert add(simulator, NUMBERS[0])["Data"] == []
        assert simulator.numbers("acme")[NUMBERS[0]]["usage"] == "Inbound"
        assert NUMBERS[0] not in simulator.unassigned()
        assert simulator.calls() == {"AddPhoneNumbers": {"ok": 1, "throttled": 0, "failed": 0}}
        simulator.reset()
        assert simulator.calls() == {}
        assert simulator.rates() == {}


def test_a_state_file_is_reopened_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with start_simulator(SEED, state=file, switches={"unset": "null"}) as simulator:
        add(simulator, NUMBERS[0])
        before = simulator.state()
    with start_simulator(None, state=file) as simulator:
        assert simulator.state() == before
    with start_simulator({"instances": {}}, state=file) as simulator:
        assert simulator.state() == before


def test_a_simulator_is_itself_wherever_its_state_is(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with start_simulator(SEED, state=file) as one, start_simulator(SEED, state=file) as port:
        first = one.identity()
        assert port.identity() == first
        one.put_state({**one.state(), "switches": {}})
        assert one.identity() == first
    with closing(sqlite3.connect(file)) as db:
        db.execute("DROP TABLE identity")  # as an earlier version made the file
        db.execute("DROP TABLE call_record")
    with start_simulator(None, state=file) as later:
        assert later.identity() not in ("", first)
        assert list(later.numbers("acme")) == []
        later.calls_happen("acme", {"at": 1, "number": "02180001001"})
    with start_simulator(SEED) as one, start_simulator(SEED) as other:
        assert one.identity() != other.identity()
    with start_simulator({**SEED, "identity": "training"}) as named:
        assert named.identity() == "training"
        assert "identity" not in named.state(), "who takes its state over does not become it"


def test_a_killed_simulator_has_kept_what_it_answered(tmp_path: Path) -> None:
    """Killed in the middle of writing: every number it said was added is there, and none half."""
    file = tmp_path / "state.db"
    added: list[str] = []
    with start_simulator(SEED, state=file) as simulator, ThreadPoolExecutor(4) as pool:

        def write(number: str) -> None:
            if len(added) == 30:
                simulator.process.kill()
            try:
                answer = add(simulator, number)
            except (OSError, HTTPException):
                return
            assert answer["Data"] == []
            added.append(number)

        list(pool.map(write, NUMBERS))
    assert 30 <= len(added) < 100
    with start_simulator(None, state=file) as simulator:
        numbers = simulator.numbers("acme")
        assert set(added) <= set(numbers)
        assert sorted([*numbers, *simulator.unassigned()]) == NUMBERS


def test_parallel_calls_add_each_number_once(tmp_path: Path) -> None:
    """Eight clients, two simulators on one state file, two instances: one of them gets a number."""
    with ExitStack() as stack:
        file = tmp_path / "state.db"
        pair = [stack.enter_context(start_simulator(SEED, state=file)) for _ in range(2)]
        pool = stack.enter_context(ThreadPoolExecutor(8))

        def claim(task: int) -> list[str]:
            simulator, instance = pair[task % 2], ("acme", "other")[task // 2 % 2]
            batches = [NUMBERS[start : start + 10] for start in range(0, 100, 10)]
            answers = [(batch, add(simulator, *batch, instance=instance)) for batch in batches]
            return [number for batch, answer in answers for number in set(batch) - set(answer["Data"])]

        claimed = [number for won in pool.map(claim, range(8)) for number in won]
        assert sorted(claimed) == NUMBERS
        state = pair[0].state()
        assert state == pair[1].state()
        assert sum(len(instance["numbers"]) for instance in state["instances"].values()) == 100


def test_a_listing_shows_what_another_process_has_written(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with start_simulator(SEED, state=file) as one, start_simulator(SEED, state=file) as other:
        page = {"InstanceId": "acme", "PageNumber": 1, "PageSize": 100}
        for count, number in enumerate(NUMBERS[:10]):
            assert other.api("ListPhoneNumbers", **page)["Data"]["TotalCount"] == count
            add(one, number)


def test_many_may_start_on_one_new_state_file(tmp_path: Path) -> None:
    def start(_: int) -> dict[str, Any]:
        with start_simulator(SEED, state=tmp_path / "state.db") as simulator:
            return simulator.state()

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(start, range(4))
    assert others == [first] * 3


def test_it_ends_with_its_parents_pipe_or_a_signal() -> None:
    with start_simulator(SEED) as simulator:
        assert simulator.process.stdin
        simulator.process.stdin.close()
        assert simulator.process.wait(10) == 0
    with start_simulator(SEED) as simulator:
        simulator.process.send_signal(signal.SIGTERM)
        assert simulator.process.wait(10) == -signal.SIGTERM


def test_it_ends_at_once_and_quietly_while_a_call_waits() -> None:
    with start_simulator(SEED) as simulator, ThreadPoolExecutor(1) as pool:
        simulator.faults([{"action": "ListInstances", "fault": "slow", "delayMs": 60_000}])
        call = pool.submit(simulator.signed, "GET", "ListInstances", {"PageNumber": 1, "PageSize": 10})
        wait_until(lambda: simulator.rates().get("ListInstances"))
        simulator.process.send_signal(signal.SIGTERM)
        assert call.result(10)[0] == 200
        assert simulator.process.wait(10) == -signal.SIGTERM


def test_it_prints_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ccc_numbers.simulator", "--exit-with-stdin"]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={"TMPDIR": str(tmp_path)},
    )
    assert ended.stdout.count("\n") == 1
    assert ended.stdout.startswith("http://127.0.0.1:")
    assert (ended.stderr, ended.returncode) == ("", 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"port": "{taken}"}, "port {taken}: Address already in use"),
        ({"switch": "unset"}, "--switch unset: expected NAME=VALUE"),
        ({"switch": "unsett=null"}, 'unknown switch "unsett"; did you mean "unset"?'),
        ({"faults": "none.yaml"}, "none.yaml: no such file or directory"),
        ({"faults": "/dev"}, "/dev: is not a file"),
        ({"port": "70000"}, "--port 70000: expected a port from 0 to 65535"),
        ({"rate": "fast"}, "simulator: argument --rate: invalid float value: 'fast'"),
        ({"latency_ms": "-1"}, "--latency-ms -1: expected 0 or more"),
    ],
)
def test_what_it_cannot_start_with_is_one_line(flags: dict[str, str], message: str) -> None:
    with start_simulator(SEED) as first:
        taken = first.url.rpartition(":")[2]
        filled: dict[str, Any] = {name: value.format(taken=taken) for name, value in flags.items()}
        with pytest.raises(RuntimeError) as error, start_simulator(None, **filled):
            pass
        assert str(error.value) == f"the simulator did not start: {message.format(taken=taken)}"
