"""`make up` and its like: which command runs, with which options, and when it asks."""

import pytest

from tests.tools.machine import Machine
from tools import stack
from tools.shell import ToolError


def ready(machine: Machine, ours: str = "", pulumi: str = "") -> None:
    """A checkout with a demo stack, and programs that do as a test says."""
    machine.has("pulumi", pulumi)
    machine.has("ccc-numbers", ours)
    machine.has("python", "")
    settings = machine.checkout.root / "stacks"
    settings.mkdir()
    (settings / "Pulumi.demo.yaml").touch()


def make(machine: Machine, monkeypatch: pytest.MonkeyPatch, verb: str, *more: str) -> int:
    """`make VERB` on the demo, with these ARGS."""
    monkeypatch.setenv("PATH", machine.user["PATH"])
    return stack.run(verb, "demo", more, machine.checkout, machine.user)


def test_up_deploys_the_stack_and_shows_its_numbers(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(machine)
    assert make(machine, monkeypatch, "up") == 0
    assert machine.called() == [
        "ccc-numbers apply demo",
        "ccc-numbers numbers --stack demo --brief",
    ]


def test_options_of_pulumi_bring_its_own_view(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(machine)
    assert make(machine, monkeypatch, "preview", "--diff") == 0
    assert make(machine, monkeypatch, "destroy", "--ignore-protect", "--yes") == 0
    assert machine.called() == [
        "pulumi stack select --create demo",
        "pulumi preview --stack demo --suppress-outputs --diff",
        "pulumi stack select --create demo",
        "pulumi destroy --stack demo --yes --ignore-protect",
    ]


def test_a_run_that_failed_ends_with_its_own_exit_code(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(machine, ours="exit 1", pulumi='case "$1" in up) exit 255 ;; esac')
    assert make(machine, monkeypatch, "up") == 1
    assert machine.called() == ["ccc-numbers apply demo"]
    assert make(machine, monkeypatch, "up", "--diff") == 255
    assert machine.called()[-1] == "python -m ccc_numbers.fleet.engine.way_back demo"


def test_an_unknown_stack_names_those_there_are(machine: Machine) -> None:
    ready(machine)
    with pytest.raises(ToolError, match=r"^there is no stacks/Pulumi\.demmo\.yaml; stacks here: demo$"):
        stack.run("up", "demmo", [], machine.checkout, machine.user)


@pytest.mark.parametrize(
    ("verb", "name", "at_terminal", "option"),
    [
        ("up", "demo", True, []),
        ("destroy", "demo", True, ["--yes"]),
        ("up", "acme", True, ["--ask"]),
        ("up", "acme", False, []),
        ("destroy", "acme", True, []),
        ("destroy", "acme", False, []),
        ("preview", "acme", True, []),
    ],
)
def test_only_the_demo_is_changed_without_a_question(
    verb: str, name: str, at_terminal: bool, option: list[str]
) -> None:
    assert stack.confirmation(verb, stack.agreed(verb, name, at_terminal)) == option


def test_the_demo_has_its_own_passphrase_in_the_checkouts_state_only(machine: Machine) -> None:
    own = {
        "PULUMI_BACKEND_URL": f"file://{machine.checkout.root}/.pulumi/state?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "his",
    }
    assert stack.environment("demo", machine.checkout, own)["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert stack.environment("acme", machine.checkout, own)["PULUMI_CONFIG_PASSPHRASE"] == "his"
    elsewhere = own | {"PULUMI_BACKEND_URL": "s3://bucket"}
    assert stack.environment("demo", machine.checkout, elsewhere)["PULUMI_CONFIG_PASSPHRASE"] == "his"
