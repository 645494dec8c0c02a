"""`ccc:index:InstanceRoster`: the whole list of an instance's declared numbers, registered before them.

Its Check refuses an update that would take out more than the removal budget, before the first number is
touched. It makes sure that the instance runs and that every flow and group referred to is there, and reports
numbers in the instance that no stack declares. It writes nothing to CCC.
"""

from collections.abc import Container, Iterable, Sequence

from ccc.errors import CccError
from ccc.inventory import UnknownName
from ccc.reconcile import NotImported, removal_limit, some

from ..properties import field_changes, shape_problems, text, texts
from ..resource import Change, Diff, Live
from ..run import Run
from ..wire import Bag, has_unknown

_KINDS = {
    "instanceId": str,
    "numbers": list,
    "declaredElsewhere": list,
    "kept": list,
    "contactFlows": list,
    "skillGroups": list,
    "removalBudget": str,
}
_LISTS = ("numbers", "declaredElsewhere", "kept", "contactFlows", "skillGroups")
_RUNNING = "RUNNING"


class InstanceRoster:
    """See the module. Calls: GetInstance, ListPhoneNumbers, ListContactFlows, ListSkillGroups."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        instance_id = text(new, "instanceId")
        problems = list(shape_problems(new, _KINDS, ("instanceId", "numbers"), f"instance {instance_id}"))
        budget = text(new, "removalBudget") or None
        if budget and not _is_budget(budget):
            problems.append(f'removalBudget "{budget}" is neither a count ("3") nor a share ("10%")')
        if problems or has_unknown(new):
            return problems
        before = texts(old, "numbers")
        limit = removal_limit(budget, len(before))
        still_declared = {*texts(new, "numbers"), *texts(new, "declaredElsewhere"), *texts(old, "kept")}
        gone = set(before) - still_declared
        if len(gone) > limit:
            return [
                f"this update would take {len(gone)} of {len(before)} numbers out of {instance_id}; its removal "
                f"budget allows {limit}: {some(gone)}. Nothing was changed. If that is meant, set "
                f"`removalBudget: {len(gone)}` on {instance_id}, or remove them in several updates"
            ]
        run.removals.allow(instance_id, limit)
        return []

    def diff(self, old: Bag, new: Bag) -> Diff:
        changes = field_changes(old, new, (*_LISTS[1:], "removalBudget"), sets=_LISTS)
        if text(old, "instanceId") != text(new, "instanceId"):
            changes["instanceId"] = Change.UPDATE
        return Diff(changes | _list_changes("numbers", texts(old, "numbers"), texts(new, "numbers")))

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        return text(inputs, "instanceId"), await self._reported(run, inputs)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        if not inputs:
            raise CccError(
                "an InstanceRoster cannot be imported: it is made by `pulumi up` out of the declaration"
            )
        instance = await run.inventory.instance(resource_id)
        live = await run.inventory.numbers(resource_id)
        declared = texts(inputs, "numbers")
        pending = await _not_imported(run, resource_id, declared, live)
        facts: Bag = {
            "instanceName": instance.name,
            "status": instance.status,
            "unmanaged": sorted(set(live) - set(declared)),
            "missing": sorted(set(declared) - set(live) - set(pending)),
            "pending": pending,
        }
        # The inputs stay as they were declared: what the removal budget compares with must not drift.
        return Live(resource_id, inputs, {**inputs, **facts})

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        return await self._reported(run, new)

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        return None

    async def _reported(self, run: Run, inputs: Bag) -> Bag:
        """Make sure that the numbers can be worked on; the properties."""
        instance_id = text(inputs, "instanceId")
        instance = await run.inventory.instance(instance_id)
        if instance.status != _RUNNING:
            raise CccError(
                f"instance {instance_id} is {instance.status}, not {_RUNNING}: its numbers cannot be changed now; "
                "nothing was changed"
            )
        await _check_names(run, instance_id, texts(inputs, "contactFlows"), texts(inputs, "skillGroups"))
        declared = texts(inputs, "numbers")
        facts: Bag = {
            "instanceName": instance.name,
            "status": instance.status,
            "unmanaged": sorted(set(instance.numbers) - set(declared)),
            "missing": [],
            "pending": await _not_imported(run, instance_id, declared, instance.numbers),
        }
        return {**inputs, **facts}


async def _not_imported(
    run: Run, instance_id: str, declared: Iterable[str], live: Container[str]
) -> list[str]:
    """The declared numbers that support has not imported into the account yet."""
    return [
        number
        for number in declared
        if number not in live and isinstance(await run.inventory.look(number, instance_id), NotImported)
    ]


async def _check_names(run: Run, instance_id: str, flows: Iterable[str], groups: Iterable[str]) -> None:
    """Every flow and group that is referred to, all wrong ones in one error."""
    wrong = []
    for flow in flows:
        try:
            await run.inventory.flow_id(instance_id, flow)
        except UnknownName as error:
            wrong.append(str(error))
    for group in groups:
        try:
            await run.inventory.skill_group(instance_id, group)
        except UnknownName as error:
            wrong.append(str(error))
    if wrong:
        raise CccError("; ".join(wrong))


def _list_changes(key: str, before: Sequence[str], after: Sequence[str]) -> dict[str, Change]:
    """Which places of a list differ, so that a preview names the very numbers that come and go."""
    had, has = set(before), set(after)
    gone = {index for index, item in enumerate(before) if item not in has}
    come = {index for index, item in enumerate(after) if item not in had}
    return {
        f"{key}[{index}]": Change.UPDATE
        if index in gone and index in come
        else Change.DELETE
        if index in gone
        else Change.ADD
        for index in sorted(gone | come)
    }


def _is_budget(budget: str) -> bool:
    share = budget.removesuffix("%")
    return share.isdecimal() and (share == budget or int(share) <= 100)
