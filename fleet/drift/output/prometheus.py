"""The report as a Prometheus textfile, for node_exporter's collector."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

from fleet.drift.output.plain import plain_template
from fleet.drift.report import Report, Verdict
from fleet.errors import FleetError
from messages.visible import visible


def as_prometheus(report: Report, verdict: Verdict) -> str:
    """The text format, 0.0.4. An instance that was not read has no counts: absent is not zero."""
    counted = Counter(
        (finding.stack, finding.instance or "", str(finding.kind), str(finding.severity))
        for finding in report.findings
    )
    ignored = Counter((each.finding.stack, each.owner) for each in report.ignored)
    blind = Counter(each.stack for each in report.unseen)
    for problem in report.problems:
        blind[_stack_of(report, problem.file)] += 1
    return plain_template("drift.prom.j2", label=_label).render(
        findings=counted,
        ignored=ignored,
        blind={stack: blind[stack] for stack in (*report.stacks, *(set(blind) - set(report.stacks)))},
        coverage=report.coverage,
        verdict=verdict,
        verdicts=list(Verdict),
        looked_at=f"{report.looked_at.timestamp():.3f}",
        seconds=f"{report.seconds:.3f}",
    )


def write_metrics(path: Path, text: str) -> None:
    """Put the whole file in place at once: the collector must never read half of it."""
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)
    except OSError as error:
        raise FleetError(f"{path}: cannot be written: {error.strerror}") from None


def _stack_of(report: Report, file: str) -> str:
    stem = Path(file).name.removesuffix(".yaml").removeprefix("Pulumi.")
    return stem if stem in report.stacks else ""


def _label(value: object) -> str:
    return visible(str(value)).replace("\\", "\\\\").replace('"', '\\"')
