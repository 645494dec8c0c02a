"""Compares the contact flows and skill groups an instance's numbers refer to, and those that are managed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ccc_numbers.api.rows import ContactFlow, FlowType, SkillGroup
from ccc_numbers.declaration.model import ContactFlowDeclaration, NumberDeclaration, SkillGroupDeclaration
from ccc_numbers.fleet.drift.comparison import Comparison
from ccc_numbers.fleet.drift.findings import Finding, FindingKind, Heal
from ccc_numbers.messages.names import plural, suggestion

_Uses = Mapping[str, Sequence[NumberDeclaration]]
"""The numbers that refer to a name, by name."""


@dataclass(frozen=True, slots=True)
class _Unfit:
    """Why a flow or group cannot serve its numbers, and what a person does about one that is not managed."""

    kind: FindingKind
    actual: str
    do: str


def flow_findings(here: Comparison) -> Iterator[Finding]:
    """Flows that are gone, unpublished or changed: all that are referred to, and all that are managed."""
    managed = here.instance.contact_flows
    uses = _uses((number, (number.flow,) if number.flow else ()) for number in here.instance.numbers.values())
    for name in sorted({*uses, *managed}):
        declared, flow = managed.get(name), here.view.flows.get(name)
        if unfit := _unfit(name, flow, here.view.flows, declared):
            expected = "published" if declared else "a published main flow"
            yield _unfit_finding(here, name, unfit, declared, uses, "flow", expected)
        elif flow and declared:
            yield from _changed_flow(here, declared, flow)


def group_findings(here: Comparison) -> Iterator[Finding]:
    """Skill groups that are gone, empty or changed: all that are referred to, and all that are managed."""
    managed = here.instance.skill_groups
    uses = _uses((number, number.skill_groups) for number in here.instance.numbers.values())
    for name in sorted({*uses, *managed}):
        declared, group = managed.get(name), here.view.groups.get(name)
        if group is None:
            near = suggestion(name, here.view.groups, "there are")
            do = "make the group in CCC's workbench or declare another"
            unfit = _Unfit(FindingKind.GROUP_GONE, f"none; {near}", do)
            yield _unfit_finding(
                here, name, unfit, declared, uses, "skillGroups", "a skill group of that name"
            )
            continue
        if declared:
            yield from _changed_group(here, declared, group)
        if group.user_count == 0 and name in uses:
            yield here.finding(
                FindingKind.GROUP_EMPTY,
                name,
                here.look("put agents into the group in CCC's workbench"),
                source=(declared or uses[name][0]).source,
                expected="agents",
                actual="none",
                cause=_affected(uses[name], "held by it"),
            )


def _unfit_finding(
    here: Comparison,
    name: str,
    unfit: _Unfit,
    declared: ContactFlowDeclaration | SkillGroupDeclaration | None,
    uses: _Uses,
    field: str,
    expected: str,
) -> Finding:
    """`up` makes a flow or group again that is managed; people make the others."""
    users = uses.get(name, ())
    return here.finding(
        unfit.kind,
        name,
        here.heal(None if declared else unfit.do),
        source=(declared or users[0]).source,
        field=field,
        expected=expected,
        actual=unfit.actual,
        cause=_affected(users, "answered by it" if field == "flow" else "held by it"),
        heal=Heal.REPAIRS if declared else Heal.REFUSES,
    )


def _unfit(
    name: str,
    flow: ContactFlow | None,
    flows: Mapping[str, ContactFlow],
    declared: ContactFlowDeclaration | None,
) -> _Unfit | None:
    """Why a flow cannot answer; None when it can."""
    if flow is None:
        do = "make and publish the flow in CCC's workbench, or declare another"
        return _Unfit(FindingKind.FLOW_GONE, f"none; {suggestion(name, flows, 'there are')}", do)
    if not flow.published:
        return _Unfit(FindingKind.FLOW_UNPUBLISHED, "never published", "publish it in CCC's workbench")
    if declared is None and flow.type is not FlowType.MAIN:
        actual = f"a {flow.type} flow, which answers no number"
        return _Unfit(FindingKind.FLOW_GONE, actual, "declare a main flow")
    return None


def _changed_flow(here: Comparison, declared: ContactFlowDeclaration, flow: ContactFlow) -> Iterator[Finding]:
    same_type = flow.type is declared.type
    if same_type and _parsed(flow.definition) == _parsed(declared.definition):
        return
    yield here.finding(
        FindingKind.FLOW_CHANGED,
        declared.name,
        here.heal(),
        source=declared.source,
        field="contactFlows",
        expected=f"as in {declared.definition_file.name}" if same_type else f"a {declared.type} flow",
        actual="another definition" if same_type else f"a {flow.type} flow",
        cause=f"being edited by {flow.editor}" if flow.editor else None,
    )


def _changed_group(here: Comparison, declared: SkillGroupDeclaration, group: SkillGroup) -> Iterator[Finding]:
    for field, expected, actual in (
        ("displayName", declared.display_name, group.display_name),
        ("description", declared.description, group.description),
    ):
        if expected != actual:
            yield here.finding(
                FindingKind.GROUP_CHANGED,
                declared.name,
                here.heal(),
                source=declared.source,
                field=field,
                expected=expected or "none",
                actual=actual or "none",
            )


def _uses(pairs: Iterable[tuple[NumberDeclaration, Sequence[str]]]) -> _Uses:
    uses: dict[str, list[NumberDeclaration]] = defaultdict(list)
    for number, names in pairs:
        for name in names:
            uses[name].append(number)
    return dict(uses)


def _affected(users: Sequence[NumberDeclaration], how: str) -> str | None:
    return f"{plural(len(users), 'number is', 'numbers are')} to be {how}" if users else None


def _parsed(definition: str) -> object:
    """The definition as JSON, so that key order and white space do not count; as it is when it is not JSON."""
    try:
        parsed: object = json.loads(definition)
    except (ValueError, RecursionError):
        return definition
    return parsed
