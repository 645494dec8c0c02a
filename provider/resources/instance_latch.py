"""`ccc:index:InstanceLatch`: registered after all numbers of an instance, protected.

Deletes run in reverse order of dependency, so a protected latch is refused before the first number goes. Once
it may be deleted, the instance is given up as a whole and the removal budget no longer counts. It has no
counterpart in CCC.
"""

from collections.abc import Sequence

from ..properties import field_changes, shape_problems, text
from ..resource import Diff, Live
from ..run import Run
from ..wire import Bag


class InstanceLatch:
    """See the module. Calls: none."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        return list(shape_problems(new, {"instanceId": str}, ("instanceId",), "an instance latch"))

    def diff(self, old: Bag, new: Bag) -> Diff:
        return Diff(field_changes(old, new, ("instanceId",)))

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        return text(inputs, "instanceId"), inputs

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        return Live(
            resource_id, inputs or {"instanceId": resource_id}, outputs or {"instanceId": resource_id}
        )

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        return new

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        run.removals.release(resource_id)
