"""`ccc:index:InstanceLatch`: registered after all numbers of an instance, protected.

Deletes run in reverse order of dependency, so a protected latch is refused before the first number goes. In an update
its turn comes when every number has been brought to where it is declared: then it removes those that the declaration
dropped, if the roster of this run allowed it. What it could not remove stays in its state, and the next update tries
again. Its Delete removes the numbers of an instance that is given up as a whole, before the flows and groups they use.
"""

from collections.abc import Sequence

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.names import some
from ccc_numbers.provider.model.instance_latch import MODEL
from ccc_numbers.provider.properties import text, texts
from ccc_numbers.provider.removal import remove
from ccc_numbers.provider.resource import Diff, Live, Unfinished
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag


class InstanceLatch:
    """See the module. Calls: ListPhoneNumbers and RemovePhoneNumbers, when numbers were dropped."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        return list(MODEL.problems(new, "an instance latch"))

    def diff(self, old: Bag, new: Bag) -> Diff:
        return Diff(MODEL.changes(old, new))

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        instance_id = text(inputs, "instanceId")
        return instance_id, await self._cleared(run, urn, {}, inputs, preview)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        said = inputs or {"instanceId": resource_id}
        left = run.journal.left_in(resource_id)
        numbers = sorted({*texts(outputs, "numbers"), *left})
        return Live(resource_id, said, {**(outputs or said), **({"numbers": numbers} if left else {})})

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        return await self._cleared(run, urn, old, new, preview)

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        kept = frozenset(texts(outputs, "kept"))
        undone = await remove(run, urn, resource_id, texts(outputs, "numbers"), kept)
        if undone:
            raise CccError(undone.why)
        run.declared.given_up.add(resource_id)

    async def _cleared(self, run: Run, urn: str, old: Bag, inputs: Bag, preview: bool) -> Bag:
        """Remove what was dropped; the properties."""
        instance_id = text(inputs, "instanceId")
        roster = run.declared.rosters.get(instance_id)
        # A state of an earlier version has no numbers here: the roster knows what was declared.
        before = set(texts(old, "numbers")) or set(roster.before if roster else ())
        left = run.journal.left_in(instance_id)
        dropped = (before | left) - set(texts(inputs, "numbers"))
        if not dropped:
            return inputs
        if roster is None:
            raise CccError(
                f"{some(sorted(dropped))} stay in {instance_id}: its roster was left out of this run (--target, --exclude), and "
                "nothing is removed that it has not allowed. Run `pulumi up` without them"
            )
        kept = frozenset(texts(old, "kept"))
        undone = await remove(run, urn, instance_id, dropped, kept, preview=preview)
        if preview:
            return inputs
        stay = undone.numbers if undone else frozenset()
        for number in left - stay:
            run.journal.end(number)
        if undone:
            numbers = sorted({*texts(inputs, "numbers"), *stay})
            raise Unfinished(instance_id, {**inputs, "numbers": numbers}, undone.why)
        return inputs
