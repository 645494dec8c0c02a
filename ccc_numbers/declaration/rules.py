"""What holds between the values of a number, whoever wrote them: pure functions over resolved numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccc_numbers.api.rows import FlowType, MediaType, Usage
from ccc_numbers.declaration.model import NumberDeclaration
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.numbers.number_text import is_400
from ccc_numbers.numbers.rules import unanswered, unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ccc_numbers.declaration.model import ContactFlowDeclaration, SkillGroupDeclaration


@dataclass(frozen=True, slots=True)
class Resolved:
    """A number with its defaults applied.

    `said` are the keys it wrote itself, `unknown` those whose value is unknown because the defaults
    they would come from were refused. `place` and `path` give position and name of a key.
    """

    number: str
    usage: Usage | None
    flow: str | None
    skill_groups: tuple[str, ...]
    order: str | None
    agent: str | None
    adopt: bool
    keep_on_removal: bool
    said: frozenset[str]
    unknown: frozenset[str]
    source: Source
    place: Callable[[str], Source]
    path: Callable[[str], str]

    def declared(self) -> NumberDeclaration | None:
        """The number for the other rooms; None while its usage is not known."""
        if self.usage is None:
            return None
        return NumberDeclaration(
            number=self.number,
            usage=self.usage,
            flow=self.flow,
            skill_groups=self.skill_groups,
            order=self.order,
            adopt=self.adopt,
            keep_on_removal=self.keep_on_removal,
            agent=self.agent,
            source=self.source,
        )

    def problem(self, key: str, value: str | None, message: str, rule: str) -> Problem:
        """A problem at `key`, or at the number itself when the value comes from the defaults."""
        if key in self.said:
            return Problem.at(self.place(key), self.path(key), value, message, rule)
        source = f"{message} (from defaults)" if value is not None else message
        return Problem.at(self.source, self.path(key), value, source, rule)


def number_problems(
    number: Resolved,
    groups: Mapping[str, SkillGroupDeclaration],
    flows: Mapping[str, ContactFlowDeclaration],
    orders: Collection[str] | None,
) -> Iterator[Problem]:
    """Everything wrong with one number. `groups` and `flows` are the managed ones of its instance."""
    if number.usage is None:
        if "usage" not in number.unknown:
            message = "is missing; write inbound, outbound or bidirectional here or in defaults"
            yield number.problem("usage", None, message, "usage")
    else:
        yield from _usage(number, number.usage)
        yield from _flow(number, number.usage, flows)
        yield from _skill_groups(number, number.usage, groups)
    if number.order is not None and orders is not None and number.order not in orders:
        known = suggestion(number.order, orders, "its orders are") if orders else "it has none"
        message = f"is not an order of this file; {known}"
        yield number.problem("order", number.order, message, "order")


def _usage(number: Resolved, usage: Usage) -> Iterator[Problem]:
    if is_400(number.number) and usage is not Usage.INBOUND:
        message = "cannot be the usage of a 400 number, which only takes calls; write inbound"
        yield number.problem("usage", str(usage), message, "usage")


def _flow(number: Resolved, usage: Usage, flows: Mapping[str, ContactFlowDeclaration]) -> Iterator[Problem]:
    if not usage.takes_calls:
        if number.flow is not None:
            message = (
                "can never answer: the number is outbound; take the flow out or write usage: bidirectional"
            )
            yield number.problem("flow", number.flow, message, "flow")
        return
    if unanswered(usage, number.flow):
        if "flow" not in number.unknown:
            kind = "an inbound" if usage is Usage.INBOUND else "a bidirectional"
            near = f"; managed here: {', '.join(flows)}" if flows else ""
            message = f"is missing; {kind} number without a flow is a dead line{near}"
            yield number.problem("flow", None, message, "flow")
        return
    managed = flows.get(number.flow or "")
    if managed is not None and managed.type is not FlowType.MAIN:
        mains = [flow.name for flow in flows.values() if flow.type is FlowType.MAIN]
        message = f"is a {managed.type} flow; a number takes a main flow"
        message += f", such as {quoted(mains[0])}" if mains else ""
        yield number.problem("flow", number.flow, message, "flow")


def _skill_groups(
    number: Resolved, usage: Usage, groups: Mapping[str, SkillGroupDeclaration]
) -> Iterator[Problem]:
    if unusable(usage, number.skill_groups, number.agent):
        if "skillGroups" not in number.unknown:
            kind = "an outbound" if usage is Usage.OUTBOUND else "a bidirectional"
            message = (
                f"is missing; {kind} number without a skill group is a dead line: nobody can call out with it"
            )
            yield number.problem("skillGroups", None, message, "skill-group")
        return
    if number.agent is not None and number.skill_groups:
        message = "has it as a personal number, which no skill group can share; take out agent or skillGroups"
        yield number.problem("agent", number.agent, message, "skill-group")
    for index, name in enumerate(number.skill_groups):
        if name in number.skill_groups[:index]:
            yield number.problem("skillGroups", name, "is named twice", "skill-group")
        managed = groups.get(name)
        if managed is not None and managed.media_type is not MediaType.AUDIO:
            message = f"is a {managed.media_type} group; numbers belong to audio groups"
            yield number.problem("skillGroups", name, message, "skill-group")
