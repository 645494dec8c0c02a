"""Keep one issue per stack: open while the stack is not as declared, updated, and closed when it is clean again.

A stack that could not be looked at has an issue too, for nobody knows that it is clean. Issues have the label
ccc-numbers-drift and a mark in their first line.

Example: `ccc-numbers drift -o json=drift.json || true; ccc-numbers issue drift.json --post`

Exit codes: 0 done · 2 could not: no report, no token, or the forge refused.
"""

import os
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, echo

from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.gitops.drift_issues import LABEL, carry_out, read_report, steps
from ccc_numbers.fleet.gitops.pipeline import forge_of, run_link
from ccc_numbers.messages.language import mark, tr

_UP_TO_DATE = mark("issue {issue} is up to date")
_DONE = {
    "open": mark("open issue"),
    "update": mark("update issue {issue}"),
    "close": mark("close issue {issue}"),
    "nothing": mark("as declared, no issue"),
}


def command(
    report: Annotated[Path, Argument(metavar="FILE", help="The file of `drift --output json=FILE`.")],
    post: Annotated[bool, Option("--post", help="Write them; else print those to open.")] = False,
) -> None:
    form = read_report(report)
    link = run_link(os.environ)
    if not post:
        for step in steps(form, [], link):
            if step.do == "open":
                echo(f"{step.title}\n\n{step.body}")
        return
    forge = forge_of(os.environ)
    todo = steps(form, forge.issues(LABEL), link)
    carry_out(forge, todo)
    for step in todo:
        which = f"#{step.issue}" if step.issue else ""
        text = _UP_TO_DATE if step.do == "nothing" and which else _DONE[step.do]
        out().print(tr("{stack}: {said}", stack=step.stack, said=tr(text, issue=which)))
