"""A line is cut or rerouted only because the declaration says so: every other way to make the engine delete or replace.

Each scenario starts from one stack that is as declared, does one thing with the real CLI, and then runs a plain `up`
again. The table in docs/reconciliation.md is made from the scenarios; `test_the_documented_table` holds it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.provider.declared_world import World
from tests.provider.test_up import held, writes
from tests.support.simulator import start_simulator
from tests.support.stack import ROOT, Stack
from tests.support.worlds import INSTANCE, OTHER, declaration, number, numbers, seed

PATCH = """import pulumi
from components import resources
_init = resources.PhoneNumber.__init__
def init(self, name, *, opts, **more):
    {}
    _init(self, name, opts=opts, **more)
resources.PhoneNumber.__init__ = init
"""
RETYPED = """import pulumi
_init = pulumi.ComponentResource.__init__
def init(self, kind, *more, **named):
    _init(self, kind.replace("InstanceNumbers", "PhoneLines"), *more, **named)
pulumi.ComponentResource.__init__ = init
"""
OTHER_PROVIDER = """import os
_made = []
def other():
    if not _made:
        _made.append(pulumi.ProviderResource("ccc", "other", {"region": "cn-shanghai", "endpoint": os.environ["PLACE"]}))
    return _made[0]
"""
TWICE = """
from components.resources import PhoneNumber
PhoneNumber("twin", number={!r}, instance_id={!r}, usage="bidirectional", contact_flow="主流程", skill_groups=["sales"])
"""
LINE = f"**::{number(1)}"
LATCH = f"{INSTANCE}-latch"


AS_DECLARED = {
    number(1): ("Bidirectional", "主流程", ("sales",)),
    number(2): ("Bidirectional", "主流程", ("sales",)),
    number(3): ("Bidirectional", "值班", ("night",)),
}


@pytest.fixture(scope="module", params=[False, True], ids=["unprotected", "protected"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with start_simulator(seed(numbers(3))) as simulator:
        folder = tmp_path_factory.mktemp("protected" if request.param else "free")
        stack = Stack(folder, {"endpoint": simulator.url, "region": "cn-shanghai"})
        (folder / "stacks" / "duty.json").write_text("{}", encoding="utf-8")
        whole = World(stack, simulator, request.param, {}, {})
        whole.program()
        whole.declare()
        made = stack.up()
        assert made.code == 0, made.text
        whole.state, whole.live = stack.keep(), simulator.state()
        yield whole


@dataclass(frozen=True)
class Scenario:
    """`act` returns the CLI's exit code. `writes`: whether CCC may be written to at all."""

    what: str
    act: Callable[[World], int]
    refused_if_protected: bool = False
    refused: bool = False
    both: bool = False
    """Run protected too; the others are the same either way, so only the more dangerous one is run."""
    kin: bool = False
    """Runs nightly alone: another is run each time that has the engine do the same and more to the same resources."""
    way_on: tuple[str, ...] = ()
    """A protected latch that this leaves in the way: its name, and the CLI's command for it, before the run after."""

    @property
    def slug(self) -> str:
        return self.what.replace("`", "")


def replaced(*words: str) -> Callable[[World], int]:
    return lambda world: world.up(*words).code


def tainted(name: str) -> Callable[[World], int]:
    def act(world: World) -> int:
        world.stack.pulumi("state", "taint", "--yes", world.urn(name), check=True)
        return world.up().code

    return act


def patched(line: str, *words: str, before: str = "") -> Callable[[World], int]:
    def act(world: World) -> int:
        world.program(PATCH.format(line) + before)
        return world.up(*words).code

    return act


def retyped(world: World) -> int:
    world.program(RETYPED)
    return world.up().code


def renamed_in_state(world: World) -> int:
    world.stack.pulumi("state", "rename", "--yes", world.urn(number(1)), "other-name", check=True)
    return world.up().code


def declared_twice(world: World) -> int:
    world.program(end=TWICE.format(number(1), INSTANCE))
    return world.up().code


def ended_early(world: World) -> int:
    world.program("import sys\nsys.exit(0)\n")
    return world.up().code


def half_way(world: World) -> int:
    """Every resource is to be replaced; the third number cannot be looked at, and the run breaks off."""
    world.simulator.faults([{"action": "ListContactFlows", "fault": "error", "code": "NoPermission"}])
    assert world.up("--replace", "**").code != 0
    world.simulator.faults([])
    return 0


