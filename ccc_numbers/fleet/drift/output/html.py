"""The report as one HTML page: nothing to fetch, light and dark, printable."""

from __future__ import annotations

from ccc_numbers.fleet.drift.groups import Group, grouped
from ccc_numbers.fleet.drift.kinds import ABOUT, Severity
from ccc_numbers.fleet.drift.output.table import by_reason
from ccc_numbers.fleet.drift.report import Coverage, Report, Verdict
from ccc_numbers.fleet.drift.words import headline, managed, scope
from ccc_numbers.messages.html import environment, prose


def as_html(report: Report, verdict: Verdict) -> str:
    """The whole page. Everything from outside is escaped."""
    pages = environment("ccc_numbers.fleet.drift.output")
    pages.filters |= {"managed": managed, "ticks": prose}
    return pages.get_template("drift.html.j2").render(
        report=report,
        verdict=verdict,
        headline=headline(report, verdict),
        scope=scope(report),
        severities=[(severity, report.severities[severity]) for severity in Severity],
        about=ABOUT,
        places=_places(report),
        reasons=by_reason(report.unseen),
    )


def _places(report: Report) -> list[tuple[str, str | None, Coverage | None, list[Group]]]:
    """Stack, instance, how much of it is managed, and its findings; in the report's order."""
    seen = {(each.stack, each.instance): each for each in report.coverage}
    places: dict[tuple[str, str | None], list[Group]] = {}
    for group in grouped(report.findings):
        places.setdefault((group.finding.stack, group.finding.instance), []).append(group)
    return [
        (stack, instance, seen.get((stack, instance or "")), groups)
        for (stack, instance), groups in places.items()
    ]
