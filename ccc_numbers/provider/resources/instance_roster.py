"""`ccc:index:InstanceRoster`: every declared number of an instance with its binding, registered before the numbers.

Before the first number is touched, it refuses an update that would remove or rebind more than the budgets allow, an
instance that does not run, and flows and groups that are not there. It reports in one line how the update changes the
instance, and which numbers in it nobody declares. It writes nothing to CCC: the numbers do what it allows, and the
latch removes those that the declaration dropped.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import cast

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import Instance, Usage
from ccc_numbers.api.world import apart, readdressed
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import sentences, some
from ccc_numbers.numbers.guards import (
    Outlook,
    by_value,
    change_limit,
    left_alone,
    outlook,
    read_budget,
    remarks,
    removal_limit,
    too_many_changes,
    too_many_removals,
)
from ccc_numbers.numbers.inventory import UnknownName
from ccc_numbers.numbers.plan_number import (
    Bound,
    Declared,
    Elsewhere,
    NotImported,
    Standing,
    Unassigned,
    difference,
    settled,
)
from ccc_numbers.provider.campaigns import spare_campaigns, spare_dropped, spare_in_update
from ccc_numbers.provider.declared import RosterSeen
from ccc_numbers.provider.model.instance_roster import MODEL
from ccc_numbers.provider.model.phone_number import declared_number
from ccc_numbers.provider.properties import Change, text, texts
from ccc_numbers.provider.resource import Diff, Live
from ccc_numbers.provider.resources.roster_line import update_line
from ccc_numbers.provider.run import Run, moved
from ccc_numbers.provider.silenced import say_silenced_numbers
from ccc_numbers.provider.wire import Bag, has_unknown

# What a refresh found to be done, though the declaration is the same: reason enough to look at the whole again.
_TO_DO = ("missing", "differing")
_MANAGED = {"SkillGroup": "managedSkillGroups", "ContactFlow": "managedContactFlows"}


class InstanceRoster:
    """See the module. Calls: GetInstance, ListPhoneNumbers, ListContactFlows, ListSkillGroups, ListCampaigns."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        instance_id = text(new, "instanceId")
        problems = list(MODEL.problems(new, tr("instance {instance}", instance=instance_id)))
        for key in ("removalBudget", "changeBudget"):
            budget = text(new, key)
            try:
                read_budget(budget or "0")
            except ValueError as error:
                problems.append(f'{key} "{budget}" {error}')
        if problems or has_unknown(new):
            return problems
        before, now = set(texts(old, "numbers")), set(texts(new, "numbers"))
        run.declared.checked("InstanceRoster", instance_id)
        run.declared.rosters[instance_id] = RosterSeen(frozenset(now), frozenset(before))
        run.declared.instances |= _instances(new).keys()
        limit = removal_limit(text(new, "removalBudget") or None, len(before), run.environment)
        gone, moved_away = _leaving(run, old, new), _dropped(old, new) & set(texts(new, "declaredElsewhere"))
        verb = "take" if gone else "move"
        refusal = too_many_removals(instance_id, {*gone, *moved_away}, len(before), limit, verb)
        return [refusal] if refusal else []

    def diff(self, old: Bag, new: Bag) -> Diff:
        changes = MODEL.changes(old, new)
        if {each.number: each for each in _declared(old)} != {each.number: each for each in _declared(new)}:
            changes["bindings"] = Change.UPDATE
        to_do = {key: Change.UPDATE for key in _TO_DO if texts(old, key)}
        # With a change the update itself says this, of what then is.
        said = () if changes or to_do else tuple(remarks(text(new, "instanceId"), _declared(new), _left(old)))
        return Diff(changes | to_do, frozenset(to_do), said)

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        return text(inputs, "instanceId"), await self._looked_over(run, urn, {}, inputs, preview)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        if not inputs:
            raise CccError(
                tr("an InstanceRoster cannot be imported: it is made by `pulumi up` out of the declaration")
            )
        instance = await _instance(run, urn, resource_id, outputs)
        live = await run.inventory.numbers(resource_id)
        if run.declared.destroying:
            going = (set(texts(inputs, "numbers")) - set(texts(inputs, "kept"))) & live.keys()
            await spare_campaigns(run, urn, [live[number] for number in going], preview=True)
        standings = await _standings(run, resource_id, texts(inputs, "numbers"))
        differing = [
            each.number
            for each in _declared(inputs)
            if isinstance(found := standings[each.number], Bound)
            and not (found.row.user_id and each.agent is None)
            and difference(settled(each, found), found.row).writes
        ]
        facts: Bag = {
            "unmanaged": sorted(live.keys() - standings.keys()),
            "missing": [n for n, each in standings.items() if isinstance(each, Unassigned | Elsewhere)],
            "differing": differing,
            "leftAlone": {
                each.number: hand
                for each in _declared(inputs)
                if (hand := left_alone(each, standings[each.number]))
            },
        }
        # The inputs stay as they were declared: what the budgets compare with must not drift.
        return Live(resource_id, inputs, inputs | facts | _facts(run, instance, standings, outputs))

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        return await self._looked_over(run, urn, old, new, preview)

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        _refuse_moved(run, outputs)

    async def _looked_over(self, run: Run, urn: str, old: Bag, inputs: Bag, preview: bool) -> Bag:
        """Make sure that the numbers can be worked on, all of them; the properties."""
        instance_id = text(inputs, "instanceId")
        instance = await _instance(run, urn, instance_id, old)
        if not instance.running:
            raise CccError(
                tr(
                    "instance {instance} is {status}, not RUNNING: its numbers cannot be changed now; nothing was changed",
                    instance=instance_id,
                    status=instance.status,
                )
            )
        await _check_names(run, instance_id, texts(inputs, "contactFlows"), texts(inputs, "skillGroups"))
        # CCC may cut short what it names beside an instance, but not to nothing: an empty one needs no listing.
        live = await run.inventory.numbers(instance_id) if instance.numbers else {}
        standings = await _standings(run, instance_id, texts(inputs, "numbers"))
        seen = outlook(_declared(inputs), standings, frozenset(texts(old, "numbers")), run.declared)
        await _check_names(run, instance_id, agents=sorted(seen.agents))
        await self._refuse(run, inputs, seen)
        leaving = [number for number in _leaving(run, old, inputs) if number in live]
        await spare_in_update(
            run, urn, seen, standings, [live[number] for number in leaving], preview=preview
        )
        dropped = {kind: set(texts(old, key)) - set(texts(inputs, key)) for kind, key in _MANAGED.items()}
        await spare_dropped(run, urn, instance_id, dropped, preview=preview)
        await say_silenced_numbers(run, urn, instance_id, seen, standings)
        if said := update_line(instance_id, old, inputs, seen, leaving):
            await run.inform(said, urn)
        for remark in remarks(instance_id, _declared(inputs), seen.left_alone):
            await run.inform_once(remark, urn)
        unmanaged = sorted(live.keys() - {*standings, *leaving, *texts(inputs, "declaredElsewhere")})
        facts = _facts(run, instance, standings, old) | {
            "unmanaged": unmanaged,
            "missing": [],
            "differing": [],
            "leftAlone": dict(seen.left_alone),
        }
        # A plan shows what the numbers' own steps do not: where each comes from, and whether it is written at all.
        return inputs | facts | ({"foreseen": _foreseen(seen, leaving)} if preview else {})

    async def _refuse(self, run: Run, inputs: Bag, seen: Outlook) -> None:
        """CccError for a change that nobody can have meant, or that has to be allowed first."""
        instance_id, count = text(inputs, "instanceId"), len(texts(inputs, "numbers"))
        limit = change_limit(text(inputs, "changeBudget") or None, count, run.environment)
        problems = [too_many_changes(instance_id, seen, count, limit)]
        for origin, numbers in by_value(seen.refused).items():
            if len(numbers) > 1:
                problems.append(
                    tr(
                        "{count} numbers declared for {instance} are in {origin}, which no stack file declares "
                        "without them: {numbers}. Nothing was moved. Declare {origin} too (with `numbers: {{}}`), "
                        "or set `adopt: true` on them",
                        count=len(numbers),
                        instance=instance_id,
                        origin=origin,
                        numbers=some(sorted(numbers)),
                    )
                )
        budgets = _instances(inputs)
        for origin, numbers in by_value(seen.move).items():
            began = {number for number in numbers if run.journal.begun(number, origin)}
            budget = budgets[origin] if origin in budgets else run.declared.budget_of(origin)
            if budget is None or began >= set(numbers):
                continue
            live = len(await run.inventory.numbers(origin))
            allowed = removal_limit(budget or None, live, run.environment)
            problems.append(too_many_removals(origin, set(numbers) - began, live, allowed, "move"))
        if wrong := [problem for problem in problems if problem]:
            raise CccError(sentences(wrong))


