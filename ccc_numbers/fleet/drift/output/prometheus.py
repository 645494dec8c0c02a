"""The report as a Prometheus textfile, for node_exporter's collector."""

# not translated: for programs, but for one error
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, generate_latest, write_to_textfile

from ccc_numbers.fleet.drift.report import Report, Verdict
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import visible


def as_prometheus(report: Report) -> str:
    """The text format, 0.0.4. An instance that was not read has no counts: absent is not zero."""
    return generate_latest(_metrics(report)).decode()


def write_metrics(path: Path, report: Report) -> None:
    """Put the whole file in place at once: the collector must never read half of it. Raises FleetError."""
    try:
        write_to_textfile(str(path), _metrics(report))
        path.chmod(0o644)
    except OSError as error:
        raise FleetError(tr("{path}: cannot be written: {why}", path=path, why=error.strerror)) from None


def _metrics(report: Report) -> CollectorRegistry:
    """Every metric with its samples. Names that look alike once they are made visible share one sample."""
    registry = CollectorRegistry()
    _count_findings(registry, report)
    _count_numbers(registry, report)
    verdicts = _gauge(registry, "drift_verdict", "Outcome of the run.", "verdict")
    for each in Verdict:
        _of(verdicts, each).set(each is report.verdict)
    looked_at = _gauge(registry, "drift_looked_at_timestamp_seconds", "When the run began.")
    looked_at.set(round(report.looked_at.timestamp(), 3))
    _gauge(registry, "drift_duration_seconds", "How long the run took.").set(report.seconds)
    return registry


def _count_findings(registry: CollectorRegistry, report: Report) -> None:
    means = "Differences between what is declared and what CCC holds."
    findings = _gauge(registry, "drift_findings", means, "stack", "instance", "kind", "severity")
    for finding in report.findings:
        _of(findings, finding.stack, finding.instance or "", finding.kind, finding.severity).inc()
    means = "Findings kept out by the ignore file or the baseline."
    ignored = _gauge(registry, "drift_ignored", means, "stack", "owner")
    for each in report.ignored:
        _of(ignored, each.stack, each.owner).inc()
    means = "Instances, states and files of a stack that could not be read."
    unread = _gauge(registry, "drift_unread", means, "stack")
    for stack in report.stacks:
        _of(unread, stack).inc(0)
    for unseen in report.unseen:
        _of(unread, unseen.stack).inc()
    for problem in report.problems:
        _of(unread, report.stack_of(problem)).inc()


def _count_numbers(registry: CollectorRegistry, report: Report) -> None:
    where = ("stack", "instance")
    declared = _gauge(registry, "declared", "Numbers declared for an instance.", *where)
    live = _gauge(registry, "live", "Numbers CCC holds in an instance.", *where)
    means = "Numbers CCC holds in an instance that some stack declares."
    managed = _gauge(registry, "managed", means, *where)
    for each in report.coverage:
        for metric, count in ((declared, each.declared), (live, each.live), (managed, each.managed)):
            if count is not None:
                _of(metric, each.stack, each.instance).inc(count)


def _gauge(registry: CollectorRegistry, name: str, means: str, *labels: str) -> Gauge:
    return Gauge(f"ccc_numbers_{name}", means, labels, registry=registry)


def _of(metric: Gauge, *labels: str) -> Gauge:
    return metric.labels(*map(visible, labels))
