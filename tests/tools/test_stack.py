"""`make up` and its like: what Pulumi is told, and when it asks."""

import pytest

from tests.tools.machine import Machine
from tools import stack
from tools.shell import ToolError

PULUMI = """
case "$*" in
'stack history'*) n=$(cat "$HOME/updates" 2>/dev/null || echo 0); echo "[{\\"version\\": $n, \\"resourceChanges\\": $CHANGES}]" ;;
up*) [ -z "$FAILS" ] || exit 255; echo 1 >"$HOME/updates" ;;
esac
"""


def ready(machine: Machine) -> None:
    """A checkout with a demo stack and a Pulumi that does as told."""
    machine.has("pulumi", PULUMI)
    machine.has("ccc-numbers", "")
    machine.has("python", "")
    settings = machine.checkout.root / "stacks"
    settings.mkdir()
    (settings / "Pulumi.demo.yaml").touch()
    machine.user["CHANGES"] = '{"create": 24}'


def up(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> int:
    """`make up` on the demo."""
    monkeypatch.setenv("PATH", machine.user["PATH"])
    return stack.run("up", "demo", [], machine.checkout, machine.user)


def test_up_selects_the_stack_updates_it_and_shows_its_numbers(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(machine)
    assert up(machine, monkeypatch) == 0
    calls = [call for call in machine.called() if "history" not in call]
    assert calls == [
        "pulumi stack select --create demo",
        "pulumi up --stack demo --yes --suppress-outputs",
        "ccc-numbers numbers --stack demo",
    ]


def test_an_update_that_changed_nothing_says_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(machine)
    machine.user["CHANGES"] = '{"same": 31}'
    up(machine, monkeypatch)
    assert "Nothing to change: CCC already holds what stacks/demo.yaml declares." in capsys.readouterr().out


def test_an_update_that_failed_ends_with_pulumis_own_exit_code(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(machine)
    machine.user["FAILS"] = "yes"
    assert up(machine, monkeypatch) == 255
    calls = machine.called()
    assert not any(call.startswith("ccc-numbers") for call in calls)
    assert calls[-1] == "python -m ccc_numbers.fleet.engine.way_back demo"


def test_an_unknown_stack_names_those_there_are(machine: Machine) -> None:
    ready(machine)
    with pytest.raises(ToolError, match=r"^there is no stacks/Pulumi\.demmo\.yaml; stacks here: demo$"):
        stack.run("up", "demmo", [], machine.checkout, machine.user)


@pytest.mark.parametrize(
    ("verb", "name", "at_terminal", "asks"),
    [
        ("up", "demo", True, False),
        ("destroy", "demo", True, False),
        ("up", "acme", True, True),
        ("up", "acme", False, False),
        ("destroy", "acme", True, True),
        ("destroy", "acme", False, True),
    ],
)
def test_only_the_demo_is_destroyed_without_being_asked(
    verb: str, name: str, at_terminal: bool, asks: bool
) -> None:
    assert (stack.confirmation(verb, name, at_terminal) == []) is asks


def test_the_demo_has_its_own_passphrase_in_the_checkouts_state_only(machine: Machine) -> None:
    own = {
        "PULUMI_BACKEND_URL": f"file://{machine.checkout.root}/.pulumi/state",
        "PULUMI_CONFIG_PASSPHRASE": "his",
    }
    assert stack.environment("demo", machine.checkout, own)["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert stack.environment("acme", machine.checkout, own)["PULUMI_CONFIG_PASSPHRASE"] == "his"
    elsewhere = own | {"PULUMI_BACKEND_URL": "s3://bucket"}
    assert stack.environment("demo", machine.checkout, elsewhere)["PULUMI_CONFIG_PASSPHRASE"] == "his"
