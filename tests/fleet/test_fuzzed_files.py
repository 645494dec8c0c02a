"""Whatever stands in a file that people or machines write: read, or refused in clear lines; never a traceback.

A good file of each kind is changed in a few places: its bytes, its lines, or its values.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccc_numbers.declaration.numbers_file import read_numbers_file
from ccc_numbers.declaration.read import load
from ccc_numbers.fleet.adopt.vendor_csv import read_delivered
from ccc_numbers.fleet.drift.accepted import read_baseline, read_rules
from ccc_numbers.fleet.engine.plan_file import does_nothing, read_plan
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.simulator.faults import read_faults
from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.world import read_state
from tests.support.effort import effort
from tests.support.worlds import declaration, numbers, seed

URN = "urn:pulumi:dev::ccc-numbers::ccc:index:PhoneNumber::02180000001"
FLOWS: dict[str, Any] = {"contactFlows": {"值班": {"definition": "duty.json"}}, "numbersFile": "numbers.csv"}
GOOD: dict[str, str] = {
    "stack.yaml": yaml.safe_dump(declaration(numbers(3), **FLOWS), allow_unicode=True),
    "numbers.csv": "number,usage,flow,skillGroups\n02180000004,bidirectional,主流程,sales;vip\n4008001001,inbound,主流程,\n",
    "duty.json": '{"activities": [{"id": "1", "next": null}]}',
    "rules.yaml": yaml.safe_dump(
        {"rules": [{"subject": ["0218*"], "kind": "wrong-flow", "reason": "r", "owner": "o", "until": "2027-01-01"}]}
    ),
    "baseline.yaml": yaml.safe_dump(
        {"accepted": [{"stack": "s", "kind": "wrong-flow", "subject": "02180000001", "actual": "夜间流程"}]}
    ),
    "delivered.csv": "序号,号码,城市\n1,02180000001,上海\n2,02180000002,上海\n",
    "plan.json": json.dumps(
        {"resourcePlans": {URN: {"steps": ["update"], "goal": {"inputDiff": {"updates": {"usage": "inbound"}}}}}}
    ),
    "seed.json": json.dumps(seed(numbers(3)), ensure_ascii=False),
    "faults.yaml": "faults: [{action: AddPhoneNumbers, after: 1, fault: throttle}]\n",
}  # fmt: skip


def read_stack(file: Path) -> list[str]:
    loaded = load(file.with_name("stack.yaml"))
    assert (loaded.declaration is None) == bool(loaded.problems)
    return [str(problem) for problem in loaded.problems]


def refused(read: Callable[[Path], object]) -> Callable[[Path], list[str]]:
    """The lines with which a reader refuses a file; none when it reads it."""

    def lines(file: Path) -> list[str]:
        try:
            read(file)
        except (FleetError, Mistake) as error:
            return str(error).splitlines() or [""]
        return []

    return lines


READERS: dict[str, Callable[[Path], list[str]]] = {
    "stack.yaml": read_stack,
    "numbers.csv": lambda file: [*read_stack(file), *map(str, read_numbers_file(file)[1])],
    "duty.json": read_stack,
    "rules.yaml": refused(read_rules),
    "baseline.yaml": refused(read_baseline),
    "delivered.csv": refused(read_delivered),
    "plan.json": refused(lambda file: (read_plan(file), does_nothing(file))),
    "seed.json": refused(lambda file: read_state(file.read_text("utf-8", "replace"), file.name)),
    "faults.yaml": refused(lambda file: read_faults(file.read_text("utf-8", "replace"), file.name)),
}

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, -1, 10**30, 1.5, "", " ", "~", "\x00", "\ud7ff", "x" * 300, [], {}, [[]], [None], {"": None},
     "2026-02-30", "02180000001", "２１", "=1+1", "../../etc", float("inf")]
)  # fmt: skip
JUNK = st.sampled_from(
    [b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"{", b"}", b"[", b"]", b":", b",", b";", b"\t", b"\r", b"\n",
     b"- ", b"&a ", b"*a", b"!!python/none ", b"<<: ", b"? ", b"| ", b"\xe2\x80\xa8", b"1e999", b"[" * 3000]
)  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, good: str) -> bytes:
    """A good text with a few values or bytes in it changed, lines taken out or doubled."""
    text = good
    if not good.startswith(("number", "序号")) and draw(st.booleans()):
        tree = yaml.safe_load(good)
        for _ in range(draw(st.integers(1, 3))):
            tree = draw(changed_tree(tree))
        text = json.dumps(tree, ensure_ascii=False) if good.startswith("{") else yaml.safe_dump(tree)
    data = text.encode()
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(data)))
        end = draw(st.integers(begin, min(len(data), begin + 12)))
        data = data[:begin] + draw(JUNK | st.binary(max_size=4) | st.just(data[begin:end] * 2)) + data[end:]
    return data


@st.composite
def changed_tree(draw: st.DrawFn, tree: Any) -> Any:
    """One value of it, somewhere, is another, is gone, or has another key."""
    if isinstance(tree, dict) and tree and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(list(tree)))
        rest = {each: value for each, value in tree.items() if each != key}
        how = draw(st.integers(0, 6))
        if how == 0:
            return rest
        if how == 1:
            return {
                **rest,
                draw(st.sampled_from(["", "number", "numbers", "x-y", "02180000009", key * 2])): tree[key],
            }
        return {**rest, key: draw(changed_tree(tree[key]))}
    if isinstance(tree, list) and tree and draw(st.integers(0, 5)):
        at = draw(st.integers(0, len(tree) - 1))
        if draw(st.booleans()):
            return [*tree, tree[at]]
        return [*tree[:at], draw(changed_tree(tree[at])), *tree[at + 1 :]]
    return draw(ODD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of good files; each test leaves it so."""
    made = tmp_path_factory.mktemp("fuzzed")
    for name, text in GOOD.items():
        (made / name).write_text(text, encoding="utf-8")
    for name, read in READERS.items():
        assert read(made / name) == [], f"{name} is not good"
    return made


@pytest.mark.parametrize("name", GOOD)
@given(data=st.data())
@settings(effort(quick=60, nightly=1_300), suppress_health_check=list(HealthCheck))
def test_any_file_is_read_or_refused_in_clear_lines(folder: Path, name: str, data: st.DataObject) -> None:
    (folder / name).write_bytes(data.draw(changed(GOOD[name])))
    lines = READERS[name](folder / name)
    (folder / name).write_text(GOOD[name], encoding="utf-8")
    for line in lines:
        assert line.strip()
        assert "Traceback" not in line
        assert line.isprintable()
