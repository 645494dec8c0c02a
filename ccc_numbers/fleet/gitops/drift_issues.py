"""One issue per stack that is not as declared: opened, kept up to date, closed when it is clean again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from ccc_numbers.fleet.drift.output.json_form import ReportForm
from ccc_numbers.fleet.drift.output.markdown import as_markdown
from ccc_numbers.fleet.drift.report import Report, Verdict
from ccc_numbers.fleet.files import read_json
from ccc_numbers.fleet.gitops.forge import Forge, Post
from ccc_numbers.messages.language import mark, tr

LABEL = "ccc-numbers-drift"
_MARKER = "<!-- ccc-numbers: drift of {} -->"  # not translated: our mark
_CLEAN = mark("Looked at {when}: as declared again.")
_ROOM = 60_000

Do = Literal["open", "update", "close", "nothing"]


@dataclass(frozen=True, slots=True)
class IssueStep:
    """The next step for one stack's issue."""

    do: Do
    stack: str
    title: str
    body: str
    issue: int | None = None


def read_report(file: Path) -> ReportForm:
    """A report of `ccc-numbers drift --output json`. Raises FleetError, one line."""
    return read_json(file, TypeAdapter(ReportForm), tr("report of `ccc-numbers drift -o json`"))


def steps(form: ReportForm, there: Sequence[Post], link: str | None) -> list[IssueStep]:
    """The step for each stack of the report, given the issues that are open.

    A stack that could not be looked at keeps its issue, and gets one: silence would look like "clean".
    """
    issues = {_MARKER.format(stack): stack for stack in form.stacks}
    open_: Mapping[str, Post] = {
        issues[marker]: post for post in reversed(there) if (marker := post.body.partition("\n")[0]) in issues
    }
    report = form.report()
    return [_step(report.of_stack(stack), open_.get(stack), link) for stack in form.stacks]


def carry_out(forge: Forge, todo: Sequence[IssueStep]) -> None:
    """Do the steps. Raises FleetError at the first that the forge refuses; those before are done."""
    for step in todo:
        if step.do == "open":
            forge.open_issue(step.title, step.body, LABEL)
        elif step.do == "update" and step.issue is not None:
            forge.change_issue(step.issue, step.title, step.body)
        elif step.do == "close" and step.issue is not None:
            forge.close_issue(step.issue, step.body)


def _step(report: Report, issue: Post | None, link: str | None) -> IssueStep:
    (stack,) = report.stacks
    if report.verdict is Verdict.CLEAN:
        when = f"{report.looked_at:%Y-%m-%d %H:%M} UTC"
        return IssueStep(
            "close" if issue else "nothing", stack, "", tr(_CLEAN, when=when), issue.id if issue else None
        )
    foot = "\n<sub>[" + tr("The run that saw it") + f"]({link})</sub>\n" if link else ""
    body = f"{_MARKER.format(stack)}\n{as_markdown(report, _ROOM)}{foot}"
    title = (
        tr("Drift: {stack} could not be looked at", stack=stack)
        if report.verdict is Verdict.INCOMPLETE
        else tr("Drift: {stack} is not as declared", stack=stack)
    )
    if issue is None:
        return IssueStep("open", stack, title, body)
    same = issue.title == title and _lasting(issue.body) == _lasting(body)
    return IssueStep("nothing" if same else "update", stack, title, body, issue.id)


def _lasting(body: str) -> str:
    """The body without what differs at every look: the link to the run."""
    return body.partition("\n<sub>")[0].strip()
