"""Reads `overrides:`, and refuses what nobody can have meant: unknown numbers, a dead line, two that contradict."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic.alias_generators import to_camel

from ccc_numbers.declaration.grammar import NumberShape, OverrideShape
from ccc_numbers.declaration.model import InstanceDeclaration, NumberDeclaration
from ccc_numbers.declaration.override import Override, overridden
from ccc_numbers.declaration.rules import ResolvedNumber, WrittenNumber, number_problems
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import listed, quoted, some, suggestion
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.messages.yaml_document import Document, dotted
from ccc_numbers.numbers.plan_number import Part

_BINDING = ("usage", "flow", "skill_groups")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class OverridesReader:
    """Resolves the overrides of one stack file; problems are gathered on the document.

    `written` are all numbers of the file, sound or not; `instances` hold the sound ones. `whole`: no number can hide
    behind another mistake, so that one that is not there is unknown.
    """

    document: Document
    instances: Mapping[str, InstanceDeclaration]
    written: Collection[str]
    whole: bool

    def read(self, shapes: Sequence[OverrideShape]) -> tuple[Override, ...]:
        """All that can be resolved. Whatever is wrong with one is said at its place."""
        found = {index: each for index, shape in enumerate(shapes) if (each := self._override(index, shape))}
        for index, override in found.items():
            self._check_numbers(index, override, found)
        for (first, one), (second, other) in combinations(found.items(), 2):
            self._check_contradiction(first, one, second, other)
        return tuple(found.values())

    def _override(self, index: int, shape: OverrideShape) -> Override | None:
        before = len(self.document.problems)
        said = {name: getattr(shape, name) for name in _BINDING if name in shape.model_fields_set}
        if "skill_groups" in said:
            said["skill_groups"] = said["skill_groups"] or ()
        if said.get("usage", ...) is None:
            self._fault(
                index, "usage", tr("is none; write inbound, outbound or bidirectional, or leave it out")
            )
        if not said:
            self._fault(index, "", tr("changes nothing; write flow, skillGroups or usage"))
        begins, ends = shape.from_.begins, shape.until.ends
        if ends <= begins:
            message = tr("is not after from ({begin}): it would never be in force", begin=shape.from_.written)
            self._fault(index, "until", message, shape.until.written)
        numbers = self._numbers(index, shape)
        if len(self.document.problems) > before:
            return None
        place = self.document.key(("overrides", index))
        until, reason, owner = shape.until.written, shape.reason, shape.owner
        return Override(numbers, said, begins, ends, until, reason, owner, place)

    def _numbers(self, index: int, shape: OverrideShape) -> frozenset[str]:
        """The numbers it is for; empty when that is a mistake, which is reported."""
        where = shape.where
        if (shape.numbers is None) == (where is None):
            message = tr("says for which numbers in one way: numbers, or where: {flow: …} or {instance: …}")
            self._fault(index, "", message)
            return frozenset()
        if shape.numbers is not None:
            for at, number in enumerate(shape.numbers):
                if number not in self.written and self.whole:
                    hint = suggestion(number, sorted(self.written), "its numbers are", most=_SHOWN)
                    self._fault(
                        index, f"numbers.{at}", tr("is not a number of this file; {hint}", hint=hint), number
                    )
            if not shape.numbers:
                self._fault(index, "numbers", tr("names no number"))
            return frozenset(shape.numbers)
        assert where is not None
        if where.instance is None and where.flow is None:
            self._fault(index, "where", tr("says nothing; write flow or instance"))
        if where.instance is not None and where.instance not in self.instances:
            hint = suggestion(where.instance, self.instances, "its instances are")
            self._fault(
                index,
                "where.instance",
                tr("is not an instance of this file; {hint}", hint=hint),
                where.instance,
            )
            return frozenset()
        places = [self.instances[where.instance]] if where.instance else list(self.instances.values())
        numbers = [number for instance in places for number in instance.numbers.values()]
        found = frozenset(each.number for each in numbers if where.flow in (None, each.flow))
        if not found and self.whole and not self.document.problems:
            hint = suggestion(
                where.flow or "", sorted({each.flow for each in numbers if each.flow}), "there are"
            )
            message = (
                tr("answers no number declared here; {hint}", hint=hint)
                if where.flow
                else tr("has no numbers")
            )
            key, value = ("where.flow", where.flow) if where.flow else ("where.instance", where.instance)
            self._fault(index, key, message, value)
        return found

    def _check_numbers(self, index: int, override: Override, all_of_them: Mapping[int, Override]) -> None:
        """Whether each number works as it is bound when this one begins, whatever else is in force then."""
        wrong: dict[tuple[str, str | None, str, str], list[str]] = defaultdict(list)
        current = [each for each in all_of_them.values() if each.in_force(override.begins)]
        for instance in self.instances.values():
            for number in sorted(instance.numbers.keys() & override.numbers):
                declared = instance.numbers[number]
                laid = [each for each in current if number in each.numbers]
                for problem in self._problems(index, instance, overridden(declared, laid), override):
                    wrong[problem.path, problem.value, problem.message, problem.rule].append(number)
                for part in sorted(declared.ignored & _parts(override)):
                    message = tr(
                        "is left to others by ignoreChanges: it would not be applied, nor come back afterwards; take one "
                        "of the two out"
                    )
                    wrong[self._path(index, part), None, message, "override"].append(number)
        for (path, value, message, rule), numbers in wrong.items():
            where = self._place(index, path.rpartition("]")[2].lstrip("."))
            self.document.problems.append(
                Problem.at(
                    where,
                    path,
                    value,
                    tr("{message} ({numbers})", message=message, numbers=some(numbers, _SHOWN)),
                    rule,
                )
            )

    def _problems(
        self, index: int, instance: InstanceDeclaration, number: NumberDeclaration, override: Override
    ) -> Iterator[Problem]:
        """Everything wrong with an overridden number, at the override."""
        written = WrittenNumber(
            number.number,
            NumberShape.model_construct(
                _fields_set=set(override.binding), **override.binding, agent=number.agent
            ),
            override.source,
            touched=False,
            place=lambda key: self._place(index, key),
            path=lambda key: self._path(index, key),
            besides=mark("{message} (from the number itself)"),
        )
        resolved = ResolvedNumber(
            written, number.usage, number.flow, number.skill_groups, None, False, frozenset()
        )
        return number_problems(resolved, instance.skill_groups, instance.contact_flows, None)

    def _check_contradiction(self, first: int, one: Override, second: int, other: Override) -> None:
        shared = sorted(one.numbers & other.numbers)
        if not shared or not one.overlaps(other):
            return
        for name in one.binding.keys() & other.binding.keys():
            mine, theirs = _said(one.binding[name]), _said(other.binding[name])
            if mine != theirs:
                key = to_camel(name)
                message = tr(
                    "contradicts overrides[{index}] ({place}), which says {value} for {numbers} until {until}",
                    index=first,
                    place=one.source,
                    value=quoted(mine),
                    numbers=some(shared, _SHOWN),
                    until=one.until,
                )
                self._fault(second, key, message, theirs)

    def _fault(self, index: int, key: str, message: str, value: str | None = None) -> None:
        self.document.problems.append(
            Problem.at(self._place(index, key), self._path(index, key), value, message, "override")
        )

    def _place(self, index: int, key: str) -> Source:
        loc = self._loc(index, key)
        return self.document.value(loc) if key else self.document.key(loc)

    def _path(self, index: int, key: str) -> str:
        return dotted(self._loc(index, key))

    @staticmethod
    def _loc(index: int, key: str) -> tuple[str | int, ...]:
        steps = (int(step) if step.isdecimal() else step for step in key.split(".") if step)
        return ("overrides", index, *steps)


def _parts(override: Override) -> set[Part]:
    return {Part(to_camel(name)) for name in override.binding}


def _said(value: Any) -> str:
    return listed(sorted(value)) if isinstance(value, tuple) else str(value or tr("none"))
