"""Problems for people and machines: lines with a table, JSON, Markdown, SARIF, GitHub annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from ccc_numbers import __version__
from ccc_numbers.fleet.check.examine import Examined
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.markdown import inline
from ccc_numbers.messages.names import some
from ccc_numbers.messages.problem import Problem
from ccc_numbers.messages.terminal import Text
from ccc_numbers.messages.visible import visible

_ACCOUNT = '`ccc:account: "…"` (its id), so that keys of another account are refused'


def problems_of(examined: Iterable[Examined]) -> list[Problem]:
    """All of them, none twice, stack by stack."""
    return list(dict.fromkeys(problem for each in examined for problem in each.problems))


def counts(problems: Iterable[Problem]) -> dict[str, int]:
    """How many of each severity."""
    found = Counter[str]()
    for problem in problems:
        found[problem.severity] += problem.count
    return {"errors": found["error"], "warnings": found["warning"]}


def in_words(problems: Sequence[Problem]) -> str:
    """`3 errors, 1 warning`, or `nothing wrong`."""
    found = counts(problems)
    parts = [f"{count} {word[:-1] if count == 1 else word}" for word, count in found.items() if count]
    return ", ".join(parts) or "nothing wrong"


def print_table(console: Console, examined: Sequence[Examined]) -> None:
    """Each problem on its own line, ready to click or grep; then the stacks with their counts, and advice."""
    problems = problems_of(examined)
    for problem in problems:
        colour = "red" if problem.severity == "error" else "yellow"
        line = Text(str(problem))
        line.stylize("bold", 0, len(str(problem.source)))
        if problem.severity != "error":
            line.append(" (warning)", style=colour)
        console.print(line, soft_wrap=True)
    if problems:
        console.print()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("stack")
    for heading in ("instances", "numbers", "orders", "errors", "warnings"):
        table.add_column(heading, justify="right")
    for each in examined:
        found = counts(each.problems)
        table.add_row(
            each.file.name,
            str(len(each.sound.instances)),
            str(each.numbers),
            str(len(each.sound.orders)),
            Text(str(found["errors"]), style="red" if found["errors"] else ""),
            Text(str(found["warnings"]), style="yellow" if found["warnings"] else ""),
        )
    console.print(table)
    console.print()
    if advice := _advice(examined):
        console.print(Text(advice, style="dim"), soft_wrap=True)
    console.print(f"{_stacks(examined)}: {in_words(problems)}")


def _advice(examined: Iterable[Examined]) -> str:
    """The stacks whose keys may be anybody's, and what to write there; "" when there are none."""
    stacks = [each.file.name for each in examined if each.names_no_account]
    return f"advice: name the account in {_ACCOUNT}: {some(stacks, 5)}" if stacks else ""


def _stacks(examined: Sequence[Examined]) -> str:
    return "1 stack" if len(examined) == 1 else f"{len(examined)} stacks"


def as_json(examined: Sequence[Examined]) -> str:
    """One object: counts, stacks, problems."""
    problems = problems_of(examined)
    stacks = [
        {
            "stack": each.file.name,
            "file": each.sound.file.as_posix(),
            "instances": len(each.sound.instances),
            "numbers": each.numbers,
            "orders": len(each.sound.orders),
            **counts(each.problems),
        }
        for each in examined
    ]
    found = [asdict(problem) for problem in problems]
    whole = {"version": 1, **counts(problems), "stacks": stacks, "problems": found}
    return json_text(whole)


def as_markdown(examined: Sequence[Examined]) -> str:
    """A summary line and one table row per problem."""
    problems = problems_of(examined)
    lines = [f"**ccc-numbers check**: {_stacks(examined)}, {in_words(problems)}", ""]
    if problems:
        lines += ["| where | what |", "|---|---|"]
    for problem in problems:
        where, message = str(problem.source), str(problem)[len(str(problem.source)) + 2 :]
        mark = "" if problem.severity == "error" else "(warning) "
        lines.append(f"| {inline(where)} | {mark}{inline(message)} |")
    return "\n".join(lines).rstrip() + "\n"


def as_sarif(examined: Sequence[Examined]) -> str:
    """SARIF 2.1.0, as code scanning reads it."""
    problems = problems_of(examined)
    rules = sorted({problem.rule for problem in problems})
    results = [
        {
            "ruleId": problem.rule,
            "ruleIndex": rules.index(problem.rule),
            "level": problem.severity,
            "message": {"text": str(problem)[len(str(problem.source)) + 2 :]},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": problem.file},
                        "region": {"startLine": problem.line, "startColumn": problem.column},
                    }
                }
            ],
        }
        for problem in problems
    ]
    driver = {
        "name": "ccc-numbers",
        "version": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": rule.replace("-", " ")}} for rule in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json_text(log)


def github_annotations(problems: Iterable[Problem]) -> list[str]:
    """GitHub's workflow commands, which mark the lines in a pull request."""
    return [
        f"::{problem.severity} file={_property(problem.file)},line={problem.line},col={problem.column},"
        f"title={_property('ccc-numbers: ' + problem.rule)}::{_data(str(problem))}"
        for problem in problems
    ]


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
