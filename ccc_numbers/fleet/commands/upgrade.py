"""Move a repository that `init` has written to another version: its pin, and a diff of its other files to review.

The pin in requirements.txt is written. Every other file that differs from the template of this version, whoever
changed it, is shown, and the differences are in out/upgrade.patch: keep the parts you want and use `git apply`.
stacks/ and README.md are never looked at. The template comes with the installed version: pin, install, run this
again.

Examples: `ccc-numbers upgrade --to 0.2.0`, then `pip install -r requirements.txt` and `ccc-numbers upgrade`

Exit codes: 0 done, or nothing to do · 2 could not.
"""

from pathlib import Path
from typing import Annotated

from typer import Option

import ccc_numbers
from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.project import find_project
from ccc_numbers.fleet.repository.upgrade import PIN_FILE, differences, move_pin, read_pin

_PATCH = Path("out") / "upgrade.patch"


def command(
    to: Annotated[str | None, Option(metavar="VERSION", help="Version to pin; else the running one.")] = None,
    project: options.Project = None,
) -> None:
    folder = find_project(project)
    console = out()
    pinned, runs = read_pin(folder), ccc_numbers.__version__
    wanted = to or runs
    if wanted == pinned:
        console.print(f"{PIN_FILE}: ccc-numbers {pinned} is pinned already")
    else:
        move_pin(folder, wanted)
        console.print(f"{PIN_FILE}: ccc-numbers {pinned} → {wanted}")
        if (folder / "requirements.lock").exists():
            console.print("requirements.lock: belongs to the old pin; make it again")
    if wanted != runs:
        console.print(
            f"the other files come with {wanted}, and {runs} runs here: pip install -r {PIN_FILE}, then ccc-numbers upgrade",
            soft_wrap=True,
        )
        return
    differing = differences(folder)
    if not differing:
        console.print(f"the other files are as {runs} has them")
        return
    write_text(folder / _PATCH, "".join(differing.values()), folders=True)
    for path, diff in differing.items():
        added, gone = (_count(diff, sign) for sign in "+-")
        console.print(f"differs: {path} (+{added} -{gone})", soft_wrap=True)
    console.print(f"none of these was written; keep the parts of it that you want: git apply {_PATCH}")


def _count(diff: str, sign: str) -> int:
    return sum(line.startswith(sign) and not line.startswith(sign * 3) for line in diff.splitlines())
