"""Bring back what drifted: `pulumi up --refresh` on exactly the stacks concerned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.groups import grouped
from ccc_numbers.fleet.drift.healing import Healing, healings
from ccc_numbers.fleet.drift.output.table import print_unseen
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.drift.run import Options, look
from ccc_numbers.fleet.drift.words import plural
from ccc_numbers.fleet.engine.pulumi import pulumi_path, show
from ccc_numbers.fleet.engine.way_back import way_back
from ccc_numbers.fleet.progress import Live
from ccc_numbers.fleet.project import chosen_stacks, find_project
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.terminal import Text

_LEFT, _COULD_NOT = 1, 2

EPILOG = (
    "Examples: [bold]ccc-numbers heal[/bold] · [bold]ccc-numbers heal acme --yes[/bold]\n\n"
    "Exit codes: 0 nothing to repair is left · 1 something is, or the account lacks a declared number · 2 something "
    "could not be looked at, or Pulumi failed."
)


def command(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="STACK", help="Stacks to look at; all without.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Run what is printed.")] = False,
    ignore: Annotated[
        Path | None, typer.Option(help="Ignore file; without, drift-ignore.yaml where there is one.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Baseline; without, drift-baseline.yaml where there is one.")
    ] = None,
    project: Annotated[
        Path | None, typer.Option(help="The project's folder; without, the one you are in.")
    ] = None,
) -> None:
    """Print, and with --yes run, what brings drift back: `pulumi up --refresh` on exactly the stacks concerned.

    `up` makes all of a stack as declared, and nothing else: numbers that no stack declares stay untouched. Where it
    would stop at something a person has to decide, the stack is left alone and told.
    """
    folder, options = find_project(project), Options(ignore=ignore, baseline=baseline)
    report = _look(folder, chosen_stacks(folder, stacks), options)
    plans = healings(report)
    console = out()
    for plan in plans:
        _print(console, plan)
    print_unseen(console, report)
    possible = [plan for plan in plans if plan.possible]
    if not any(plan.repairs or plan.refuses or plan.lost for plan in plans):
        console.print("nothing to repair")
    elif possible and not yes:
        console.print()
        console.print("nothing was run; --yes runs it")
    if yes and possible:
        _heal(console, folder, possible, options)
    raise typer.Exit(_exit_code(report, plans, healed=yes))


def _heal(console: Console, folder: Path, plans: Sequence[Healing], options: Options) -> None:
    """Run `up` on each, then look again. Ends with exit code 1 or 2 when something is left or failed."""
    pulumi_path()
    failed = []
    for plan in plans:
        console.print()
        console.print(Text(_line(plan), style="bold"))
        if show(folder, plan.words) != 0:
            failed.append(plan.stack)
    report = _look(folder, [plan.stack for plan in plans], options)
    left = [finding for plan in healings(report) for finding in (*plan.repairs, *plan.refuses, *plan.lost)]
    print_unseen(console, report)
    if failed:
        err().print(f"pulumi up failed for {', '.join(failed)}; what it said stands above")
    for line in (line for stack in failed for line in way_back(stack, folder)):
        err().print(line, soft_wrap=True)
    console.print()
    console.print(
        Text(f"looked again: {_told(left)} left" if left else "looked again: all repaired", style="bold")
    )
    if failed or report.unseen or report.problems:
        raise typer.Exit(_COULD_NOT)
    if left:
        raise typer.Exit(_LEFT)


def _look(folder: Path, stacks: list[str], options: Options) -> Report:
    with Live(err()) as progress:
        return look(folder, stacks, options, date.today(), progress, "heal")


def _exit_code(report: Report, plans: Iterable[Healing], *, healed: bool) -> int:
    if report.unseen or report.problems:
        return _COULD_NOT
    left = any(
        plan.refuses or plan.lost or (plan.repairs and not (healed and plan.possible)) for plan in plans
    )
    return _LEFT if left else 0


def _print(console: Console, plan: Healing) -> None:
    if not plan.repairs and not plan.refuses and not plan.lost:
        return
    repairs = f"{_told(plan.repairs)} to repair" if plan.repairs else "nothing that `up` can repair"
    console.print(Text(f"{plan.stack}: {repairs}", style="bold"))
    for group in grouped(plan.repairs):
        field = f" {group.finding.field}" if group.finding.field else ""
        change = f"{group.finding.actual or 'none'} → {group.finding.expected or 'none'}"
        console.print(Text(f"  {group.finding.kind}{field}: {group.some(6)}: {change}"), soft_wrap=True)
    if plan.ignored:
        told = plural(len(plan.ignored), "ignored finding")
        console.print(Text(f"  {told} of this stack would be repaired as well", style="yellow"))
    for group in grouped(plan.refuses):
        line = f"  stops at {group.finding.kind}: {group.some(6)}: {group.finding.actual}; first "
        line += group.finding.next.do or group.finding.next.command
        console.print(Text(line, style="red"), soft_wrap=True)
    for group in grouped(plan.lost):
        line = f"  cannot repair {group.finding.kind}: {group.some(6)}: {group.finding.next.do}"
        console.print(Text(line, style="red"), soft_wrap=True)
    if plan.unseen:
        console.print(Text("  not all of it could be read, so it is left alone", style="magenta"))
    if plan.possible:
        console.print(Text(f"  {_line(plan)}", style="green"))
    others = len(plan.leaves) - len(plan.lost)
    if others:
        told = plural(others, "other finding")
        console.print(Text(f"  {told} `up` leaves alone: ccc-numbers drift {plan.stack}", style="dim"))


def _told(findings: Sequence[Finding]) -> str:
    counted = Counter(finding.kind for finding in findings)
    return ", ".join(f"{count} {kind}" for kind, count in counted.items())


def _line(plan: Healing) -> str:
    return " ".join(["pulumi", *(word if word.isascii() else quoted(word) for word in plan.words)])
