"""What an instance's component registers: in which order things wait for each other, and what the roster receives."""

from pathlib import Path

import pytest

from tests.components.mocked import Made, run

NUMBER, ROSTER, LATCH, GROUP, FLOW = (
    f"ccc:index:{kind}"
    for kind in ("PhoneNumber", "InstanceRoster", "InstanceLatch", "SkillGroup", "ContactFlow")
)
STACK = """\
instances:
  acme:
    SETTINGS
    skillGroups: {holiday: {displayName: 节假日组}}
    contactFlows: {节假日: {definition: holiday.json}}
    defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales]}
    numbers:
      "02180001001": {order: youyin}
      "02180001002": {flow: 节假日, skillGroups: [holiday, vip], keepOnRemoval: true}
  beta:
    numbers: {"4008001001": {usage: inbound, flow: main}}
orders:
  youyin:
    {vendor: A, product: landline-aftersales, stage: opened, quantity: 1, prepaid: 3000, regions: [上海],
     purchased: 2025-03-03, term: 99m}
"""


def made_of(project: Path, settings: str = "") -> Made:
    (project / "stacks").mkdir()
    (project / "stacks/holiday.json").write_text("{}", "utf-8")
    made = run(project, STACK.replace("SETTINGS\n", f"{settings}\n"))
    assert (made.code, made.errors) == (0, [])
    return made


def waits_for(made: Made, kind: str, name: str) -> set[str]:
    """The logical names of what a resource depends on."""
    return {urn.rsplit("::", 1)[-1] for urn in made[kind, name].request.dependencies}


def test_a_number_waits_for_the_roster_for_what_it_refers_to_and_for_its_order(project: Path) -> None:
    made = made_of(project)
    first = {"acme-roster", "beta-roster", "acme/holiday", "acme/节假日"}
    assert waits_for(made, NUMBER, "02180001001") == first | {"youyin"}
    assert waits_for(made, NUMBER, "02180001002") == first
    assert waits_for(made, NUMBER, "4008001001") == {"beta-roster"}


def test_nothing_is_touched_before_every_roster_has_agreed(project: Path) -> None:
    made = made_of(project)
    both = {"acme-roster", "beta-roster"}
    assert waits_for(made, GROUP, "acme/holiday") == waits_for(made, FLOW, "acme/节假日") == both
    assert waits_for(made, ROSTER, "acme-roster") == set()
    assert waits_for(made, ROSTER, "beta-roster") == {"acme-roster"}


def test_the_latch_waits_for_every_number(project: Path) -> None:
    made = made_of(project)
    assert waits_for(made, LATCH, "acme-latch") == {"acme-roster", "02180001001", "02180001002"}


@pytest.mark.parametrize(
    ("settings", "protected"), [("", True), ("protected: true", True), ("protected: false", False)]
)
def test_the_latch_alone_is_protected_unless_told_otherwise(
    project: Path, settings: str, protected: bool
) -> None:
    made = made_of(project, settings)
    locked = {name for (_, name), each in made.resources.items() if each.request.protect}
    assert locked == {"beta-latch", *(["acme-latch"] if protected else [])}


def test_the_roster_is_reported_what_the_budget_does_not_count_and_asks_for_names_not_managed_here(
    project: Path,
) -> None:
    made = made_of(project, "removalBudget: 3\n    changeBudget: 20%")
    assert made[ROSTER, "acme-roster"].inputs == {
        "instanceId": "acme",
        "numbers": ["02180001001", "02180001002"],
        "bindings": [
            {
                "usage": "bidirectional",
                "contactFlow": "主流程",
                "skillGroups": ["sales"],
                "numbers": ["02180001001"],
            },
            {
                "usage": "bidirectional",
                "contactFlow": "节假日",
                "skillGroups": ["holiday", "vip"],
                "numbers": ["02180001002"],
            },
        ],
        "instances": {"beta": ""},
        "declaredElsewhere": ["4008001001"],
        "kept": ["02180001002"],
        "managedContactFlows": ["节假日"],
        "managedSkillGroups": ["holiday"],
        "contactFlows": ["主流程"],
        "skillGroups": ["sales", "vip"],
        "removalBudget": "3",
        "changeBudget": "20%",
        "protected": True,
    }


def test_a_number_carries_its_order_and_what_is_said_of_it(project: Path) -> None:
    made = made_of(project)
    assert made[NUMBER, "02180001001"].inputs == {
        "number": "02180001001",
        "instanceId": "acme",
        "usage": "bidirectional",
        "contactFlow": "主流程",
        "skillGroups": ["sales"],
        "order": "youyin",
    }
    assert made[NUMBER, "02180001002"].inputs["keepOnRemoval"] is True


def test_a_number_is_named_by_itself_whatever_instance_it_is_in(project: Path) -> None:
    made = made_of(project)
    parents = {made[NUMBER, each].parent for each in made.of(NUMBER)}
    assert parents == {"ccc:components:InstanceNumbers::acme", "ccc:components:InstanceNumbers::beta"}
    assert {made[NUMBER, each].request.name for each in made.of(NUMBER)} == {
        "02180001001",
        "02180001002",
        "4008001001",
    }
