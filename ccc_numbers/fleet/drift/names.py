"""Compares the contact flows and skill groups an instance's numbers refer to, and those that are managed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from ccc_numbers.api.rows import ContactFlow, FlowType
from ccc_numbers.declaration.model import ContactFlowDeclaration, SkillGroupDeclaration
from ccc_numbers.fleet.drift.comparison import Comparison
from ccc_numbers.fleet.drift.findings import Finding, FindingKind, Heal, Next
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.problem import Source


def flow_findings(here: Comparison) -> Iterator[Finding]:
    """Flows that are gone, unpublished or changed: all that are referred to, and all that are managed."""
    managed = here.instance.contact_flows
    used = _used(
        here, ((number.source, (number.flow,)) for number in here.instance.numbers.values() if number.flow)
    )
    for name in sorted({*used, *managed}):
        declared, flow = managed.get(name), here.view.flows.get(name)
        source = declared.source if declared else used[name][1]
        affected = _affected(used, name, "answered by it")
        wrong = _unfit(name, flow, here.view.flows, declared)
        if wrong is not None:
            kind, actual, do = wrong
            yield here.finding(
                kind,
                name,
                _mended(here, do, managed=declared is not None),
                source=source,
                field="flow",
                expected="a published main flow" if declared is None else "published",
                actual=actual,
                cause=affected,
                heal=Heal.REFUSES if declared is None else Heal.REPAIRS,
            )
        elif flow is not None and declared is not None:
            yield from _changed_flow(here, declared, flow)


def group_findings(here: Comparison) -> Iterator[Finding]:
    """Skill groups that are gone, empty or changed: all that are referred to, and all that are managed."""
    managed = here.instance.skill_groups
    used = _used(here, ((number.source, number.skill_groups) for number in here.instance.numbers.values()))
    for name in sorted({*used, *managed}):
        declared, group = managed.get(name), here.view.groups.get(name)
        source = declared.source if declared else used[name][1]
        if group is None:
            near = suggestion(name, here.view.groups, "there are")
            yield here.finding(
                FindingKind.GROUP_GONE,
                name,
                _mended(
                    here, "make the group in CCC's workbench or declare another", managed=declared is not None
                ),
                source=source,
                field="skillGroups",
                expected="a skill group of that name",
                actual=f"none; {near}",
                cause=_affected(used, name, "held by it"),
                heal=Heal.REFUSES if declared is None else Heal.REPAIRS,
            )
            continue
        if declared is not None:
            yield from _changed_group(here, declared, (group.display_name, group.description))
        if group.user_count == 0 and name in used:
            yield here.finding(
                FindingKind.GROUP_EMPTY,
                name,
                here.look("put agents into the group in CCC's workbench"),
                source=source,
                expected="agents",
                actual="none",
                cause=_affected(used, name, "held by it"),
            )


def _unfit(
    name: str,
    flow: ContactFlow | None,
    flows: Mapping[str, ContactFlow],
    declared: ContactFlowDeclaration | None,
) -> tuple[FindingKind, str, str] | None:
    """Why a flow cannot answer: kind, what is there, what to do. None when it can."""
    if flow is None:
        near = suggestion(name, flows, "there are")
        return (
            FindingKind.FLOW_GONE,
            f"none; {near}",
            "make and publish the flow in CCC's workbench, or declare another",
        )
    if not flow.published:
        return FindingKind.FLOW_UNPUBLISHED, "never published", "publish it in CCC's workbench"
    if declared is None and flow.type is not FlowType.MAIN:
        return FindingKind.FLOW_GONE, f"a {flow.type} flow, which answers no number", "declare a main flow"
    return None


def _changed_flow(here: Comparison, declared: ContactFlowDeclaration, flow: ContactFlow) -> Iterator[Finding]:
    same_type = str(flow.type) == str(declared.type)
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


def _changed_group(
    here: Comparison, declared: SkillGroupDeclaration, live: tuple[str, str]
) -> Iterator[Finding]:
    for field, expected, actual in (
        ("displayName", declared.display_name, live[0]),
        ("description", declared.description, live[1]),
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


def _mended(here: Comparison, do: str, *, managed: bool) -> Next:
    """What is managed here, `up` makes again; the rest is made by people."""
    return here.heal() if managed else here.heal(do)


_Used = Mapping[str, tuple[int, Source]]


def _used(here: Comparison, uses: Iterator[tuple[Source, tuple[str, ...]]]) -> _Used:
    """How many numbers use each name, and the first place that says so."""
    counted: Counter[str] = Counter()
    first: dict[str, Source] = {}
    for source, names in uses:
        for name in names:
            counted[name] += 1
            first.setdefault(name, source)
    return {name: (counted[name], first[name]) for name in counted}


def _affected(used: _Used, name: str, what: str) -> str | None:
    count = used[name][0] if name in used else 0
    if not count:
        return None
    return f"1 number is to be {what}" if count == 1 else f"{count} numbers are to be {what}"


def _parsed(definition: str) -> object:
    """The definition as JSON, so that key order and white space do not count; as it is when it is no JSON."""
    try:
        parsed: object = json.loads(definition)
    except (ValueError, RecursionError):
        return definition
    return parsed
