"""The sentences about a drift run that every form shares, in the reader's language."""

from collections.abc import Mapping

from ccc_numbers.fleet.drift.report import Coverage, Report, Verdict
from ccc_numbers.messages.language import mark, markn, tr, trn
from ccc_numbers.messages.names import listed, some
from ccc_numbers.numbers.finding_kinds import FindingKind, Severity

VERDICTS = {
    Verdict.CLEAN: mark("clean"),
    Verdict.DRIFT: mark("drift"),
    Verdict.INCOMPLETE: mark("incomplete"),
}
_COUNTED = {
    Severity.ERROR: markn("{count:,} error", "{count:,} errors"),
    Severity.WARNING: markn("{count:,} warning", "{count:,} warnings"),
    Severity.INFO: markn("{count:,} info", "{count:,} info"),
}
_IN_FILES = markn("{count:,} mistake in the files", "{count:,} mistakes in the files")
_IN_STACK_FILES = markn("{count:,} mistake in the stack files", "{count:,} mistakes in the stack files")


def headline(report: Report) -> str:
    """The outcome in one sentence."""
    found = tr("no findings")
    if severities := by_severity(report.severities):
        found = trn(
            "{count:,} finding: {severities}",
            "{count:,} findings: {severities}",
            len(report.findings),
            severities=severities,
        )
    verdict = tr(VERDICTS[report.verdict])
    if report.verdict is Verdict.INCOMPLETE:
        mistakes = sum(problem.count for problem in report.problems)
        return tr(
            "{verdict}: {unseen}; of the rest: {found}",
            verdict=verdict,
            unseen=not_seen(len(report.unseen), mistakes),
            found=found,
        )
    if kinds := _looked_for(report):
        verdict = tr("{verdict} as far as looked for ({kinds})", verdict=verdict, kinds=kinds)
    if report.verdict is Verdict.CLEAN and not report.findings:
        return verdict
    return tr("{verdict}: {found}", verdict=verdict, found=found)


def not_seen(places: int, mistakes: int, *, of_stacks: bool = False) -> str:
    """`2 places could not be looked at and 1 mistake in the files`; "" when there is neither."""
    unread = trn("{count:,} place could not be looked at", "{count:,} places could not be looked at", places)
    wrong = trn(*(_IN_STACK_FILES if of_stacks else _IN_FILES), mistakes)
    if places and mistakes:
        return tr("{unread} and {wrong}", unread=unread, wrong=wrong)
    return unread if places else wrong if mistakes else ""


def by_severity(severities: Mapping[Severity, int]) -> str:
    """`8 errors, 3 warnings, 1 info`; "" when there is none."""
    return listed(trn(*_COUNTED[severity], count) for severity, count in severities.items() if count)


def scope(report: Report) -> str:
    """`598 of 600 numbers managed (99.7 %) in 2 instances of 1 stack`."""
    read = sum(each.live is not None for each in report.coverage)
    stacks = trn("{count:,} stack", "{count:,} stacks", len(report.stacks))
    return trn(
        "{managed} in {count:,} instance of {stacks}",
        "{managed} in {count:,} instances of {stacks}",
        read,
        managed=managed(report.total),
        stacks=stacks,
    )


def managed(coverage: Coverage) -> str:
    """How many of the live numbers are declared, and how many declared ones are not there."""
    if coverage.live is None:
        return tr("not read")
    managed = coverage.managed or 0
    said = (
        trn(
            "{managed:,} of {count:,} number managed ({share})",
            "{managed:,} of {count:,} numbers managed ({share})",
            coverage.live,
            managed=managed,
            share=percent(managed, coverage.live),
        )
        if coverage.live
        else tr("no numbers")
    )
    if not coverage.absent:
        return said
    return trn(
        "{said}, {count:,} declared number is not there",
        "{said}, {count:,} declared numbers are not there",
        coverage.absent,
        said=said,
    )


def percent(part: int, whole: int) -> str:
    """`99.9 %`. 99.96 % is not 100 %: rounding must not hide the last one."""
    return tr("100 %") if part == whole else tr("{share:.1f} %", share=min(100 * part / whole, 99.9))


def _looked_for(report: Report) -> str:
    """The kinds and numbers, where not all of them were looked for."""
    numbers = some(report.numbers) if report.numbers else ""
    if report.kinds is None:
        return numbers
    skipped = [kind for kind in FindingKind if kind not in report.kinds]
    kinds = listed(report.kinds)
    if len(skipped) < len(report.kinds):
        kinds = tr("all but {kinds}", kinds=listed(skipped))
    return tr("{kinds} of {numbers}", kinds=kinds, numbers=numbers) if numbers else kinds
