"""The sentences every form of a drift report shares."""

from __future__ import annotations

from ccc_numbers.fleet.drift.kinds import Kind
from ccc_numbers.fleet.drift.report import Coverage, Report, Verdict
from ccc_numbers.messages.names import plural


def headline(report: Report, verdict: Verdict) -> str:
    """What the run comes to, in one sentence."""
    found = counts(report)
    if verdict is Verdict.INCOMPLETE:
        blind = []
        if report.unseen:
            blind.append(f"{plural(len(report.unseen), 'place')} could not be looked at")
        if report.problems:
            mistakes = sum(problem.count for problem in report.problems)
            blind.append(f"{plural(mistakes, 'mistake')} in the files")
        return f"incomplete: {' and '.join(blind)}; of the rest: {found}"
    if verdict is Verdict.CLEAN and not report.findings:
        return f"clean{_looked_for(report)}"
    return f"{verdict}{_looked_for(report)}: {found}"


def counts(report: Report) -> str:
    """`12 findings: 8 errors, 3 warnings, 1 info`."""
    parts = [
        f"{count:,} {severity if count == 1 or severity == 'info' else severity + 's'}"
        for severity, count in report.severities.items()
        if count
    ]
    if not parts:
        return "no findings"
    return f"{plural(len(report.findings), 'finding')}: {', '.join(parts)}"


def scope(report: Report) -> str:
    """`598 of 600 numbers managed (99.7 %) in 2 instances of 1 stack`."""
    read = sum(each.live is not None for each in report.coverage)
    where = f"{plural(read, 'instance')} of {plural(len(report.stacks), 'stack')}"
    return f"{managed(report.total)} in {where}"


def managed(coverage: Coverage) -> str:
    """How much of what is live is declared."""
    if coverage.live is None:
        return "not read"
    if not coverage.live:
        return "no numbers"
    share = 100 * (coverage.managed or 0) / coverage.live
    # 99.96 % is not 100 %: rounding must not hide the last unmanaged number.
    shown = "100" if coverage.managed == coverage.live else f"{min(share, 99.9):.1f}"
    return f"{coverage.managed or 0:,} of {plural(coverage.live, 'number')} managed ({shown} %)"


def _looked_for(report: Report) -> str:
    if report.kinds is None:
        return ""
    skipped = [kind for kind in Kind if kind not in report.kinds]
    if len(skipped) < len(report.kinds):
        return f" as far as looked for (all but {', '.join(skipped)})"
    return f" as far as looked for ({', '.join(report.kinds)})"
