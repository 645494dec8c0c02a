"""Move a repository that `init` has written to another version: its pin, and a diff of its other files to review.

The pin in requirements.txt is written. Every other file that differs from the template of this version, whoever
changed it, is shown, and the differences are in out/upgrade.patch: keep the parts you want and use `git apply`.
stacks/ and README.md are never looked at. The template and the list of changes come with the installed version: pin,
install, run this again. With --plan every stack is planned then: a new version alone should change nothing.

Examples: `ccc-numbers upgrade --to 0.2.0`, then `pip install -r requirements.txt` and `ccc-numbers upgrade --plan`

Exit codes: 0 done, or nothing to do · 1 with --plan: a stack would change, or could not be planned · 2 could not.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from typer import Exit, Option, echo

import ccc_numbers
from ccc_numbers.fleet import options
from ccc_numbers.fleet.answers import UpgradeAnswer
from ccc_numbers.fleet.commands import plan
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.gitops.fleet_run import StopRules
from ccc_numbers.fleet.gitops.output import ResultOutput
from ccc_numbers.fleet.project import find_project
from ccc_numbers.fleet.repository.changelog import changes
from ccc_numbers.fleet.repository.upgrade import PIN_FILE, committed_pin, differences, move_pin, read_pin
from ccc_numbers.messages.language import tr

_PATCH = Path("out") / "upgrade.patch"


def command(
    form: Annotated[Literal["table", "json"], options.output()] = "table",
    to: Annotated[str | None, Option(metavar="VERSION", help="Version to pin; else the running one.")] = None,
    *,
    planned: Annotated[bool, Option("--plan", help="Plan every stack then; nothing should change.")] = False,
    project: options.Project = None,
) -> None:
    if planned and form == "json":
        raise FleetError(
            tr("--plan shows a table; with --output json, run ccc-numbers plan --output json after it")
        )
    folder = find_project(project)
    console = err() if form == "json" else out()
    pinned, runs = read_pin(folder), ccc_numbers.__version__
    wanted = to or runs
    before = committed_pin(folder) or pinned
    if wanted == pinned:
        console.print(
            tr("{pin_file}: ccc-numbers {pinned} is pinned already", pin_file=PIN_FILE, pinned=pinned)
        )
    else:
        move_pin(folder, wanted)
        console.print(
            tr("{pin_file}: ccc-numbers {pinned} → {wanted}", pin_file=PIN_FILE, pinned=pinned, wanted=wanted)
        )
        if (folder / "requirements.lock").exists():
            console.print(tr("requirements.lock: belongs to the old pin; make it again"))
    differing = differences(folder) if wanted == runs else None
    if differing:
        write_text(folder / _PATCH, "".join(differing.values()), folders=True)
    changed = changes(before, runs) if wanted == runs else ""
    if changed:
        console.print(
            tr("since {before}:\n\n{changed}\n", before=before, changed=changed),
            soft_wrap=True,
            markup=False,
            highlight=False,
        )
    for line in _said(differing, wanted, runs):
        console.print(line, soft_wrap=True)
    if form == "json":
        paths, patch = (
            None if differing is None else tuple(differing),
            _PATCH.as_posix() if differing else None,
        )
        answer = UpgradeAnswer(
            pinned=pinned, wanted=wanted, runs=runs, differing=paths, patch=patch, changes=changed
        )
        echo(answer.text())
    if planned and wanted == runs:
        _plan(folder)


def _plan(folder: Path) -> None:
    """Plan all stacks; what would change goes to standard error with the rest. Raises Exit when anything would."""
    try:
        plan.command(None, output=ResultOutput(), rules=StopRules(), detailed=True, project=folder)
    except Exit:
        raise Exit(1) from None


def _said(differing: Mapping[str, str] | None, wanted: str, runs: str) -> Iterator[str]:
    """What there is to say of the files beside the pin; None where they come with another version."""
    if differing is None:
        yield tr(
            "the other files come with {wanted}, and {runs} runs here: pip install -r {pin_file}, then "
            "ccc-numbers upgrade",
            wanted=wanted,
            runs=runs,
            pin_file=PIN_FILE,
        )
    elif not differing:
        yield tr("the other files are as {runs} has them", runs=runs)
    else:
        for path, diff in differing.items():
            added, gone = (_count(diff, sign) for sign in "+-")
            yield tr("differs: {path} (+{added} -{gone})", path=path, added=added, gone=gone)
        yield tr(
            "none of these was written; keep the parts of it that you want: git apply {patch}", patch=_PATCH
        )


def _count(diff: str, sign: str) -> int:
    return sum(line.startswith(sign) and not line.startswith(sign * 3) for line in diff.splitlines())
