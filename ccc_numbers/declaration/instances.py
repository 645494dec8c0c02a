"""Instances: defaults applied, numbers of both sources gathered, and what the rules say about each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic.alias_generators import to_camel

from ccc_numbers.declaration.grammar import DefaultsShape, InstanceShape, NumberShape
from ccc_numbers.declaration.model import (
    ContactFlowDeclaration,
    InstanceDeclaration,
    NumberDeclaration,
    SkillGroupDeclaration,
)
from ccc_numbers.declaration.numbers_file import read_numbers_file
from ccc_numbers.declaration.rules import Resolved, number_problems
from ccc_numbers.messages.files import MIB, inside, read_text
from ccc_numbers.messages.problem import Problem, Source, shown
from ccc_numbers.messages.yaml_document import dotted
from ccc_numbers.numbers.number_text import number_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ccc_numbers.declaration.shape import Shaped
    from ccc_numbers.messages.yaml_document import Document

_GROUP_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_WRITTEN = {name: to_camel(name) for name in NumberShape.model_fields}
"""The keys of a number as they are written, by the name of their field."""
_INSTANCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A number as one of the two sources says it; `touched` when part of it was refused already."""

    number: str
    said: NumberShape
    source: Source
    touched: bool
    place: Callable[[str], Source]
    path: Callable[[str], str]


@dataclass(slots=True)
class Reader:
    """Resolves the instances of one stack file; problems are gathered on the document."""

    document: Document
    shaped: Shaped
    folder: Path
    # Every number of the stack so far and where it was declared: a number is declared once per stack.
    seen: dict[str, Source] = field(default_factory=dict)

    def instance(self, id: str, shape: InstanceShape, orders: frozenset[str] | None) -> InstanceDeclaration:
        """The instance with all that is sound in it. `orders` is None when they are not known for certain."""
        loc = ("instances", id)
        if not _INSTANCE_ID.fullmatch(id):
            self._key(loc, "is not an instance id: letters, digits, _ and -, such as acme-support")
        groups = self._skill_groups(loc, shape)
        flows = self._contact_flows(loc, shape)
        entries = self._entries(loc, shape)
        said = (
            "numbers" in shape.model_fields_set and not shape.numbers
        )  # `numbers: {}`: it gives all its numbers away
        empty = not entries and not shape.numbers_file and not groups and not flows and not said
        if empty and not any(touched[:2] == loc for touched in self.shaped.touched):
            self._key(
                loc,
                "declares nothing; give it numbers or a numbersFile, write `numbers: {}` while they move away, or remove it",
            )
        guessing = self._defaults_unknown(loc, shape)
        numbers: dict[str, NumberDeclaration] = {}
        for entry in entries:
            if self._refused(entry) or entry.touched:
                continue
            resolved = _resolve(entry, shape, guessing)
            found = list(number_problems(resolved, groups, flows, orders))
            self.document.problems.extend(found)
            number = resolved.declared()
            if number is not None and not found:
                numbers[entry.number] = number
        return InstanceDeclaration(
            id=id,
            removal_budget=shape.removal_budget,
            change_budget=shape.change_budget,
            protected=shape.protected,
            keep_on_removal=shape.keep_on_removal,
            skill_groups=groups,
            contact_flows=flows,
            numbers=numbers,
            source=self.document.key(loc),
        )

    def _entries(self, loc: tuple[str, ...], shape: InstanceShape) -> list[_Entry]:
        entries = [self._entry(loc, number, said) for number, said in shape.numbers.items()]
        if shape.numbers_file is None:
            return entries
        where = self.document.value((*loc, "numbersFile"))
        path = dotted((*loc, "numbersFile"))
        file = inside(self.folder, shape.numbers_file)
        if isinstance(file, str):
            self.document.problems.append(Problem.at(where, path, shape.numbers_file, file, "file"))
            return entries
        rows, problems = read_numbers_file(file)
        self._file_problems((*loc, "numbersFile"), shape.numbers_file, problems)
        if not rows and not problems:
            message = "has no numbers in it"
            self.document.problems.append(Problem.at(where, path, shape.numbers_file, message, "csv"))
        entries += [
            _Entry(row.number, row.said, row.source, row.touched, row.place, row.path) for row in rows
        ]
        return entries

    def _entry(self, loc: tuple[str, ...], number: str, said: NumberShape) -> _Entry:
        here = (*loc, "numbers", number)
        return _Entry(
            number=number,
            said=said,
            source=self.document.key(here),
            touched=here in self.shaped.touched,
            place=lambda key: self.document.value((*here, key)),
            path=lambda key: dotted((*here, key) if key else here),
        )

    def _refused(self, entry: _Entry) -> bool:
        """Whether the number is malformed or declared twice; both are reported here."""
        message, rule = number_fault(entry.number), "number"
        if message is None:
            first = self.seen.setdefault(entry.number, entry.source)
            if first is entry.source:
                return False
            message, rule = f"is declared twice in this stack; first at {first}", "duplicate"
        path = entry.path("")
        value = None if path.endswith(entry.number) else entry.number
        self.document.problems.append(Problem.at(entry.source, path, value, message, rule))
        return True

    def _defaults_unknown(self, loc: tuple[str, ...], shape: InstanceShape) -> frozenset[str]:
        """Defaults that were refused, or may hide behind a misspelt key: nothing follows from their absence."""
        touched = self.shaped.touched
        everything = frozenset({"usage", "flow", "skillGroups", "order"})
        if (*loc, "defaults") in touched:
            lost = {str(each[3]) for each in touched if each[:3] == (*loc, "defaults") and len(each) == 4}
            return frozenset(lost) if lost and lost <= everything else everything
        known = {each.alias or name for name, each in type(shape).model_fields.items()}
        misspelt = any(len(each) == 3 and each[:2] == loc and each[2] not in known for each in touched)
        return everything if misspelt and not shape.defaults.model_fields_set else frozenset()

    def _skill_groups(
        self, loc: tuple[str, ...], shape: InstanceShape
    ) -> Mapping[str, SkillGroupDeclaration]:
        groups = {}
        for name, group in shape.skill_groups.items():
            here = (*loc, "skillGroups", name)
            if not _GROUP_NAME.fullmatch(name):
                self._key(
                    here,
                    "is not a skill group name: a letter first, then letters, digits, _ or -, at most 64",
                )
            groups[name] = SkillGroupDeclaration(
                name, group.display_name, group.description, group.media_type, self.document.key(here)
            )
        return groups

    def _contact_flows(
        self, loc: tuple[str, ...], shape: InstanceShape
    ) -> Mapping[str, ContactFlowDeclaration]:
        flows = {}
        for name, flow in shape.contact_flows.items():
            here = (*loc, "contactFlows", name)
            where = (*here, "definition")
            if where in self.shaped.touched:
                continue
            if not name or not name.isprintable() or name != name.strip() or len(name) > 64:
                self._key(here, "is not a flow name: 1 to 64 characters, all of them visible")
            file = inside(self.folder, flow.definition)
            definition = file if isinstance(file, str) else read_text(file, MIB)
            if isinstance(file, str):
                self._value(where, flow.definition, file)
                continue
            if isinstance(definition, Problem):
                self._file_problems(where, flow.definition, [definition])
                continue
            fault = _json_fault(definition, file)
            if fault is not None:
                self.document.problems.append(fault)
                continue
            flows[name] = ContactFlowDeclaration(
                name, flow.type, flow.description, file, definition, self.document.key(here)
            )
        return flows

    def _file_problems(self, loc: tuple[str, ...], written: str, problems: list[Problem]) -> None:
        """Problems of a file; a file that cannot be read at all is reported where its name is written."""
        for problem in problems:
            if problem.rule == "file":
                self._value(loc, written, problem.message)
            else:
                self.document.problems.append(problem)

    def _key(self, loc: tuple[str, ...], message: str) -> None:
        self.document.problems.append(Problem.at(self.document.key(loc), dotted(loc), None, message, "rule"))

    def _value(self, loc: tuple[str, ...], value: str, message: str) -> None:
        self.document.problems.append(
            Problem.at(self.document.value(loc), dotted(loc), value, message, "file")
        )


