"""One issue per stack that is not as declared: opened, kept up to date, closed when it is clean again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from ccc_numbers.declaration.problem import Problem, Source
from ccc_numbers.fleet.drift.findings import Finding, Next
from ccc_numbers.fleet.drift.output.json_form import FindingForm, ReportForm
from ccc_numbers.fleet.drift.output.markdown import as_markdown
from ccc_numbers.fleet.drift.report import Coverage, Ignored, Report, Unseen, Verdict
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import Forge, Post

LABEL = "ccc-numbers-drift"
_MARKER = "<!-- ccc-numbers: drift of {} -->"
_CLEAN = "Looked at {when}: as declared again."
_ROOM = 60_000

Do = Literal["open", "update", "close", "nothing"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done about one stack's issue."""

    do: Do
    stack: str
    title: str
    body: str
    issue: int | None = None


def read_report(file: Path) -> ReportForm:
    """A report of `ccc-numbers drift --output json`. Raises FleetError, one line."""
    try:
        return ReportForm.model_validate_json(file.read_bytes())
    except OSError as error:
        raise FleetError(f"{file}: cannot be read: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        raise FleetError(
            f"{file}: is no report of `ccc-numbers drift -o json`: {where}: {first['msg']}"
        ) from None


def steps(form: ReportForm, there: Sequence[Post], link: str | None) -> list[Step]:
    """What to do about each stack of the report, given the issues that are open.

    A stack that could not be looked at keeps its issue, and gets one: silence would look like "clean".
    """
    issues = {_marker(stack): stack for stack in form.stacks}
    open_: Mapping[str, Post] = {
        issues[marker]: post for post in reversed(there) if (marker := post.body.partition("\n")[0]) in issues
    }
    return [_step(form, stack, open_.get(stack), link) for stack in form.stacks]


def carry_out(forge: Forge, todo: Sequence[Step]) -> None:
    """Do it. Raises FleetError at the first that the forge refuses; those before are done."""
    for step in todo:
        if step.do == "open":
            forge.open_issue(step.title, step.body, LABEL)
        elif step.do == "update" and step.issue is not None:
            forge.change_issue(step.issue, step.title, step.body)
        elif step.do == "close" and step.issue is not None:
            forge.close_issue(step.issue, step.body)


def _step(form: ReportForm, stack: str, issue: Post | None, link: str | None) -> Step:
    report = report_of(form, stack)
    verdict = report.verdict(form.fail_on)
    if verdict is Verdict.CLEAN:
        when = f"{form.looked_at:%Y-%m-%d %H:%M} UTC"
        return Step(
            "close" if issue else "nothing", stack, "", _CLEAN.format(when=when), issue.id if issue else None
        )
    foot = f"\n<sub>[The run that saw it]({link})</sub>\n" if link else ""
    body = f"{_marker(stack)}\n{as_markdown(report, verdict, _ROOM)}{foot}"
    title = f"Drift: {stack} " + (
        "could not be looked at" if verdict is Verdict.INCOMPLETE else "is not as declared"
    )
    if issue is None:
        return Step("open", stack, title, body)
    same = issue.title == title and _lasting(issue.body) == _lasting(body)
    return Step("nothing" if same else "update", stack, title, body, issue.id)


def report_of(form: ReportForm, stack: str) -> Report:
    """One stack's part of the report; mistakes in files that are no stack's own belong to every stack."""
    others = {
        name for each in form.stacks if each != stack for name in (f"{each}.yaml", f"Pulumi.{each}.yaml")
    }
    unseen = tuple(Unseen(**each.model_dump()) for each in form.unseen if each.stack == stack)
    mine = [each for each in form.problems if Path(each.source.file).name not in others]
    return Report(
        looked_at=form.looked_at,
        seconds=form.seconds,
        stacks=(stack,),
        findings=tuple(_finding(each) for each in form.findings if each.stack == stack),
        ignored=tuple(
            Ignored(_finding(each.finding), each.reason, each.owner, each.until)
            for each in form.ignored
            if each.finding.stack == stack
        ),
        unseen=unseen,
        problems=tuple(
            Problem.at(Source(**each.source.model_dump()), each.path, each.value, each.message, each.rule)
            for each in mine
        ),
        coverage=tuple(Coverage(**each.model_dump()) for each in form.coverage if each.stack == stack),
        kinds=None if form.kinds is None else tuple(form.kinds),
        notes=tuple(form.notes),
    )


def _finding(form: FindingForm) -> Finding:
    return Finding(
        kind=form.kind,
        severity=form.severity,
        stack=form.stack,
        instance=form.instance,
        subject=form.subject,
        field=form.field,
        expected=form.expected,
        actual=form.actual,
        cause=form.cause,
        next=Next(form.next.command, form.next.do),
        heal=form.heal,
        source=None if form.source is None else Source(**form.source.model_dump()),
    )


def _marker(stack: str) -> str:
    return _MARKER.format(stack)


def _lasting(body: str) -> str:
    """The body without what differs at every look: the link to the run."""
    return body.partition("\n<sub>")[0].strip()
