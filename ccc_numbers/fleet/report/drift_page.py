"""A drift report as one HTML page of its own: nothing to fetch, light and dark, printable."""

from ccc_numbers import __version__
from ccc_numbers.fleet.drift.report import Report
from ccc_numbers.fleet.drift.words import headline, scope
from ccc_numbers.fleet.report.build import blind_places, instance_rows
from ccc_numbers.fleet.report.model import Part, Site
from ccc_numbers.fleet.report.page_findings import of_drift
from ccc_numbers.fleet.report.render import asset, page_environment
from ccc_numbers.messages.html import stylesheet
from ccc_numbers.messages.language import tr


def drift_page(report: Report) -> str:
    """The whole page: the findings as the report's own pages show them."""
    findings = of_drift(report)
    part = Part(
        numbers=(),
        findings=tuple(findings),
        ignored=report.ignored,
        instances=tuple(instance_rows(report, findings)),
        orders=(),
        blind=tuple(blind_places(report, {})),
        fail_on=report.fail_on,
    )
    site = Site(
        title=tr("Drift of phone numbers"),
        version=__version__,
        made_at=report.looked_at,
        seconds=report.seconds,
        today=report.looked_at.date(),
        masked=False,
        lapsing_days=0,
        fleet=part,
        stacks=(),
        notes=report.notes,
    )
    page = page_environment().get_template("drift.html.j2")
    said = {
        "said": headline(report),
        "looked": scope(report),
        "css": stylesheet(asset("report.css")),
    }
    return page.render({"site": site, "root": "", "path": "", "part": part, **said}) + "\n"