def older_state(world: World) -> int:
    """The state of a time when the number was declared here; meanwhile another stack's file has it."""
    world.second(declaration([number(1)]))
    world.declare(listed=numbers(2, start=2))
    code = world.up().code
    world.forget_second()
    return code


def second_takes_the_same(world: World) -> int:
    """Another stack declares a number of this one exactly as it is bound, drops it again, and is destroyed."""
    two = world.second(declaration([number(1), number(2)], removalBudget=2))
    code, text = two.up()
    assert code != 0
    assert (
        f'{number(1)} is declared by stack "dev" (stacks/dev.yaml) as well' in text
        or f"{number(2)} is" in text
    )
    world.second(declaration([number(2)], removalBudget=2)).up()
    assert two.destroy()[0] == 0
    return 1


def imported_and_destroyed(world: World) -> int:
    two = world.second(declaration({}))
    code, text = two.run(
        "import",
        "ccc:index:PhoneNumber",
        number(1),
        number(1),
        "--yes",
        "--generate-code=false",
        "--protect=false",
    )
    assert code == 0, text
    return two.destroy()[0]


def state_moved(world: World) -> int:
    """`pulumi state move` to another stack, while this one's file still declares the number."""
    two = world.second(declaration({}))
    assert two.run("stack")[0] == 0
    moved = world.stack.pulumi(
        "state", "move", "--source", "dev", "--dest", "two", world.urn(number(1)), "--yes"
    )
    assert moved.returncode == 0, moved.stderr
    two.up()
    assert two.destroy()[0] == 0
    return world.up().code


def by_program_less_delete(world: World) -> int:
    done = world.stack.pulumi(
        *(
            "do",
            "--package",
            str(ROOT / "ccc_numbers/provider/pulumi-resource-ccc"),
            "ccc:index:PhoneNumber",
            "delete",
        ),
        *(number(1), "--stateless", "--yes"),
        CCC_ENDPOINT=world.simulator.url,
    )
    return 0 if done.returncode in (0, 1) else done.returncode


def left_out(*words: str) -> Callable[[World], int]:
    """A line is dropped from the file in a run that leaves the roster out; the run after it finds it put back."""

    def act(world: World) -> int:
        world.declare(listed=numbers(2))
        world.up(*words)
        return 0

    return act


def rerouted_in_bulk(world: World) -> int:
    world.declare(
        defaults={"usage": "bidirectional", "flow": "夜间流程", "skillGroups": ["sales"]}, changeBudget=1
    )
    return world.up().code


def renamed_key(world: World) -> int:
    said = world.said()
    said["instances"] = {OTHER: said["instances"][INSTANCE]}
    world.stack.declare(said)
    return world.up().code


def another_place(verb: str) -> Callable[[World], int]:
    def act(world: World) -> int:
        config = world.stack.folder / "stacks" / "Pulumi.dev.yaml"
        before = config.read_text("utf-8")
        with start_simulator(seed([])) as other:
            config.write_text(before.replace(world.simulator.url, other.url), encoding="utf-8")
            more = (
                ("--yes",) if verb == "refresh" else () if verb == "preview" else ("--yes", "--skip-preview")
            )
            done = world.stack.pulumi(verb, "--stack", "dev", *more)
            assert other.count() == 0
        config.write_text(before, encoding="utf-8")
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
        shown = [line for line in lines if line.startswith("error:") and "this stack was made at" in line]
        assert len(shown) == 1, done.stdout
        return done.returncode

    return act


