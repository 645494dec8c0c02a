"""Compares the contact flows and skill groups an instance's numbers refer to, and those that are managed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ccc_numbers.api.rows import ContactFlow, FlowType, SkillGroup
from ccc_numbers.declaration.model import ContactFlowDeclaration, NumberDeclaration, SkillGroupDeclaration
from ccc_numbers.fleet.drift import texts
from ccc_numbers.fleet.drift.comparison import Comparison
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.messages.language import english, markn, tr, trn
from ccc_numbers.messages.names import suggestion
from ccc_numbers.numbers.finding_kinds import FindingKind, Heal

_ANSWERED = markn("{count:,} number is to be answered by it", "{count:,} numbers are to be answered by it")
_HELD = markn("{count:,} number is to be held by it", "{count:,} numbers are to be held by it")
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
            expected = texts.PUBLISHED if declared else texts.MAIN_FLOW
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
            do = tr("make the group in CCC's workbench or declare another")
            unfit = _Unfit(FindingKind.GROUP_GONE, _no_such(name, here.view.groups), do)
            yield _unfit_finding(here, name, unfit, declared, uses, "skillGroups", texts.A_GROUP)
            continue
        if declared:
            yield from _changed_group(here, declared, group)
        if group.user_count == 0 and name in uses:
            yield here.finding(
                FindingKind.GROUP_EMPTY,
                name,
                here.look(tr("put agents into the group in CCC's workbench")),
                source=(declared or uses[name][0]).source,
                expected=texts.AGENTS,
                actual=texts.NONE,
                cause=_affected(uses[name], _HELD),
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
        cause=_affected(users, _ANSWERED if field == "flow" else _HELD),
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
        do = tr("make and publish the flow in CCC's workbench, or declare another")
        return _Unfit(FindingKind.FLOW_GONE, _no_such(name, flows), do)
    if not flow.published:
        do = tr("publish it in CCC's workbench")
        return _Unfit(FindingKind.FLOW_UNPUBLISHED, texts.NEVER_PUBLISHED, do)
    if declared is None and flow.type is not FlowType.MAIN:
        actual = english(texts.OTHER_FLOW, type=flow.type)
        return _Unfit(FindingKind.FLOW_GONE, actual, tr("declare a main flow"))
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
        expected=english(texts.FLOW_OF_FILE, file=declared.definition_file.name)
        if same_type
        else english(texts.FLOW_OF_TYPE, type=declared.type),
        actual=texts.OTHER_DEFINITION if same_type else english(texts.FLOW_OF_TYPE, type=flow.type),
        cause=tr("being edited by {editor}", editor=flow.editor) if flow.editor else None,
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
                expected=expected or texts.NONE,
                actual=actual or texts.NONE,
            )


def _uses(pairs: Iterable[tuple[NumberDeclaration, Sequence[str]]]) -> _Uses:
    uses: dict[str, list[NumberDeclaration]] = defaultdict(list)
    for number, names in pairs:
        for name in names:
            uses[name].append(number)
    return dict(uses)


def _affected(users: Sequence[NumberDeclaration], how: tuple[str, str]) -> str | None:
    return trn(*how, len(users)) if users else None


def _no_such(name: str, there: Iterable[str]) -> str:
    """`none; did you mean …`: what stands in place of a name that is not there, in English."""
    return f"{texts.NONE}; {suggestion(name, there, 'there are', say=english)}"


def _parsed(definition: str) -> object:
    """The definition as JSON, so that key order and white space do not count; as it is when it is not JSON."""
    try:
        parsed: object = json.loads(definition)
    except (ValueError, RecursionError):
        return definition
    return parsed