def _refuse_moved(run: Run, outputs: Bag) -> None:
    """CccError where the state was made somewhere else: it describes other numbers."""
    made = text(outputs, "place")
    if made and apart(made, run.place):
        raise CccError(moved(made, run.place))


async def _instance(run: Run, urn: str, instance_id: str, outputs: Bag) -> Instance:
    """The instance, where the state was made. CCC names the account with it, so the place is compared again then."""
    _refuse_moved(run, outputs)
    made = text(outputs, "place")
    if readdressed(made, run.place):
        said = tr("the simulator is the one that was at {made}; it is at {now} now", made=made, now=run.place)
        await run.inform_once(said, urn)
    instance = await run.inventory.instance(instance_id)
    _refuse_moved(run, outputs)
    return instance


def _facts(run: Run, instance: Instance, standings: Mapping[str, Standing], old: Bag) -> Bag:
    """What CCC says of the instance. Absent numbers are pending, or gone when declared before and not pending then."""
    absent = {number for number, each in standings.items() if isinstance(each, NotImported)}
    gone = (absent & set(texts(old, "numbers"))) - set(texts(old, "pending"))
    return {
        "instanceName": instance.name,
        "status": instance.status,
        "place": run.place,
        "pending": sorted(absent - gone),
        "gone": sorted(gone),
    }


