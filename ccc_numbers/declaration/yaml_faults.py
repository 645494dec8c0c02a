"""What the YAML parser found wrong, in words about the file."""

from __future__ import annotations

import yaml

from ccc_numbers.declaration.problem import Problem
from ccc_numbers.messages.names import quoted

_PARSER_WORDS = {
    "mapping values are not allowed in this context": (
        "a second `key:` in one line; check the indentation, or put quotes around a value that holds `: `"
    ),
    "did not find expected key": "there is no key where one is expected; check indentation and brackets",
    "did not find expected ',' or '}'": "a { is not closed, or a comma is missing",
    "did not find expected ',' or ']'": "a [ is not closed, or a comma is missing",
    "did not find expected node content": "a bracket is not closed, or a value is missing",
    "found unexpected end of stream": "a quotation mark is opened and never closed",
    "could not find expected ':'": "a key without its `:`",
}


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """One line for what the parser found: half-written brackets, tabs, control characters."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = _PARSER_WORDS.get(error.problem or "", error.problem or "cannot be read")
        lines = text.splitlines()
        if "cannot start any token" in what:
            character = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
            what = (
                "a tab cannot indent; use spaces"
                if character == "\t"
                else f"{quoted(character)} in this place needs quotes"
            )
        if error.context and error.context_mark and error.context_mark.line + 1 != line:
            what += f" (in what begins at line {error.context_mark.line + 1})"
        return Problem(file, line, column, "", None, f"is not valid YAML: {what}", "yaml")
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        return Problem(file, line, column, "", None, f"is not valid YAML: {error.reason}", "yaml")
    return Problem(file, 1, 1, "", None, f"is not valid YAML: {error}", "yaml")
