"""Seed and state: one form, checked as a whole, every mistake one line with its place."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from ccc_numbers.simulator.faults import read_faults
from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.world import read_state
from tests.simulator.inside import inside
from tests.simulator.script import SEED
from tests.support.simulator import Simulator, start_simulator

DESIGN_SEED = """
instances:
  acme-support:
    status: RUNNING
    contactFlows: [{name: 主流程, type: MAIN_FLOW, published: true}]
    skillGroups: [{name: sales, displayName: 销售组, mediaType: AUDIO}]
    numbers: [{number: 02110001002, usage: Bidirectional, contactFlow: 主流程, skillGroups: [sales], provider: A}]
unassigned:
  - {number: "02180001001", province: 上海, city: 上海, provider: A}
  - {range: ["02180002000", "02180002999"], province: 上海, city: 上海, provider: A}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(Mistake) as error:
        read_state(text, "seed.yaml")
    return list(error.value.problems)


def test_the_designs_seed_is_taken_as_written() -> None:
    state = read_state(DESIGN_SEED, "seed.yaml")
    assert state.instances["acme-support"].numbers[0].number == "02110001002"  # octal to YAML
    assert len(state.unassigned[1].numbers) == 1_000


def test_a_key_that_would_steer_the_terminal_is_shown_harmless() -> None:
    (line,) = problems('{"\\u001b[2Jx\\nseed": {}}')
    assert "\\x1b[2Jx\\nseed: unknown key" in line
    assert line.isprintable()


def test_a_state_written_and_read_again_is_the_same() -> None:
    with inside(SEED) as world:
        first = world.state()
        world.put(first)
        assert world.state() == first
        assert first["instances"]["acme"]["numbers"][0]["usage"] == "Bidirectional"
        assert first["unassigned"][0] == {"number": "02180001002", "province": "上海", "city": "上海"}


