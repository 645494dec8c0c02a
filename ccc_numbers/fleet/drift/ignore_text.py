"""The text of an ignore file with a rule more. All other lines stay as people wrote them."""

from collections.abc import Sequence
from datetime import date
from glob import escape
from pathlib import Path
from textwrap import indent

import yaml
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ccc_numbers.declaration.ignore_rules import IgnoreRule, rules_in
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.yaml_text import STEP, CannotInsert, child, compose, dumped, insert, scalar
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import shown

_KEY = "rules"
_HEAD = "# What `ccc-numbers drift` does not report for a while: docs/drift.md\n"  # not translated: kept


def with_rule(
    path: Path, text: str | None, findings: Sequence[Finding], until: str, reason: str, owner: str
) -> str:
    """The text with a rule that hides these, which differ in their subject alone; None: a new file.

    FleetError for what the file's reader would refuse, and for a form that has no place.
    """
    before = () if text is None else _rules(path, text)
    made = _with(path, text, dumped(_row(findings, until, reason, owner)))
    after = _rules(path, made)
    if after[:-1] != before or not all(after[-1].hides(each) for each in findings):
        raise FleetError(tr("{path}: cannot take the rule; nothing was written", path=shown(path)))
    return made


def _with(path: Path, text: str | None, row: str) -> str:
    entry = "- " + indent(row, " " * STEP).lstrip()
    if text is None:
        return f"{_HEAD}{_KEY}:\n{indent(entry, ' ' * STEP)}"
    rules = child(compose(text), _KEY)
    if not isinstance(rules, yaml.SequenceNode) or rules.flow_style:
        raise CannotInsert(tr("{path}: its rules do not have lines of their own", path=shown(path)), entry)
    return insert(text if text.endswith("\n") else f"{text}\n", rules, entry)


def _row(findings: Sequence[Finding], until: str, reason: str, owner: str) -> CommentedMap:
    first = findings[0]
    subjects = CommentedSeq(DoubleQuotedScalarString(escape(each.subject)) for each in findings)
    subjects.fa.set_flow_style()
    said = {"kind": str(first.kind), "stack": first.stack, "instance": first.instance, "field": first.field}
    said |= {"reason": reason, "owner": owner}
    row = CommentedMap(subject=subjects if len(subjects) > 1 else subjects[0])
    row.update(
        {
            key: scalar(escape(value) if key in ("stack", "instance") else value)
            for key, value in said.items()
            if value
        }
    )
    row["until"] = _day(until)
    return row


def _day(written: str) -> object:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written  # the file's reader says what is wrong with it


def _rules(path: Path, text: str) -> tuple[IgnoreRule, ...]:
    found = rules_in(text, path)
    if isinstance(found, list):
        raise FleetError(*(tr("{each}; nothing was written", each=each) for each in found))
    return found
