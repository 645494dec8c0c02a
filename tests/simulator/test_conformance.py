"""One script through both official SDKs: the same answers, of the documented shapes, nothing lost in a model."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from ccc_numbers.simulator.errors import BUSINESS
from ccc_numbers.simulator.operations import OPERATIONS
from tests.simulator import shapes
from tests.simulator.calling import Answer, Caller, LegacySdk, TeaSdk, typed
from tests.simulator.script import SCRIPT, SEED, Step
from tests.support.simulator import start_simulator

_VOLATILE = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{22}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d|\b1[5-9]\d{11}\b"
)


def test_both_sdks_get_the_documented_answers() -> None:
    with start_simulator(SEED) as one, start_simulator(SEED) as other:
        legacy = play(LegacySdk(one.endpoint))
        tea = play(TeaSdk(other.endpoint))
    for step, first, second in zip(SCRIPT, legacy, tea, strict=True):
        assert first.status == second.status, step
        common = {key: second.body.get(key) for key in first.body}  # a legacy error has three keys only
        assert steady(first.body) == steady(common), step


def test_the_script_uses_every_operation_in_enough_steps() -> None:
    assert len(SCRIPT) >= 60
    assert {step.action for step in SCRIPT} == set(OPERATIONS) == set(shapes.ANSWERS)


def play(call: Caller) -> list[Answer]:
    """Every step's answer; each is checked on the way."""
    saved: dict[str, Any] = {}
    answers = []
    for step in SCRIPT:
        answer = call(step.action, **filled(step.parameters, saved))
        check(step, answer)
        saved |= {name: found(answer.body, path) for name, path in step.saves.items()}
        answers.append(answer)
    return answers


def check(step: Step, answer: Answer) -> None:
    """Code, status, shape and the values a step looks at."""
    assert answer.code == step.code, (step, answer)
    if step.code != "OK":
        status = BUSINESS[step.code][0] if step.code in BUSINESS else 400
        assert answer.status == status, (step, answer)
        return
    assert answer.status == answer.body["HttpStatusCode"] == 200
    shapes.check(answer.body, shapes.ENVELOPE | shapes.ANSWERS[step.action], step.action)
    assert typed(step.action, answer.body) == answer.body, step
    for path, value in step.sees.items():
        assert found(answer.body, path) == value, (step, path, answer)


def filled(parameters: Mapping[str, Any], saved: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with `{name}` replaced by what an earlier step saved."""
    replaced = {f"{{{name}}}": value for name, value in saved.items()}
    return {
        name: replaced.get(value, value) if isinstance(value, str) else value
        for name, value in parameters.items()
    }


def found(body: Any, path: str) -> Any:
    """The value at `Data.List.0.Number`."""
    for step in path.split("."):
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body


def steady(body: Any) -> Any:
    """An answer without what differs from run to run: ids and times."""
    if isinstance(body, dict):
        return {key: steady(value) for key, value in body.items()}
    if isinstance(body, list):
        return [steady(value) for value in body]
    return _VOLATILE.sub("*", str(body)) if isinstance(body, str | int) else body


@pytest.mark.parametrize(
    ("value", "place"), [({"Data": "x"}, ".Data"), ({"Data": [], "More": 1}, "More"), ({}, "keys")]
)
def test_a_wrong_shape_is_noticed(value: dict[str, Any], place: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(place)):
        shapes.check(value, {"Data": [str]})