def test_the_same_seed_gives_the_same_ids() -> None:
    def flow_ids() -> list[str]:
        with inside(SEED) as world:
            return [flow["id"] for flow in world.state()["instances"]["acme"]["contactFlows"]]

    assert flow_ids() == flow_ids()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("instance: {}", ['seed.yaml:1: instance: unknown key; did you mean "instances"?']),
        (
            "instances:\n  acme:\n    numbers:\n    - {number: '021', usage: inbound}",
            [
                'seed.yaml:4: instances.acme.numbers[0].usage: "inbound" is none of Inbound, Outbound, '
                'Bidirectional; did you mean "Inbound"?'
            ],
        ),
        (
            "instances:\n  acme:\n    numbers:\n    - number: 0 21\n      usage: Inbound",
            ['seed.yaml:4: instances.acme.numbers[0].number: "0 21" does not match ^[0-9]{3,20}$'],
        ),
        (
            "instances: {acme: {numbers: [{number: '4008001001', usage: Outbound}]}}",
            ["seed.yaml:1: instances.acme.numbers[0]: the 400 number 4008001001 can only be Inbound"],
        ),
        (
            "instances:\n  acme:\n    skillGroups: [{name: sales}]\n    numbers:\n"
            "    - {number: '021', usage: Inbound, contactFlow: main, skillGroups: [sale]}",
            [
                "seed.yaml:5: instances.acme.numbers[0].contactFlow: "
                '"main" is none of this instance\'s contactFlows',
                "seed.yaml:5: instances.acme.numbers[0].skillGroups: "
                '"sale" is none of this instance\'s skillGroups; did you mean "sales"?',
            ],
        ),
        (
            "instances:\n  a: {numbers: [{number: '021', usage: Inbound}]}\nunassigned:\n- number: '021'",
            ["seed.yaml:4: unassigned[0]: 021 stands twice; first at seed.yaml:2: instances.a.numbers[0]"],
        ),
        (
            "instances:\n  a:\n    skillGroups:\n    - name: sales\n    - name: sales",
            ['seed.yaml:5: instances.a.skillGroups[1]: "sales" stands twice'],
        ),
        (
            "unassigned:\n- {range: ['029', '021']}\n- {}",
            [
                "seed.yaml:2: unassigned[0]: the range 029 to 021 does not run upwards",
                "seed.yaml:3: unassigned[1]: give either number or range",
            ],
        ),
        (
            "unassigned: [{range: ['0210000000', '0219999999']}]",
            ["seed.yaml:1: unassigned[0]: a range holds at most 1000000 numbers"],
        ),
        (
            "switches:\n  unset: nil",
            ['seed.yaml:1: switches: switch unset: "nil" is none of absent, null, blank'],
        ),
        ("instances:\n  a: {}\n  a: {}", ['seed.yaml:3: not YAML: the key "a" stands twice']),
        ("a: [", ["seed.yaml:2: not YAML: did not find expected node content"]),
        ("- 1", ["seed.yaml:1: expected a mapping"]),
        (
            '{"instances": {"a": {"numbers": 3}}}',
            ["seed.yaml: instances.a.numbers: expected a list"],
        ),
    ],
)
def test_a_mistake_is_one_line(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with start_simulator(SEED) as simulator:
        yield simulator


def test_a_bad_state_is_refused_and_changes_nothing(simulator: Simulator) -> None:
    before = simulator.state()
    with pytest.raises(ValueError, match="unknown key"):
        simulator.put_state({"instances": {"acme": {"number": []}}})
    with pytest.raises(ValueError, match="unknown switch"):
        simulator.switch(unsett="null")
    with pytest.raises(ValueError, match="unknown action"):
        simulator.faults([{"action": "x", "fault": "reset"}])
    assert simulator.state() == before


def test_switches_are_part_of_the_state(simulator: Simulator) -> None:
    simulator.switch(unset="null")
    state = simulator.state()
    assert state["switches"] == {"unset": "null"}
    simulator.switch(unset="absent")
    assert "switches" not in simulator.state()
    simulator.put_state(state)
    assert simulator.state() == state


def test_support_imports_numbers_once(simulator: Simulator) -> None:
    simulator.import_numbers("02180007001", "02180001001", provider="B")
    assert "02180007001" in simulator.unassigned()
    assert "02180001001" not in simulator.unassigned()  # it is in an instance and stays there


def test_an_instance_is_stopped_and_started(simulator: Simulator) -> None:
    page = {"InstanceId": "other", "PageNumber": 1, "PageSize": 10}
    simulator.set_status("other", "STOPPED")
    assert simulator.api("ListPhoneNumbers", **page)["Code"] == "AbnormalService.Ceased"
    simulator.set_status("other", "RUNNING")
    assert simulator.api("ListPhoneNumbers", **page)["Code"] == "OK"
    with pytest.raises(ValueError, match="expected one of CREATING"):
        simulator.set_status("other", "ASLEEP")
    with pytest.raises(ValueError, match="instance none: does not exist"):
        simulator.set_status("none", "STOPPED")


def test_a_broken_state_file_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    file.write_text("this is no database, whatever its name says" * 100)
    with pytest.raises(RuntimeError, match=r"state.db: not a usable state file: file is not a database"):
        start(state=file)


def test_a_missing_seed_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"none.yaml: no such file"):
        start(tmp_path / "none.yaml")


def start(seed: Path | None = None, **flags: Any) -> None:
    with start_simulator(seed, **flags):
        pass


def test_fifty_thousand_numbers_are_listed_without_slowing() -> None:
    """The last reachable page costs about what the first one does, also right after a write."""
    seed = {
        "instances": {"big": {"numbers": []}},
        "unassigned": [{"range": ["02100000000", "02100049999"]}],
    }
    with inside(json.loads(json.dumps(seed))) as world:
        first, last = (_best_time(world, page) for page in (1, 100))
        assert first < 0.1
        assert last < 0.1


def _best_time(world: Any, page: int) -> float:
    times: list[float] = []
    for _ in range(5):
        world("ImportCorpNumbers", NumberList=[str(page * 1000 + len(times))], Provider="x")
        started = perf_counter()
        answer = world("ListUnassignedNumbers", PageNumber=page, PageSize=100)
        times.append(perf_counter() - started)
        assert len(answer.data["List"]) == 100
    return min(times)


def test_the_documented_examples_are_valid() -> None:
    text = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text("utf-8")
    seed, faults = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert "acme-support" in read_state(seed, "seed.yaml").instances
    assert len(read_faults(faults, "faults.yaml")) == 3
