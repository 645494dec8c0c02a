"""The findings that somebody named: by number, by kind, or one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ccc_numbers.fleet.drift.findings import Finding, kinds_of
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.numbers.finding_kinds import ABOUT_CALLS, FindingKind


@dataclass(frozen=True, slots=True)
class Selection:
    """Which findings. Each part narrows; an empty one narrows nothing."""

    numbers: tuple[str, ...] = ()
    kinds: tuple[FindingKind, ...] = ()
    findings: tuple[tuple[FindingKind, str], ...] = ()

    @classmethod
    def of(cls, numbers: Sequence[str], kinds: Sequence[str], findings: Sequence[str]) -> Selection:
        """From the words of the options. Raises FleetError."""
        named = dict.fromkeys(map(_finding, findings))
        chosen = kinds_of("--kind", kinds)
        # Nobody looks at calls here, so that "nothing to repair" would say too much.
        for kind in (*chosen, *(kind for kind, _ in named)):
            if kind in ABOUT_CALLS:
                raise FleetError(
                    tr(
                        "{kind}: is about calls, which nothing here repairs; ccc-numbers drift --traffic 30d",
                        kind=kind,
                    )
                )
        return cls(tuple(dict.fromkeys(numbers)), tuple(chosen), tuple(named))

    def __bool__(self) -> bool:
        return bool(self.numbers or self.kinds or self.findings)

    def takes(self, finding: Finding) -> bool:
        """Whether it is about this finding."""
        return (
            (not self.numbers or finding.subject in self.numbers)
            and (not self.kinds or finding.kind in self.kinds)
            and (not self.findings or (finding.kind, finding.subject) in self.findings)
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The options that say it."""
        return (
            *(word for number in self.numbers for word in ("--number", number)),
            *(word for kind in self.kinds for word in ("--kind", str(kind))),
            *(word for kind, subject in self.findings for word in ("--only", f"{kind}:{subject}")),
        )

    def refuse_unknown(self, known: Collection[str]) -> None:
        """FleetError for a number that is not `known`: nobody would look for it."""
        wrong = [number for number in self.numbers if number not in known]
        if wrong:
            raise FleetError(
                *(
                    tr(
                        "--number {number}: is not a number of these stacks; {hint}",
                        number=quoted(number),
                        hint=suggestion(number, known, mark("the numbers are")),
                    )
                    for number in wrong
                )
            )


def _finding(written: str) -> tuple[FindingKind, str]:
    kind, _, subject = written.partition(":")
    kinds = kinds_of("--only", [kind])
    if len(kinds) != 1 or not subject.strip():
        raise FleetError(
            tr("--only {written}: is not KIND:SUBJECT (wrong-flow:02180001001)", written=quoted(written))
        )
    return kinds[0], subject.strip()
