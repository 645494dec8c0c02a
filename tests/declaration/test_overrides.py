"""Another binding for a while: what `overrides:` may say, and what is declared at a moment."""

from datetime import datetime

import pytest

from ccc_numbers.api.rows import Usage
from ccc_numbers.declaration.clock import CHINA, now, read_instant, today
from ccc_numbers.declaration.override import declared_at
from tests.declaration.conftest import Folder

STACK = """\
instances:
  acme-support:
    defaults: {{usage: inbound, flow: 主流程}}
    numbers:
      "02180001001": {{}}
      "02180001002": {{usage: bidirectional, flow: 夜间流程, skillGroups: [sales]}}
      "4008001001": {{}}
  acme-sales:
    numbers: {{"02180001009": {{usage: outbound, skillGroups: [sales]}}}}
overrides:
{overrides}
"""
HOLIDAY = "from: 2027-02-05, until: 2027-02-12, reason: 春节放假, owner: 客服值班组"


def stack(*overrides: str) -> str:
    return STACK.format(overrides="".join(f"  - {{{each}}}\n" for each in overrides))


def at(written: str) -> datetime:
    return read_instant(written).begins


def flows(folder: Folder, text: str, moment: str) -> dict[str, str | None]:
    """The flow of each number at a moment."""
    declared = declared_at(folder.declared(text), at(moment))
    return {
        number: each.flow
        for instance in declared.instances.values()
        for number, each in instance.numbers.items()
    }


@pytest.mark.parametrize(
    ("moment", "in_force"),
    [
        ("2027-02-04T23:59:59", False),
        ("2027-02-05", True),
        ("2027-02-12T23:59:59", True),  # a day is meant whole
        ("2027-02-13", False),
        ("2027-02-12T15:59:59Z", True),  # China is eight hours ahead
        ("2027-02-12T16:00:00Z", False),
    ],
)
def test_an_override_holds_through_its_last_day_in_china(folder: Folder, moment: str, in_force: bool) -> None:
    text = stack(f'numbers: ["4008001001"], flow: 春节流程, {HOLIDAY}')
    assert flows(folder, text, moment)["4008001001"] == ("春节流程" if in_force else "主流程")


def test_a_moment_ends_an_override_at_once(folder: Folder) -> None:
    text = stack(
        'numbers: ["4008001001"], flow: 停电流程, from: 2027-02-05T18:00, until: 2027-02-05T20:30+09:00, reason: r, owner: o'
    )
    moments = ("2027-02-05T17:59", "2027-02-05T18:00", "2027-02-05T19:29", "2027-02-05T19:30")
    assert [flows(folder, text, each)["4008001001"] for each in moments] == [
        *("主流程", "停电流程"),
        *("停电流程", "主流程"),
    ]


def test_an_override_is_for_the_numbers_of_a_flow_or_an_instance(folder: Folder) -> None:
    text = stack(f"where: {{flow: 主流程}}, flow: 春节流程, {HOLIDAY}")
    assert flows(folder, text, "2027-02-06") == {
        "02180001001": "春节流程",
        "02180001002": "夜间流程",
        "4008001001": "春节流程",
        "02180001009": None,
    }
    text = stack(f"where: {{instance: acme-support}}, flow: 春节流程, {HOLIDAY}")
    assert list(flows(folder, text, "2027-02-06").values()) == ["春节流程"] * 3 + [None]


def test_an_override_changes_a_binding_and_nothing_else(folder: Folder) -> None:
    text = stack(f'numbers: ["02180001002"], usage: outbound, skillGroups: [night], {HOLIDAY}')
    before = folder.declared(text)
    declared = declared_at(before, at("2027-02-06"))
    number = declared.instances["acme-support"].numbers["02180001002"]
    assert (number.usage, number.flow, number.skill_groups) == (Usage.OUTBOUND, None, ("night",))
    assert number.override == "2027-02-12 (春节放假, 客服值班组)"
    for key, instance in before.instances.items():
        assert declared.instances[key].numbers.keys() == instance.numbers.keys()
    assert declared_at(before, at("2027-03-01")) is before


def test_overrides_of_different_parts_hold_together(folder: Folder) -> None:
    text = stack(
        f'numbers: ["02180001002"], flow: 春节流程, {HOLIDAY}',
        'numbers: ["02180001002"], skillGroups: [night], from: 2027-02-07, until: 2027-02-08, reason: r, owner: o',
    )
    number = (
        declared_at(folder.declared(text), at("2027-02-08")).instances["acme-support"].numbers["02180001002"]
    )
    assert (number.flow, number.skill_groups) == ("春节流程", ("night",))
    assert number.override == "2027-02-12 (春节放假, 客服值班组); 2027-02-08 (r, o)"


