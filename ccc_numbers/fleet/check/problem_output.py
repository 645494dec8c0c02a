"""Problems for people and machines: lines with a table, JSON, Markdown, SARIF, GitHub annotations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from ccc_numbers import __version__
from ccc_numbers.fleet.check.examine import Examined
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.language import mark, markn, tr, trn
from ccc_numbers.messages.markdown import inline
from ccc_numbers.messages.names import listed, some
from ccc_numbers.messages.problem import Problem
from ccc_numbers.messages.terminal import Text
from ccc_numbers.messages.visible import visible

_COUNTED = {
    "errors": markn("{count:,} error", "{count:,} errors"),
    "warnings": markn("{count:,} warning", "{count:,} warnings"),
}
_ACCOUNT = mark('`ccc:account: "…"` (its id), so that keys of another account are refused')


def problems_of(examined: Iterable[Examined]) -> list[Problem]:
    """All of them, none twice, stack by stack."""
    return list(dict.fromkeys(problem for each in examined for problem in each.problems))


def print_table(console: Console, examined: Sequence[Examined]) -> None:
    """Each problem on its own line, ready to click or grep; then the stacks with their counts, and advice."""
    problems = problems_of(examined)
    for problem in problems:
        line = Text(str(problem))
        line.stylize("bold", 0, len(str(problem.source)))
        if problem.severity != "error":
            line.append(tr(" (warning)"), style="yellow")
        console.print(line, soft_wrap=True)
    if problems:
        console.print()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("stack")
    for heading in (tr("instances"), tr("numbers"), tr("orders"), tr("errors"), tr("warnings")):
        table.add_column(heading, justify="right")
    for each in examined:
        row = _stack_row(each)
        *counts, errors, warnings = (str(count) for count in row.values())
        table.add_row(
            each.file.name,
            *counts,
            Text(errors, style="red" if row["errors"] else ""),
            Text(warnings, style="yellow" if row["warnings"] else ""),
        )
    console.print(table)
    console.print()
    if unnamed := [each.file.name for each in examined if each.names_no_account]:
        advice = tr(
            "advice: name the account in {account}: {unnamed}", account=tr(_ACCOUNT), unnamed=some(unnamed, 5)
        )
        console.print(Text(advice, style="dim"), soft_wrap=True)
    console.print(
        trn(
            "{count:,} stack: {problems}",
            "{count:,} stacks: {problems}",
            len(examined),
            problems=_in_words(problems),
        )
    )


def as_json(examined: Sequence[Examined]) -> str:
    """One object: counts, stacks, problems."""
    problems = problems_of(examined)
    stacks = [
        {"stack": each.file.name, "file": each.sound.file.as_posix(), **_stack_row(each)} for each in examined
    ]
    found = [asdict(problem) for problem in problems]
    return json_text({"version": 1, **_counts(problems), "stacks": stacks, "problems": found})


def as_markdown(examined: Sequence[Examined]) -> str:
    """A summary line and one table row per problem."""
    problems = problems_of(examined)
    lines = [
        trn(
            "**ccc-numbers check**: {count:,} stack, {problems}",
            "**ccc-numbers check**: {count:,} stacks, {problems}",
            len(examined),
            problems=_in_words(problems),
        )
    ]
    if problems:
        lines += ["", f"| {tr('where')} | {tr('what')} |", "|---|---|"]
    for problem in problems:
        mark = "" if problem.severity == "error" else tr("(warning) ")
        lines.append(f"| {inline(problem.source)} | {mark}{inline(_placeless(problem))} |")
    return "\n".join(lines) + "\n"


def as_sarif(examined: Sequence[Examined]) -> str:
    """SARIF 2.1.0, as code scanning reads it."""
    problems = problems_of(examined)
    rules = sorted({problem.rule for problem in problems})
    results = [
        {
            "ruleId": problem.rule,
            "ruleIndex": rules.index(problem.rule),
            "level": problem.severity,
            "message": {"text": _placeless(problem)},
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
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json_text({"$schema": schema, "version": "2.1.0", "runs": [run]})


def github_annotations(problems: Iterable[Problem]) -> list[str]:
    """GitHub's workflow commands, which mark the lines in a pull request."""
    return [
        f"::{problem.severity} file={_property(problem.file)},line={problem.line},col={problem.column},"
        f"title={_property('ccc-numbers: ' + problem.rule)}::{_data(str(problem))}"  # not translated: for programs
        for problem in problems
    ]


def _stack_row(each: Examined) -> dict[str, int]:
    sound = each.sound
    declared = {"instances": len(sound.instances), "numbers": each.numbers, "orders": len(sound.orders)}
    return {**declared, **_counts(each.problems)}


def _counts(problems: Iterable[Problem]) -> dict[str, int]:
    """How many of each severity."""
    found = Counter[str]()
    for problem in problems:
        found[problem.severity] += problem.count
    return {"errors": found["error"], "warnings": found["warning"]}


def _in_words(problems: Sequence[Problem]) -> str:
    """`3 errors, 1 warning`, or `nothing wrong`."""
    counts = _counts(problems)
    said = listed(trn(*_COUNTED[word], count) for word, count in counts.items() if count)
    return said or tr("nothing wrong")


def _placeless(problem: Problem) -> str:
    """The problem without its place, for forms that show the place beside it."""
    return str(problem).removeprefix(f"{problem.source}: ")


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
