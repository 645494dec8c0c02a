"""The report as JUnit XML: a suite for each stack, a case for each finding, each unread and each clean instance."""

from collections.abc import Iterator
from xml.etree import ElementTree

from junitparser import Attr, Error, Failure, IntAttr, JUnitXml, Skipped, TestCase, TestSuite

from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.output.table import LABELS
from ccc_numbers.fleet.drift.report import Report, of_stack
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem
from ccc_numbers.messages.visible import visible
from ccc_numbers.numbers.finding_kinds import Severity


class _PlacedCase(TestCase):
    """A test case with the place in a stack file, as CI views of GitHub and GitLab read it."""

    file = Attr()
    line = IntAttr()


def as_junit(report: Report) -> str:
    """Findings that count as drift are failures, the others skipped; a place that was not read is an error."""
    root = JUnitXml("ccc-numbers drift")  # not translated: a name
    for stack in report.places:
        suite = TestSuite(visible(stack or tr("ignore file")))
        suite.timestamp = f"{report.looked_at:%Y-%m-%dT%H:%M:%S}"
        suite.add_testcases(list(_cases(report, stack)))
        root.append(suite)
    if report.problems:
        suite = TestSuite("files")
        suite.add_testcases([_unreadable(problem) for problem in report.problems])
        root.append(suite)
    root.update_statistics()
    root.time = report.seconds
    # The library indents with tabs.
    tree = ElementTree.fromstring(root.tostring())  # noqa: S314  # made above
    ElementTree.indent(tree)
    return ElementTree.tostring(tree, encoding="unicode", xml_declaration=True) + "\n"


def _cases(report: Report, stack: str) -> Iterator[TestCase]:
    found = of_stack(stack, report.findings)
    for finding in found:
        yield _finding(finding, report.fail_on)
    for unseen in of_stack(stack, report.unseen):
        case = _case(stack, tr("{name} can be read", name=unseen.instance or stack))
        _add(case, Error(visible(unseen.reason), "incomplete"), unseen.reason)
        yield case
    drifted = {finding.instance for finding in found}
    for each in of_stack(stack, report.coverage):
        if each.live is not None and each.instance not in drifted:
            yield _case(stack, tr("{name} is as declared", name=each.instance))


def _unreadable(problem: Problem) -> TestCase:
    case = _case("files", f"{problem.source} {problem.path}".rstrip())
    _add(case, Error(visible(str(problem)), visible(problem.rule)), str(problem))
    return case


def _finding(finding: Finding, fail_on: Severity | None) -> TestCase:
    where = f"{finding.stack}.{finding.instance}" if finding.instance else finding.stack or tr("ignore file")
    field = f" ({finding.field})" if finding.field else ""
    case = _case(where, f"{finding.kind}: {finding.subject}{field}")
    if finding.source is not None:
        case.file = visible(finding.source.file)
        case.line = finding.source.line
    message = visible(
        tr(
            "expected {expected}, actual {actual}",
            expected=finding.lines.get("expected", "-"),
            actual=finding.lines.get("actual", "-"),
        )
    )
    if fail_on is None or finding.severity.rank < fail_on.rank:
        _add(case, Skipped(message))
    else:
        lines = (
            tr("{label}: {text}", label=tr(LABELS[label]), text=text) for label, text in finding.lines.items()
        )
        _add(case, Failure(message, str(finding.kind)), *lines)
    return case


def _case(classname: str, name: str) -> _PlacedCase:
    return _PlacedCase(visible(name), visible(classname), time=0)


def _add(case: TestCase, result: Error | Failure | Skipped, *lines: str) -> None:
    if lines:
        result.text = "\n".join(map(visible, lines))
    case.append(result)