# What stands at the place of the problem, the way to the value, words of the message.
ONE = 'numbers: ["4008001001"]'
WRONG = {
    f'numbers: ["4008001002"], flow: f, {HOLIDAY}': ('"4008001002"', "numbers[0]", 'mean "4008001001"?'),
    f"where: {{flow: 主流}}, flow: f, {HOLIDAY}": ("主流}", "where.flow", 'mean "主流程"?'),
    f"where: {{instance: acme}}, flow: f, {HOLIDAY}": ("acme}", "where.instance", "did you mean"),
    f"flow: f, {HOLIDAY}": ("{flow", "", "in one way"),
    f"where: {{}}, flow: f, {HOLIDAY}": ("{}", "where", "write flow or instance"),
    f"numbers: [], flow: f, {HOLIDAY}": ("[]", "numbers", "names no number"),
    f"{ONE}, {HOLIDAY}": ("{numbers", "", "changes nothing"),
    f"{ONE}, flow: ~, {HOLIDAY}": ("~", "flow", "dead line (4008001001)"),
    f"{ONE}, usage: outbound, skillGroups: [sales], {HOLIDAY}": ("outbound", "usage", "400 number"),
    f'numbers: ["02180001009"], flow: f, {HOLIDAY}': ("f, ", "flow", "never answer"),
    f'numbers: ["02180001002"], skillGroups: [], {HOLIDAY}': ("[]", "skillGroups", "dead line"),
    f"{ONE}, flow: f, from: 2027-02-05, until: 2027-02-04, reason: r, owner: o": (
        "2027-02-04",
        "until",
        "not after from (2027-02-05)",
    ),
    f"{ONE}, flow: f, from: 5.2.2027, until: 2027-02-04, reason: r, owner: o": (
        "5.2.2027",
        "from",
        "2027-02-05T18:00",
    ),
    f"{ONE}, flow: f, from: 2027-02-05, until: 2027-02-30, reason: r, owner: o": (
        "2027-02-30",
        "until",
        "is not a time",
    ),
    f"{ONE}, flow: f, from: 2027-02-05, until: 2027-02-06, reason: r": ("{numbers", "owner", "is missing"),
    f"{ONE}, flw: f, {HOLIDAY}": ("flw", "flw", 'mean "flow"?'),
}


@pytest.mark.parametrize("override", WRONG)
def test_a_wrong_override_is_refused_at_its_place(folder: Folder, override: str) -> None:
    there, path, words = WRONG[override]
    text = stack(override)
    (problem,) = folder.load(text).problems
    assert (problem.line, problem.path) == (11, f"overrides[0].{path}".rstrip("."))
    assert words in str(problem)
    assert text.splitlines()[10][problem.column - 1 :].startswith(there)


def test_two_overrides_that_contradict_are_refused(folder: Folder) -> None:
    first = f"where: {{flow: 主流程}}, flow: 春节流程, {HOLIDAY}"
    second = (
        'numbers: ["4008001001"], flow: 停电流程, from: 2027-02-12, until: 2027-02-14, reason: r, owner: o'
    )
    (line,) = folder.lines(stack(first, second))
    assert line.startswith('stacks/acme.yaml:12:37: overrides[1].flow: "停电流程" contradicts overrides[0] ')
    assert "for 4008001001 until 2027-02-12" in line
    folder.declared(stack(first, second.replace("from: 2027-02-12", "from: 2027-02-13")))


def test_one_mistake_does_not_make_every_number_unknown(folder: Folder) -> None:
    text = stack(f'numbers: ["4008001001"], flow: f, {HOLIDAY}').replace(
        '"4008001001": {}', '"4008001001": {flw: f}'
    )
    (line,) = folder.lines(text)
    assert "flw" in line


def test_an_override_of_what_others_may_change_is_refused(folder: Folder) -> None:
    text = stack(f"where: {{flow: 主流程}}, flow: 春节流程, {HOLIDAY}")
    text = text.replace("flow: 主流程}\n", "flow: 主流程, ignoreChanges: [flow]}\n", 1)
    (line,) = folder.lines(text)
    assert line.startswith("stacks/acme.yaml:11:32: overrides[0].flow")
    assert "ignoreChanges" in line
    assert "(02180001001, 4008001001)" in line


def test_the_moment_is_given_from_outside() -> None:
    given = {"CCC_NOW": "2027-02-05"}
    assert now(environment=given) == datetime(2027, 2, 5, tzinfo=CHINA)
    assert now(datetime(2027, 3, 1), given) == datetime(2027, 3, 1, tzinfo=CHINA)
    assert str(today(environment={"CCC_NOW": "2027-02-05T20:00Z"})) == "2027-02-06"
