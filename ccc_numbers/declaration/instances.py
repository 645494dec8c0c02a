"""Instances: defaults applied, numbers of both sources, and their problems by the rules."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ccc_numbers.api.rows import LONGEST_NAME, SKILL_GROUP_NAME
from ccc_numbers.declaration.grammar import InstanceShape, NumberShape
from ccc_numbers.declaration.model import (
    ContactFlowDeclaration,
    InstanceDeclaration,
    NumberDeclaration,
    SkillGroupDeclaration,
)
from ccc_numbers.declaration.numbers_file import read_numbers_file
from ccc_numbers.declaration.rules import ResolvedNumber, WrittenNumber, number_problems
from ccc_numbers.declaration.shape import Shaped
from ccc_numbers.messages.files import MIB, named_file, read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem, Source, shown
from ccc_numbers.messages.yaml_document import Document, dotted
from ccc_numbers.numbers.number_text import number_fault

_INSTANCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


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
            self._fault(loc, tr("is not an instance id: letters, digits, _ and -, such as acme-support"))
        groups = self._skill_groups(loc, shape)
        flows = self._contact_flows(loc, shape)
        written = self._written(loc, shape)
        gives_away = "numbers" in shape.model_fields_set and not shape.numbers  # `numbers: {}`
        empty = not (written or shape.numbers_file or groups or flows or gives_away)
        if empty and not any(touched[:2] == loc for touched in self.shaped.touched):
            self._fault(
                loc,
                tr(
                    "declares nothing; give it numbers or a numbersFile, write `numbers: {}` while they move away, or remove it"
                ),
            )
        lost = self._defaults_unknown(loc, shape)
        numbers: dict[str, NumberDeclaration] = {}
        for each in written:
            if self._refused(each) or each.touched:
                continue
            resolved = ResolvedNumber.of(each, shape, lost)
            found = list(number_problems(resolved, groups, flows, orders))
            self.document.problems.extend(found)
            number = resolved.declared()
            if number is not None and not found:
                numbers[each.number] = number
        return InstanceDeclaration(
            id=id,
            removal_budget=shape.removal_budget,
            change_budget=shape.change_budget,
            protected=shape.protected,
            self_service=shape.self_service,
            keep_on_removal=shape.keep_on_removal,
            skill_groups=groups,
            contact_flows=flows,
            numbers=numbers,
            source=self.document.key(loc),
        )

    def _written(self, loc: tuple[str, ...], shape: InstanceShape) -> list[WrittenNumber]:
        """The numbers of the stack file, then those of its numbersFile."""
        sources = self.document.keys((*loc, "numbers"))
        numbers = [self._number(loc, number, said, sources[number]) for number, said in shape.numbers.items()]
        here, name = (*loc, "numbersFile"), shape.numbers_file
        file = None if name is None else named_file(self.document, here, name, self.folder)
        if name is None or file is None:
            return numbers
        rows, problems = read_numbers_file(file)
        self._file_problems(here, name, problems)
        if not rows and not problems:
            self.document.report(here, tr("has no numbers in it"), "csv", value=name)
        return [*numbers, *rows]

    def _number(self, loc: tuple[str, ...], number: str, said: NumberShape, source: Source) -> WrittenNumber:
        here = (*loc, "numbers", number)
        return WrittenNumber(
            number=number,
            said=said,
            source=source,
            touched=here in self.shaped.touched,
            place=lambda key: self.document.value((*here, key)),
            path=lambda key: dotted((*here, key) if key else here),
        )

    def _refused(self, written: WrittenNumber) -> bool:
        """Whether the number is malformed or declared twice; both are reported here."""
        message, rule = number_fault(written.number), "number"
        if message is None:
            first = self.seen.setdefault(written.number, written.source)
            if first is written.source:
                return False
            message, rule = tr("is declared twice in this stack; first at {place}", place=first), "duplicate"
        path = written.path("")
        value = None if path.endswith(written.number) else written.number
        self.document.problems.append(Problem.at(written.source, path, value, message, rule))
        return True

    def _defaults_unknown(self, loc: tuple[str, ...], shape: InstanceShape) -> frozenset[str]:
        """Defaults that were refused, or may hide behind a misspelt key: nothing follows from their absence."""
        touched = self.shaped.touched
        everything = frozenset({"usage", "flow", "skillGroups", "order", "ignoreChanges"})
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
            if not SKILL_GROUP_NAME.fullmatch(name):
                self._fault(
                    here,
                    tr("is not a skill group name: a letter first, then letters, digits, _ or -, at most 64"),
                )
            groups[name] = SkillGroupDeclaration(name=name, source=self.document.key(here), **dict(group))
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
            if not name or not name.isprintable() or name != name.strip() or len(name) > LONGEST_NAME:
                self._fault(here, tr("is not a flow name: 1 to 64 characters, all of them visible"))
            file = named_file(self.document, where, flow.definition, self.folder)
            if file is None:
                continue
            text = read_text(file, MIB)
            if isinstance(text, Problem):
                self._file_problems(where, flow.definition, [text])
            elif fault := _json_fault(text, file):
                self.document.problems.append(fault)
            else:
                flows[name] = ContactFlowDeclaration(
                    name, flow.type, flow.description, file, text, self.document.key(here)
                )
        return flows

    def _file_problems(self, loc: tuple[str, ...], written: str, problems: Iterable[Problem]) -> None:
        """Problems of a file; one that cannot be read at all is reported where its name is written."""
        for problem in problems:
            if problem.rule == "file":
                self.document.report(loc, problem.message, "file", value=written)
            else:
                self.document.problems.append(problem)

    def _fault(self, loc: tuple[str, ...], message: str) -> None:
        self.document.report(loc, message, "rule", at_key=True)


def _json_fault(text: str, file: Path) -> Problem | None:
    """Why `text` is not a flow definition, or None: it has to be one JSON object."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        where = Source(shown(file), error.lineno, error.colno)
        return Problem.at(where, "", None, tr("is not valid JSON: {why}", why=error.msg), "file")
    except RecursionError:
        return Problem.of_file(file, tr("is nested too deeply for a flow"))
    except ValueError:  # Python's own limit on digits
        return Problem.of_file(file, tr("holds a whole number of thousands of digits, which no flow needs"))
    if not isinstance(value, dict):
        return Problem.of_file(file, tr("is not a flow definition: a JSON object is needed"))
    return None
