"""`ccc-numbers move`, with the real CLI: files and states change hands, CCC is never written, and no line is lost."""

import json
from pathlib import Path

import pytest

from ccc_numbers.fleet.engine import states
from ccc_numbers.fleet.errors import FleetError
from tests.fleet.drift_world import INSTANCE, OTHER, Answer, World, instance, live, number
from tests.fleet.real_world import pulumi, writes
from tests.gitops.repository import Repository

ORDER = "{vendor: A, product: landline-aftersales, stage: imported, quantity: 1, prepaid: 3000}"
ACME = f"""\
# Our hotline.
instances:
  {INSTANCE}:
    protected: true # see the runbook
    defaults: {{usage: bidirectional, flow: 主流程, skillGroups: [sales]}}
    numbers:
      "{number(1)}": {{}}
      # the chairman's line
      "{number(2)}": {{order: o1}} # never change it

      "{number(3)}": {{usage: inbound, skillGroups: []}}
  # billing is somebody else's
  {OTHER}:
    removalBudget: 2
    skillGroups: {{vip: {{displayName: 贵宾组}}}}
    numbers:
      "{number(7)}": {{usage: bidirectional, flow: 主流程, skillGroups: [vip]}}
orders:
  o1: {ORDER}
"""
BETA = f"""\
instances:
  beta-support:
    defaults: {{usage: inbound, flow: 夜间流程}}
    numbers: {{"{number(9)}": {{}}}}
"""


@pytest.fixture
def moving(project: World) -> World:
    """Two stacks of one account, both brought up."""
    project.simulator.put_state(
        {
            "instances": {
                INSTANCE: instance(
                    live(number(1)), live(number(2)), live(number(3), usage="Inbound", skillGroups=[])
                ),
                OTHER: instance(live(number(7), skillGroups=["vip"])),
                "beta-support": instance(
                    live(number(9), usage="Inbound", contactFlow="夜间流程", skillGroups=[])
                ),
            }
        }
    )
    project.stack("acme", ACME)
    project.stack("beta", BETA)
    for name in ("acme", "beta"):
        pulumi("stack", "init", name, "--no-select")
        pulumi("up", "--yes", "--skip-preview", "--stack", name)
    project.simulator.reset()
    return project


def move(world: World, *words: str) -> Answer:
    return world.run("move", *words, "--from", "acme", "--to", "beta")


def held(stack: str) -> dict[str, str]:
    """The resources in a stack's state: name -> URN."""
    resources = json.loads(pulumi("stack", "export", "--stack", stack))["deployment"].get("resources", [])
    return {each["urn"].rsplit("::", 1)[-1]: each["urn"] for each in resources}


def files() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(Path("stacks").glob("*.yaml"))}


