"""The JSON form of `ccc-numbers heal`."""

from __future__ import annotations

from pydantic import Field

from ccc_numbers.fleet.answers import Answer, Form
from ccc_numbers.fleet.drift.findings import Finding
from ccc_numbers.fleet.drift.healing import Healed, Healing
from ccc_numbers.fleet.drift.report import Unseen, Verdict


class LeftAlone(Form):
    """A named finding that cannot be repaired by itself."""

    finding: Finding
    reason: str


class HealStack(Form):
    """What `up` would repair of one stack, or has repaired; and what not."""

    stack: str
    possible: bool = Field(description="whether it can be run")
    repairs: tuple[Finding, ...]
    refuses: tuple[Finding, ...] = Field(description="what `up` stops at")
    for_people: tuple[Finding, ...] = Field(description="errors that `up` leaves")
    left_alone: tuple[LeftAlone, ...]
    over_budget: tuple[str, ...]
    ignored: tuple[Finding, ...] = Field(description="hidden by a rule or the baseline, but repaired as well")

    @classmethod
    def of(cls, plan: Healing) -> HealStack:
        return cls(
            stack=plan.stack,
            possible=plan.possible,
            repairs=plan.repairs,
            refuses=plan.refuses,
            for_people=plan.for_people,
            left_alone=tuple(LeftAlone(finding=found, reason=why) for found, why in plan.alone),
            over_budget=plan.over,
            ignored=plan.ignored,
        )


class HealAnswer(Answer):
    """`ccc-numbers heal`. `stacks` are as they were found first; `left` and the rest are of the last look."""

    named: bool = Field(description="whether only named findings were to be repaired")
    stacks: tuple[HealStack, ...]
    ran: bool
    failed: tuple[str, ...] = Field(description="stacks whose `up` failed")
    left: tuple[Finding, ...] = Field(description="still to be repaired, by `up` or by a person")
    not_named: tuple[Finding, ...] = Field(description="left as they are, because nobody named them")
    verdict: Verdict = Field(description="that of `drift`, about everything that was looked at")
    unseen: tuple[Unseen, ...]
    problems: tuple[str, ...] = Field(description="mistakes in the files, each in one line")

    @classmethod
    def of(cls, healed: Healed) -> HealAnswer:
        """From how it went."""
        return cls(
            named=any(plan.selection for plan in healed.plans),
            stacks=tuple(map(HealStack.of, healed.plans)),
            ran=healed.ran,
            failed=tuple(healed.failed),
            left=tuple(healed.left),
            not_named=tuple(found for plan in healed.again for found in plan.others),
            verdict=healed.report.verdict,
            unseen=healed.report.unseen,
            problems=tuple(map(str, healed.report.problems)),
        )