def _declared(inputs: Bag) -> list[Declared]:
    """The numbers with their bindings; those without one, in a state of an earlier version, are left out."""
    groups = inputs.get("bindings")
    return [
        declared_number(number, text(inputs, "instanceId"), each)
        for each in (groups if isinstance(groups, list) else ())
        if isinstance(each, dict) and text(each, "usage") in list(Usage)
        for number in texts(each, "numbers")
    ]


def _left(outputs: Bag) -> dict[str, str]:
    """What others changed by hand and may keep, by number, as it was last seen."""
    found = outputs.get("leftAlone")
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _instances(inputs: Bag) -> dict[str, str]:
    """The other instances of the stack, each with its removal budget, "" for the default."""
    found = inputs.get("instances")
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}


async def _standings(run: Run, instance_id: str, numbers: Iterable[str]) -> dict[str, Standing]:
    return {number: await run.inventory.look(number, instance_id) for number in numbers}


def _leaving(run: Run, old: Bag, new: Bag) -> list[str]:
    """The numbers that the declaration dropped and that the latch will remove."""
    elsewhere = set(texts(new, "declaredElsewhere"))
    return sorted(n for n in _dropped(old, new) - elsewhere if not run.declared.owner(n))


def _dropped(old: Bag, new: Bag) -> set[str]:
    """The numbers that the last declaration had and this one has not, but for those that are only forgotten."""
    return set(texts(old, "numbers")) - set(texts(new, "numbers")) - set(texts(old, "kept"))


def _foreseen(seen: Outlook, leaving: Sequence[str]) -> Bag:
    return cast(
        "Bag",
        {
            "add": seen.add,
            "rebind": seen.rebind,
            "move": seen.move,
            "takeOver": seen.take_over,
            "remove": list(leaving),
        },
    )


async def _check_names(
    run: Run,
    instance_id: str,
    flows: Iterable[str] = (),
    groups: Iterable[str] = (),
    agents: Iterable[str] = (),
) -> None:
    """Every flow, group and agent that is referred to, all wrong ones in one error."""
    wrong = []
    looks: list[tuple[Callable[[str, str], Awaitable[object]], str]] = [
        *((run.inventory.flow_id, flow) for flow in flows),
        *((run.inventory.skill_group, group) for group in groups),
        *((run.inventory.agent_id, agent) for agent in agents),
    ]
    for look, name in looks:
        try:
            await look(instance_id, name)
        except UnknownName as error:
            wrong.append(str(error))
    if wrong:
        raise CccError(sentences(wrong))
