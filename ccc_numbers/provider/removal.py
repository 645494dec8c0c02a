"""Taking the numbers that a declaration dropped out of their instance, in batches, and reports those that stay."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.names import some
from ccc_numbers.numbers.apply_number import refuse_personal
from ccc_numbers.provider.run import Run


@dataclass(frozen=True)
class Undone:
    """Numbers that should have gone and are still there, and why."""

    numbers: frozenset[str]
    why: str


async def remove(
    run: Run,
    urn: str,
    instance_id: str,
    numbers: Collection[str],
    kept: frozenset[str] = frozenset(),
    *,
    preview: bool = False,
) -> Undone | None:
    """Put these numbers back among the account's unassigned ones, in batches; what could not be done.

    A number that is still declared, by this stack or another, or that is `kept`, stays as it is and is only forgotten.
    One that is no longer there is done. A preview refuses what could not be done, and writes nothing.
    """
    live = await run.inventory.numbers(instance_id) if set(numbers) - kept else {}
    there = sorted(number for number in set(numbers) - kept if number in live)
    declared = {number for number in there if run.declared.still("PhoneNumber", number)}
    leaving = [number for number in there if number not in declared]
    if preview:
        for number in leaving:
            refuse_personal(live[number])
        return None
    if declared:
        stay = "1 number stays" if len(declared) == 1 else f"{len(declared)} numbers stay"
        await run.inform(
            f"{stay} in {instance_id}: {some(sorted(declared))}; still declared, so only forgotten", urn
        )
    outcomes = await asyncio.gather(
        *(run.applier.remove(number, instance_id) for number in leaving), return_exceptions=True
    )
    failed = {
        number: outcome
        for number, outcome in zip(leaving, outcomes, strict=True)
        if isinstance(outcome, BaseException)
    }
    gone = [number for number in leaving if number not in failed]
    if gone:
        run_on = "its vendor contract goes on" if len(gone) == 1 else "their vendor contracts go on"
        await run.inform(f"removed from {instance_id}: {some(sorted(gone))}; unassigned now, {run_on}", urn)
    for error in failed.values():
        if not isinstance(error, CccError):
            raise error
    return _undone(instance_id, {number: str(error) for number, error in failed.items()}, len(leaving))


def _undone(instance_id: str, failed: dict[str, str], of: int) -> Undone | None:
    if not failed:
        return None
    by_reason: dict[str, list[str]] = defaultdict(list)
    for number, reason in failed.items():
        by_reason[reason].append(number)
    reasons = "; ".join(f"{some(sorted(numbers))}: {reason}" for reason, numbers in by_reason.items())
    why = f"{len(failed)} of {of} numbers to remove are still in {instance_id}: {reasons}. The next `pulumi up` tries again"
    return Undone(frozenset(failed), why)
