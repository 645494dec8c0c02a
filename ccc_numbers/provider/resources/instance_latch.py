"""`ccc:index:InstanceLatch`: registered after all numbers of an instance, protected.

Deletes run in reverse order of dependency, so a protected latch is refused before the first number goes. In an update
its turn comes when every number has been brought to where it is declared: then it removes those that the declaration
dropped, if the roster of this run allowed it. What it could not remove stays in its state, and the next update tries
again. Its Delete removes the numbers of an instance that is given up as a whole, before the flows and groups they use.
"""

import asyncio
from collections.abc import Collection, Sequence, Set

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import sentences, some
from ccc_numbers.numbers.agents import refuse_personal
from ccc_numbers.numbers.guards import by_value
from ccc_numbers.provider.campaigns import spare_campaigns
from ccc_numbers.provider.model.instance_latch import MODEL
from ccc_numbers.provider.properties import text, texts
from ccc_numbers.provider.resource import Diff, Live, Unfinished
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag


class InstanceLatch:
    """See the module. Calls: ListPhoneNumbers, RemovePhoneNumbers and ListCampaigns, when numbers were dropped."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        return list(MODEL.problems(new, tr("an instance latch")))

    def diff(self, old: Bag, new: Bag) -> Diff:
        return Diff(MODEL.changes(old, new))

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        return text(inputs, "instanceId"), await self.update(run, urn, "", {}, inputs, preview)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        said = inputs or {"instanceId": resource_id}
        left = run.journal.left_in(resource_id)
        numbers = sorted({*texts(outputs, "numbers"), *left})
        return Live(resource_id, said, {**(outputs or said), **({"numbers": numbers} if left else {})})

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        """Remove the numbers that were dropped."""
        instance_id = text(new, "instanceId")
        roster = run.declared.rosters.get(instance_id)
        # A state of an earlier version has no numbers here: the roster knows what was declared.
        before = set(texts(old, "numbers")) or set(roster.before if roster else ())
        left = run.journal.left_in(instance_id)
        dropped = (before | left) - set(texts(new, "numbers"))
        if not dropped:
            return new
        if roster is None:
            raise CccError(
                tr(
                    "{numbers} stay in {instance}: its roster was left out of this run (--target, --exclude), and nothing "
                    "is removed that it has not allowed. Run `pulumi up` without them",
                    numbers=some(sorted(dropped)),
                    instance=instance_id,
                )
            )
        stay, why = await _remove(run, urn, instance_id, dropped, texts(old, "kept"), preview=preview)
        if preview:
            return new
        for number in left - stay:
            run.journal.end(number)
        if stay:
            raise Unfinished(instance_id, {**new, "numbers": sorted({*texts(new, "numbers"), *stay})}, why)
        return new

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        going = {n for n in texts(outputs, "numbers") if not run.declared.still("PhoneNumber", n)}
        going -= set(texts(outputs, "kept"))
        live = await run.inventory.numbers(resource_id) if going else {}
        await spare_campaigns(run, urn, [live[number] for number in going & live.keys()], preview=False)
        stay, why = await _remove(run, urn, resource_id, texts(outputs, "numbers"), texts(outputs, "kept"))
        if stay:
            raise CccError(why)
        run.declared.given_up.add(resource_id)


async def _remove(
    run: Run,
    urn: str,
    instance_id: str,
    numbers: Collection[str],
    kept: Collection[str],
    *,
    preview: bool = False,
) -> tuple[Set[str], str]:
    """Put these numbers back among the account's unassigned ones, in batches; those still in the instance, and why.

    A number that is still declared, by this stack or another, or that is `kept`, stays as it is and is only forgotten.
    One that is no longer there is done. A preview refuses what could not be done, and writes nothing.
    """
    going = set(numbers) - set(kept)
    live = await run.inventory.numbers(instance_id) if going else {}
    there = sorted(number for number in going if number in live)
    declared = {number for number in there if run.declared.still("PhoneNumber", number)}
    leaving = [number for number in there if number not in declared]
    if preview:
        for number in leaving:
            refuse_personal(live[number])
        return frozenset(), ""
    if declared:
        said = trn(
            "{count} number stays in {instance}: {numbers}; still declared, so only forgotten",
            "{count} numbers stay in {instance}: {numbers}; still declared, so only forgotten",
            len(declared),
            instance=instance_id,
            numbers=some(sorted(declared)),
        )
        await run.inform(said, urn)
    outcomes = await asyncio.gather(
        *(run.applier.remove(number, instance_id) for number in leaving), return_exceptions=True
    )
    errors = {
        number: outcome
        for number, outcome in zip(leaving, outcomes, strict=True)
        if isinstance(outcome, BaseException)
    }
    if gone := [number for number in leaving if number not in errors]:
        said = trn(
            "removed from {instance}: {numbers}; unassigned now, its vendor contract goes on",
            "removed from {instance}: {numbers}; unassigned now, their vendor contracts go on",
            len(gone),
            instance=instance_id,
            numbers=some(gone),
        )
        await run.inform(said, urn)
    for error in errors.values():
        if not isinstance(error, CccError):
            raise error
    by_reason = by_value({number: str(error) for number, error in errors.items()})
    reasons = sentences(f"{some(numbers)}: {reason}" for reason, numbers in by_reason.items())
    return errors.keys(), tr(
        "{count} of {total} numbers to remove are still in {instance}: {reasons}. The next `pulumi up` tries again",
        count=len(errors),
        total=len(leaving),
        instance=instance_id,
        reasons=reasons,
    )