def test_a_number_and_then_an_instance_change_hands(moving: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as below:
        below.chdir("stacks")  # the project is the nearest above
        asked = move(moving, number(2))
    assert asked.code == 1
    assert f"acme → beta: 1 number: {number(2)}" in asked.out
    assert "order o1 moves along" in asked.out
    assert f'-      "{number(2)}": {{order: o1}} # never change it' in asked.out
    assert number(2) in held("acme")

    answer = move(moving, number(2), "--yes")
    assert answer.code == 0, answer.out + answer.err
    assert "the next previews of beta, acme are empty" in answer.out
    acme, beta = files()["acme.yaml"], files()["beta.yaml"]
    assert number(2) not in acme
    assert "chairman" not in acme
    assert "      # the chairman's line\n" in beta
    row = f'"{number(2)}": {{usage: bidirectional, flow: 主流程, skillGroups: [sales], order: o1}} # never change it'
    assert row in beta
    assert f"orders:\n  o1: {ORDER}\n" in beta
    assert number(2) not in held("acme")
    assert {number(2), "o1", f"{INSTANCE}-latch"} <= held("beta").keys()

    # The whole instance, with what it manages and its comments.
    answer = move(moving, OTHER, "--yes")
    assert answer.code == 0, answer.out + answer.err
    assert OTHER not in files()["acme.yaml"]
    block = ACME[ACME.index("  # billing is") : ACME.index("orders:")]
    assert block in files()["beta.yaml"]
    assert not [name for name in held("acme") if OTHER in name or name == number(7)]
    assert {OTHER, number(7), f"{OTHER}/vip", f"{OTHER}-roster", f"{OTHER}-latch"} <= held("beta").keys()
    assert all(urn.startswith("urn:pulumi:beta::") for urn in held("beta").values())
    for stack in ("acme", "beta"):
        pulumi("preview", "--expect-no-changes", "--stack", stack)
    assert writes(moving) == []


def test_the_source_never_removes_what_has_moved(moving: World) -> None:
    """Another change is waiting in the source, so nothing but the move itself makes its guards forget the number."""
    text = ACME.replace(f'"{number(1)}": {{}}', f'"{number(1)}": {{flow: 夜间流程}}')
    Path("stacks/acme.yaml").write_text(text, "utf-8")
    answer = move(moving, number(3), "--yes")
    assert answer.code == 1, answer.out + answer.err
    assert "acme has other changes waiting: 1 update PhoneNumber" in answer.out
    assert writes(moving) == []
    # Somebody takes the target's files away again: nobody declares the number.
    for name in ("beta.yaml", "Pulumi.beta.yaml"):
        (Path("stacks") / name).unlink()
    pulumi("up", "--yes", "--skip-preview", "--stack", "acme")
    assert number(3) in moving.simulator.numbers(INSTANCE)
    assert moving.simulator.numbers(INSTANCE)[number(1)]["contactFlow"] == "夜间流程"


def test_a_move_that_fails_leaves_files_and_states_as_they_were(
    moving: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(), held("acme"), held("beta")
    written = list[str]()
    original = states.write_back

    def fails_at_the_source(project: Path, state: states.State) -> None:
        written.append(state.stack)
        if written == ["beta", "acme"]:
            raise FleetError("pulumi stack import: the disk is full")
        original(project, state)

    with monkeypatch.context() as patch:
        patch.setattr("ccc_numbers.fleet.move.run.write_back", fails_at_the_source)
        answer = move(moving, number(3), "--yes")
    assert answer.code == 2
    assert "the disk is full\nnothing was moved: files and states are as they were" in answer.err
    assert (files(), held("acme"), held("beta")) == before

    # A line with work waiting is not moved; the proof finds it, and all is taken back.
    state = moving.simulator.state()
    row = next(each for each in state["instances"][INSTANCE]["numbers"] if each["number"] == number(3))
    row["contactFlow"] = "夜间流程"
    moving.simulator.put_state(state)
    answer = move(moving, number(3), "--yes")
    assert answer.code == 2
    assert f"update PhoneNumber {number(3)}" in answer.err
    assert "`pulumi up` of acme first" in answer.err
    assert (files(), held("acme"), held("beta")) == before


def test_a_killed_move_is_finished_by_running_it_again(
    moving: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Nothing after it runs."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("ccc_numbers.fleet.move.run._take_back", killed)
        patch.setattr("ccc_numbers.fleet.move.run.write_back", killed)
        with pytest.raises(Killed):
            move(moving, INSTANCE, "--yes")
    assert INSTANCE not in files()["acme.yaml"]
    assert f"{INSTANCE}-latch" in held("acme")

    answer = move(moving, INSTANCE, "--yes")
    assert answer.code == 0, answer.out + answer.err
    assert {f"{INSTANCE}-latch", number(1), "o1"} <= held("beta").keys()
    assert not held("acme").keys() & {f"{INSTANCE}-latch", number(1), "o1"}
    # The last instance of a stack: it declares nothing any more, and its files go.
    answer = move(moving, OTHER, "--yes")
    assert answer.code == 0, answer.out + answer.err
    assert "acme declares nothing any more; its empty state: pulumi stack rm acme" in answer.out
    assert sorted(files()) == ["Pulumi.beta.yaml", "beta.yaml"]
    pulumi("stack", "rm", "acme", "--yes")
    pulumi("preview", "--expect-no-changes", "--stack", "beta")
    assert writes(moving) == []


def test_a_renamed_stack_keeps_its_state_by_the_advice_of_matrix(moving: World) -> None:
    repository = Repository.new(moving.root)
    repository.commit("begin")
    for name in ("Pulumi.{}.yaml", "{}.yaml"):
        repository.git("mv", f"stacks/{name.format('acme')}", f"stacks/{name.format('hotlines')}")
    advice = moving.run("matrix", "--since", "HEAD", "-o", "list")
    assert advice.out == "hotlines\n"
    assert "destroy" not in advice.err
    command = advice.err.rpartition(": pulumi ")[2].split()
    assert command == ["stack", "rename", "hotlines", "--stack", "acme"]
    pulumi(*command)
    pulumi("preview", "--expect-no-changes", "--stack", "hotlines")
    assert writes(moving) == []
