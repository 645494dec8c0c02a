"""The report as one HTML page: nothing to fetch, light and dark, printable."""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from fleet.drift.groups import Group, grouped
from fleet.drift.kinds import ABOUT, Severity
from fleet.drift.output.table import by_reason
from fleet.drift.report import Coverage, Report, Verdict
from fleet.drift.words import headline, managed, scope


def as_html(report: Report, verdict: Verdict) -> str:
    """The whole page. Everything from outside is escaped."""
    environment = Environment(
        loader=PackageLoader("fleet.drift.output", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    environment.filters |= {"managed": managed, "ticks": _ticks}
    return environment.get_template("drift.html.j2").render(
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


def _ticks(text: str) -> Markup:
    """Text with what stands between backquotes as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 escaped just here
