"""The rules between the values of a number: pure functions over resolved numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic.alias_generators import to_camel

from ccc_numbers.api.rows import FlowType, MediaType, Usage
from ccc_numbers.declaration.grammar import InstanceShape, NumberShape
from ccc_numbers.declaration.model import ContactFlowDeclaration, NumberDeclaration, SkillGroupDeclaration
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import listed, quoted, suggestion
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.numbers.number_text import is_400
from ccc_numbers.numbers.plan_number import Part
from ccc_numbers.numbers.rules import unanswered, unusable

_KEYS = {name: to_camel(name) for name in NumberShape.model_fields}


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as the stack file or a numbersFile has it.

    `touched`: part of it was refused, so nothing follows from a key that it lacks. `place` and `path` give position
    and name of a key, `besides` is the message about a key that it lacks.
    """

    number: str
    said: NumberShape
    source: Source
    touched: bool
    place: Callable[[str], Source]
    path: Callable[[str], str]
    besides: str = mark("{message} (from defaults)")

    @property
    def keys(self) -> frozenset[str]:
        """The keys it has itself."""
        return frozenset(_KEYS[name] for name in self.said.model_fields_set)


@dataclass(frozen=True, slots=True)
class ResolvedNumber:
    """A number with its defaults applied. `unknown` are keys that would come from defaults which were refused."""

    written: WrittenNumber
    usage: Usage | None
    flow: str | None
    skill_groups: tuple[str, ...]
    order: str | None
    keep_on_removal: bool
    unknown: frozenset[str]
    ignored: frozenset[Part] = frozenset()

    @classmethod
    def of(cls, written: WrittenNumber, shape: InstanceShape, lost: frozenset[str]) -> ResolvedNumber:
        """The number's own words first, the defaults for the keys it lacks. `lost` are defaults that were refused."""
        keys, said, defaults = written.keys, written.said, shape.defaults
        usage = said.usage if "usage" in keys else defaults.usage
        flow = said.flow if "flow" in keys else defaults.flow
        if usage is not None and not usage.takes_calls and "flow" not in keys:
            flow = None
        groups = said.skill_groups if "skillGroups" in keys else defaults.skill_groups
        if said.agent is not None and "skillGroups" not in keys:
            groups = None
        order = said.order if "order" in keys else defaults.order
        keep = shape.keep_on_removal if said.keep_on_removal is None else said.keep_on_removal
        ignored = defaults.ignore_changes if defaults.ignore_changes is not None else shape.ignore_changes
        ignored = said.ignore_changes if said.ignore_changes is not None else ignored
        return cls(written, usage, flow, groups or (), order, keep, lost - keys, frozenset(ignored or ()))

    @property
    def number(self) -> str:
        return self.written.number

    @property
    def agent(self) -> str | None:
        """ "" where the number says `agent: null`: nobody is to have it."""
        said = self.written.said.agent
        return "" if said is None and "agent" in self.written.keys else said

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
            adopt=self.written.said.adopt,
            keep_on_removal=self.keep_on_removal,
            agent=self.agent,
            source=self.written.source,
            ignored=self.ignored,
        )

    def problem(self, key: str, value: str | None, message: str, rule: str) -> Problem:
        """A problem at `key`, or at the number itself when the value comes from the defaults."""
        written = self.written
        if key in written.keys:
            return Problem.at(written.place(key), written.path(key), value, message, rule)
        if value is not None:
            message = tr(written.besides, message=message)
        return Problem.at(written.source, written.path(key), value, message, rule)


def number_problems(
    number: ResolvedNumber,
    groups: Mapping[str, SkillGroupDeclaration],
    flows: Mapping[str, ContactFlowDeclaration],
    orders: Collection[str] | None,
) -> Iterator[Problem]:
    """Everything wrong with one number. `groups` and `flows` are the managed ones of its instance."""
    if number.usage is None:
        if "usage" not in number.unknown:
            message = tr("is missing; write inbound, outbound or bidirectional here or in defaults")
            yield number.problem("usage", None, message, "usage")
    else:
        yield from _usage(number, number.usage)
        yield from _flow(number, number.usage, flows)
        yield from _skill_groups(number, number.usage, groups)
    if number.order is not None and orders is not None and number.order not in orders:
        known = suggestion(number.order, orders, "its orders are") if orders else tr("it has none")
        message = tr("is not an order of this file; {hint}", hint=known)
        yield number.problem("order", number.order, message, "order")


def _usage(number: ResolvedNumber, usage: Usage) -> Iterator[Problem]:
    if is_400(number.number) and usage is not Usage.INBOUND:
        message = tr("cannot be the usage of a 400 number, which only takes calls; write inbound")
        yield number.problem("usage", str(usage), message, "usage")


def _flow(
    number: ResolvedNumber, usage: Usage, flows: Mapping[str, ContactFlowDeclaration]
) -> Iterator[Problem]:
    if not usage.takes_calls:
        if number.flow is not None:
            message = tr(
                "can never answer: the number is outbound; take the flow out or write usage: bidirectional"
            )
            yield number.problem("flow", number.flow, message, "flow")
        return
    if unanswered(usage, number.flow):
        if "flow" not in number.unknown:
            if usage is Usage.INBOUND:
                message = tr("is missing; an inbound number without a flow is a dead line")
            else:
                message = tr("is missing; a bidirectional number without a flow is a dead line")
            if flows:
                message = tr("{message}; managed here: {flows}", message=message, flows=listed(flows))
            yield number.problem("flow", None, message, "flow")
        return
    managed = flows.get(number.flow or "")
    if managed is not None and managed.type is not FlowType.MAIN:
        mains = [flow.name for flow in flows.values() if flow.type is FlowType.MAIN]
        if mains:
            example = quoted(mains[0])
            message = tr(
                "is a {type} flow; a number takes a main flow, such as {example}",
                type=managed.type,
                example=example,
            )
        else:
            message = tr("is a {type} flow; a number takes a main flow", type=managed.type)
        yield number.problem("flow", number.flow, message, "flow")


def _skill_groups(
    number: ResolvedNumber, usage: Usage, groups: Mapping[str, SkillGroupDeclaration]
) -> Iterator[Problem]:
    if unusable(usage, number.skill_groups, number.agent):
        if "skillGroups" not in number.unknown:
            if usage is Usage.OUTBOUND:
                message = tr(
                    "is missing; an outbound number without a skill group is a dead line: nobody can call out with it"
                )
            else:
                message = tr(
                    "is missing; a bidirectional number without a skill group is a dead line: nobody can call out with it"
                )
            yield number.problem("skillGroups", None, message, "skill-group")
        return
    if number.agent and number.skill_groups:
        message = tr(
            "has it as a personal number, which no skill group can share; take out agent or skillGroups"
        )
        yield number.problem("agent", number.agent, message, "skill-group")
    for index, name in enumerate(number.skill_groups):
        if name in number.skill_groups[:index]:
            yield number.problem("skillGroups", name, tr("is named twice"), "skill-group")
        managed = groups.get(name)
        if managed is not None and managed.media_type is not MediaType.AUDIO:
            message = tr("is a {type} group; numbers belong to audio groups", type=managed.media_type)
            yield number.problem("skillGroups", name, message, "skill-group")