def _resolve(entry: _Entry, shape: InstanceShape, lost: frozenset[str]) -> Resolved:
    """The number's own words first, the defaults for what it does not say."""
    said = frozenset(_WRITTEN[name] for name in entry.said.model_fields_set)
    defaults: DefaultsShape = shape.defaults
    usage = entry.said.usage if "usage" in said else defaults.usage
    flow = entry.said.flow if "flow" in said else defaults.flow
    if usage is not None and not usage.takes_calls and "flow" not in said:
        flow = None
    groups = entry.said.skill_groups if "skillGroups" in said else defaults.skill_groups
    if entry.said.agent is not None and "skillGroups" not in said:
        groups = None
    keep = entry.said.keep_on_removal
    return Resolved(
        number=entry.number,
        usage=usage,
        flow=flow,
        skill_groups=tuple(groups or ()),
        order=entry.said.order if "order" in said else defaults.order,
        agent=entry.said.agent,
        adopt=entry.said.adopt,
        keep_on_removal=shape.keep_on_removal if keep is None else keep,
        said=said,
        unknown=lost - said,
        source=entry.source,
        place=entry.place,
        path=entry.path,
    )


def _json_fault(text: str, file: Path) -> Problem | None:
    """Why `text` is not a flow definition, or None: it has to be one JSON object."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"is not valid JSON: {error.msg}"
        return Problem(shown(file), error.lineno, error.colno, "", None, message, "file")
    except RecursionError:
        return Problem(shown(file), 1, 1, "", None, "is nested too deeply for a flow", "file")
    except ValueError:  # Python's own bound on digits
        message = "holds a whole number of thousands of digits, which no flow needs"
        return Problem(shown(file), 1, 1, "", None, message, "file")
    if not isinstance(value, dict):
        return Problem(
            shown(file), 1, 1, "", None, "is not a flow definition: a JSON object is needed", "file"
        )
    return None