SCENARIOS = [
    Scenario("`up --replace NUMBER`", replaced("--replace", LINE), kin=True),
    Scenario("`up --target-replace NUMBER`", replaced("--target-replace", LINE), kin=True),
    Scenario("`up --replace '**'`", replaced("--replace", "**"), refused_if_protected=True, both=True),
    Scenario("`up --replace` of the roster", replaced("--replace", "**-roster"), kin=True),
    Scenario("`up --replace` of a managed flow", replaced("--replace", "**值班"), kin=True),
    Scenario("`up --replace` of a managed group", replaced("--replace", "**night"), kin=True),
    Scenario("`state taint` of a number", tainted(number(1)), kin=True),
    Scenario("`state taint` of the roster", tainted(f"{INSTANCE}-roster")),
    Scenario(
        "`state taint` of the latch",
        tainted(LATCH),
        refused_if_protected=True,
        both=True,
        way_on=(LATCH, "state", "untaint"),
    ),
    Scenario("`--replace '**'`, broken off half-way", half_way),
    Scenario("`replacement_trigger` in the program", patched("opts.replacement_trigger = 'again'"), kin=True),
    Scenario(
        "`delete_before_replace` and `--replace`",
        patched("opts.delete_before_replace = True", "--replace", LINE),
    ),
    Scenario("numbers named otherwise by the program", patched("name = f'line-{name}'")),
    Scenario("`state rename` of a number", renamed_in_state, kin=True),
    Scenario(
        "the component of another type",
        retyped,
        refused_if_protected=True,
        both=True,
        way_on=(LATCH, "state", "unprotect"),
    ),
    Scenario("numbers without their parent", patched("opts.parent = None"), kin=True),
    Scenario("numbers of another provider", patched("opts.provider = other()", before=OTHER_PROVIDER)),
    Scenario("one number under two names, one dropped", declared_twice),
    Scenario("a program that ends early without an error", ended_early, refused_if_protected=True, both=True),
    Scenario("an older state restored; another stack has the line now", older_state),
    Scenario("another stack takes the same, drops it, is destroyed", second_takes_the_same, refused=True),
    Scenario("`import` into another stack, which is destroyed", imported_and_destroyed),
    Scenario("`state move` to another stack, which is destroyed", state_moved, kin=True),
    Scenario("`pulumi do … delete` without a program", by_program_less_delete),
    Scenario("a line dropped with `--exclude '**-roster'`, put back", left_out("--exclude", "**-roster")),
    Scenario(
        "a line dropped with `--target` of it, put back", left_out("--target", f"**::{number(3)}"), kin=True
    ),
    Scenario("another flow in `defaults`, above `changeBudget`", rerouted_in_bulk, refused=True),
    Scenario("the key of an instance renamed", renamed_key, refused=True),
    *(
        Scenario(
            f"`{verb}` after `ccc:endpoint` was edited",
            another_place(verb),
            refused=True,
            kin=verb in ("preview", "refresh"),
        )
        for verb in ("preview", "up", "refresh", "destroy")
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.slug)
def test_nothing_else_cuts_a_line(world: World, scenario: Scenario) -> None:
    if (scenario.kin or (world.protected and not scenario.both)) and not os.environ.get("CCC_NIGHTLY"):
        pytest.skip(
            "runs nightly: another of its kind, or the more dangerous way without protection, runs each time"
        )
    world.begin()
    before = world.simulator.state()
    code = scenario.act(world)
    expected = scenario.refused or (world.protected and scenario.refused_if_protected)
    assert bool(code) is expected
    assert (held(world.simulator), writes(world.simulator)) == (AS_DECLARED, {})
    world.program()
    world.declare()
    again = world.up()
    if world.protected and scenario.way_on:
        assert again.code != 0
        name, *words = scenario.way_on
        for urn in world.urns(name):
            world.stack.pulumi(*words, "--yes", urn)
        again = world.up()
    assert again.code == 0, again.text
    assert (held(world.simulator), writes(world.simulator)) == (AS_DECLARED, {})
    assert world.simulator.state()["instances"] == before["instances"]


def table() -> list[str]:
    """The scenarios as docs/reconciliation.md has them."""
    rows = [
        "| what is done | the run | lines, writes | lines, writes after a plain `up` |",
        "|---|---|---|---|",
    ]
    for each in SCENARIOS:
        run = (
            "refused"
            if each.refused
            else "refused if protected, else done"
            if each.refused_if_protected
            else "done"
        )
        first = f"; protected: `pulumi {' '.join(each.way_on[1:])} URN` first" if each.way_on else ""
        rows.append(f"| {each.what} | {run} | as declared, 0 | as declared, 0{first} |")
    return rows


def test_the_documented_table_is_what_was_run() -> None:
    documented = (ROOT / "docs" / "reconciliation.md").read_text("utf-8").splitlines()
    assert [row for row in table() if row not in documented] == []
