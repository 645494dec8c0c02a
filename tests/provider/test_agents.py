"""Personal numbers under the real CLI: given by declaration, drift found and healed, and nobody cut off by silence."""

import json
from typing import Any

import pytest

from ccc_numbers.fleet.cli import main
from tests.provider.conftest import Begin
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, bound, declaration, instance, number, numbers, seed

GIVE, TAKE = "AddPersonalNumbersToUser", "RemovePersonalNumbersFromUser"


def holders(simulator: Simulator) -> dict[str, tuple[str | None, list[str]]]:
    return {each: (row.get("user"), row["skillGroups"]) for each, row in simulator.numbers(INSTANCE).items()}


def test_agents_have_the_numbers_that_are_declared_for_them(
    begin: Begin, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = instance([bound(each) for each in numbers(3)], users=["wang", "li"])
    stack, simulator = begin(seed([], support=here))
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(stack.folder)

    def declare(said: dict[str, Any], **settings: str) -> None:
        found = declaration({each: said.get(each, {}) for each in numbers(3)})
        found["instances"][INSTANCE] |= settings
        stack.declare(found)

    def drift() -> list[tuple[str, str, str]]:
        capsys.readouterr()
        main(["drift", "dev", "--output", "json"])
        found = json.loads(capsys.readouterr().out)["findings"]
        return [
            (each["kind"], each["subject"], each["heal"]) for each in found if "group" not in each["kind"]
        ]

    def hand(action: str, agent: str, *lines: str) -> None:
        simulator.api(action, InstanceId=INSTANCE, UserId=f"{agent}@{INSTANCE}", NumberList=json.dumps(lines))

    declare({})
    assert stack.up().code == 0
    own = {number(1): {"agent": "wang"}, number(2): {"agent": f"li@{INSTANCE}"}}

    # More than the budget allows, and a name that is not there: refused in the preview, before anybody loses one.
    declare(own, changeBudget="1")
    refused = stack.preview()
    assert any("change budget allows 1" in each and "agent none → wang" in each for each in refused.errors)
    declare(own | {number(2): {"agent": "wong"}})
    refused = stack.preview()
    assert any('no agent "wong" in acme-support; did you mean "wang"?' in each for each in refused.errors)

    declare(own)
    result = stack.up()
    assert result.code == 0, result.text
    given = {number(1): ("wang", []), number(2): ("li", []), number(3): (None, ["sales"])}
    assert holders(simulator) == given
    assert stack.preview("--expect-no-changes").code == 0
    assert drift() == []

    # By hand: 1 goes to li, 2 to nobody. Drift says it, heal gives them back.
    hand(TAKE, "wang", number(1))
    hand(GIVE, "li", number(1))
    hand(TAKE, "li", number(2))
    assert drift() == [("personal", number(1), "repairs"), ("personal", number(2), "repairs")]
    assert stack.preview().diff(number(1)) == {"agent": "update"}
    assert main(["heal", "dev", "--yes", "--only", f"personal:{number(1)}"]) in (0, 1)
    assert holders(simulator) == given | {number(2): (None, [])}
    assert main(["heal", "dev", "--yes"]) == 0
    assert holders(simulator) == given

    # The key is gone, or the number: that takes nothing from an agent.
    declare({number(2): own[number(2)]})
    silent = stack.up()
    assert any("is left alone: write `agent: wang@acme-support` on it" in each for each in silent.errors)
    stack.declare(declaration({each: own.get(each, {}) for each in numbers(3)[1:]}))
    assert stack.up().code != 0
    assert holders(simulator) == given

    declare(own | {number(1): {"agent": None}})
    assert stack.up().code == 0
    assert holders(simulator) == given | {number(1): (None, ["sales"])}
