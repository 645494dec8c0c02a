"""The report as JUnit XML: a suite for each stack, a case for each finding, each unread and each clean instance."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as xml

from fleet.drift.findings import Finding
from fleet.drift.kinds import Severity
from fleet.drift.report import Report
from messages.visible import visible


def as_junit(report: Report, fail_on: Severity | None) -> str:
    """Findings of `fail_on` and above are failures, the others skipped; what could not be seen is an error."""
    root = xml.Element("testsuites", name="ccc-numbers drift", time=f"{report.seconds:.3f}")
    extra = [""] if any(not finding.stack for finding in report.findings) else []
    for stack in (*report.stacks, *extra):
        suite = xml.SubElement(root, "testsuite", name=visible(stack or "ignore file"))
        suite.set("timestamp", f"{report.looked_at:%Y-%m-%dT%H:%M:%S}")
        _fill(suite, report, stack, fail_on)
        _count(suite)
    if report.problems:
        suite = xml.SubElement(root, "testsuite", name="files")
        for problem in report.problems:
            case = _case(suite, "files", f"{problem.source} {problem.path}".rstrip())
            _told(case, "error", problem.rule, str(problem), str(problem))
        _count(suite)
    xml.indent(root)
    return xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _fill(suite: xml.Element, report: Report, stack: str, fail_on: Severity | None) -> None:
    found = [finding for finding in report.findings if finding.stack == stack]
    for finding in found:
        _add_finding(suite, finding, fail_on)
    for unseen in report.unseen:
        if unseen.stack == stack:
            case = _case(suite, stack, f"{unseen.instance or stack} can be read")
            _told(case, "error", "incomplete", unseen.reason, unseen.reason)
    drifted = {finding.instance for finding in found}
    for each in report.coverage:
        if each.stack == stack and each.live is not None and each.instance not in drifted:
            _case(suite, stack, f"{each.instance} is as declared")


def _add_finding(suite: xml.Element, finding: Finding, fail_on: Severity | None) -> None:
    where = f"{finding.stack}.{finding.instance}" if finding.instance else finding.stack or "ignore file"
    field = f" ({finding.field})" if finding.field else ""
    case = _case(suite, where, f"{finding.kind}: {finding.subject}{field}")
    if finding.source is not None:
        case.set("file", visible(finding.source.file))
        case.set("line", str(finding.source.line))
    message = f"expected {finding.expected or '-'}, actual {finding.actual or '-'}"
    if fail_on is None or finding.severity.rank < fail_on.rank:
        xml.SubElement(case, "skipped", message=visible(message))
        return
    _told(case, "failure", str(finding.kind), message, *_lines(finding))


def _lines(finding: Finding) -> Iterable[str]:
    for name, value in (
        ("expected", finding.expected),
        ("actual", finding.actual),
        ("cause", finding.cause),
        ("at", None if finding.source is None else str(finding.source)),
        ("first", finding.next.do),
        ("next", finding.next.command),
    ):
        if value is not None:
            yield f"{name}: {value}"


def _case(suite: xml.Element, classname: str, name: str) -> xml.Element:
    return xml.SubElement(suite, "testcase", classname=visible(classname), name=visible(name), time="0")


def _told(case: xml.Element, tag: str, type: str, message: str, *lines: str) -> None:
    element = xml.SubElement(case, tag, type=visible(type), message=visible(message))
    element.text = "\n".join(map(visible, lines))


def _count(suite: xml.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
