"""Refuses to take from a running campaign what it calls with: a warning in a preview, an error in the update.

CCC is asked once an instance and run, and only where a number, a group or a flow would go.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.operations.campaigns import Campaign
from ccc_numbers.api.rows import ContactFlow, PhoneNumber, SkillGroup
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed, some
from ccc_numbers.numbers.campaigns import ALLOW_CAMPAIGNS, groups_lost, losing
from ccc_numbers.numbers.guards import Outlook
from ccc_numbers.numbers.plan_number import Binding, Bound, Elsewhere, Standing
from ccc_numbers.provider.run import Run


async def spare_campaigns(run: Run, urn: str, leaving: Iterable[PhoneNumber], *, preview: bool) -> None:
    """For numbers that are about to leave their instances. CccError unless it is a preview, or allowed."""
    await _spare(run, urn, ((row, None) for row in leaving), preview=preview)


async def spare_in_update(
    run: Run,
    urn: str,
    seen: Outlook,
    standings: Mapping[str, Standing],
    leaving: Iterable[PhoneNumber],
    *,
    preview: bool,
) -> None:
    """The same for all that an update does: numbers that leave or move, and those that lose groups."""
    changes: list[tuple[PhoneNumber, Binding | None]] = [(row, None) for row in leaving]
    for number, standing in standings.items():
        if isinstance(standing, Bound) and number in seen.bindings:
            changes.append((standing.row, seen.bindings[number][1]))
        elif isinstance(standing, Elsewhere) and number in seen.move:
            changes.append((standing.row, None))
    await _spare(run, urn, changes, preview=preview)


async def _spare(
    run: Run, urn: str, changes: Iterable[tuple[PhoneNumber, Binding | None]], *, preview: bool
) -> None:
    """Each instance's own campaigns; an instance is asked only where a group loses a number."""
    lost: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for row, after in changes:
        if groups := groups_lost(row, after):
            lost[row.instance_id][row.number] = groups
    for instance_id, numbers in lost.items():
        running = await _running(run, urn, instance_id, some(sorted(numbers)))
        said = [
            tr("{campaign} may call with {numbers}", campaign=name, numbers=some(hit))
            for name, hit in losing(running, numbers).items()
        ]
        await _decide(run, urn, instance_id, said, preview=preview)


async def spare_dropped(
    run: Run, urn: str, instance_id: str, dropped: Mapping[str, Iterable[str]], *, preview: bool
) -> None:
    """For managed skill groups and flows, by kind and name, that the declaration dropped: they go after the numbers."""
    listings: Mapping[str, Callable[[str], Awaitable[Mapping[str, SkillGroup | ContactFlow]]]] = {
        "SkillGroup": run.inventory.skill_groups,
        "ContactFlow": run.inventory.contact_flows,
    }
    ids: dict[str, str] = {}
    for kind, names in dropped.items():
        if going := [name for name in names if not run.declared.still(kind, instance_id, name)]:
            rows = await listings[kind](instance_id)
            ids |= {rows[name].id: name for name in going if name in rows}
    if ids:
        await spare_campaigns_of(run, urn, instance_id, ids, preview=preview)


async def spare_campaigns_of(
    run: Run, urn: str, instance_id: str, ids: Mapping[str, str], *, preview: bool = False
) -> None:
    """For flows and skill groups that are about to be deleted: their names, by id."""
    running = await _running(run, urn, instance_id, some(sorted(ids.values())))
    said = [
        tr("{campaign} calls with {name}", campaign=each.name or each.id, name=ids[used])
        for each in running
        for used in (each.contact_flow_id, each.skill_group_id)
        if used and used in ids
    ]
    await _decide(run, urn, instance_id, said, preview=preview)


async def _running(run: Run, urn: str, instance_id: str, what: str) -> Sequence[Campaign]:
    """None where CCC does not say: a team without campaigns may lack the permission to ask. That is said."""
    try:
        return await run.inventory.running_campaigns(instance_id)
    except CccError as error:
        said = tr(
            "{instance}: whether a running campaign uses {what} is not known: {why}",
            instance=instance_id,
            what=what,
            why=error,
        )
        await run.warn(said, urn)
        return ()


async def _decide(run: Run, urn: str, instance_id: str, said: Sequence[str], *, preview: bool) -> None:
    if not said:
        return
    allowed = run.environment.get(ALLOW_CAMPAIGNS, "")
    message = tr(
        "{instance}: campaigns that run would lose it: {said}", instance=instance_id, said=listed(said)
    )
    if preview or (allowed.isdecimal() and len(said) <= int(allowed)):
        await run.warn(message, urn)
        return
    raise CccError(
        tr(
            "{message}. Nothing of that was changed. Wait until they have ended, pause them, or run once with "
            "{variable}={count}",
            message=message,
            variable=ALLOW_CAMPAIGNS,
            count=len(said),
        )
    )
