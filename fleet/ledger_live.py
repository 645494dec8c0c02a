"""What CCC holds of the numbers on vendor orders, for the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ccc import embedded
from ccc.client import Client
from ccc.errors import CccError
from ccc.inventory import Inventory
from ccc.rows import PhoneNumber, SkillGroup
from ccc.settings import Settings
from components.declaration import stack_file
from vendors.ledger import StackOrders
from vendors.progress import Live, LiveNumber, by_number


def look(project: Path, stacks: Sequence[StackOrders]) -> tuple[dict[str, Live], dict[str, str]]:
    """What CCC shows, by stack; and for each stack that could not be looked at, why in one line.

    Stacks with the same settings share one client and its listings. Nothing is written.
    """
    shared: list[tuple[Settings, list[StackOrders]]] = []
    failed: dict[str, str] = {}
    for part in stacks:
        try:
            settings = _settings(project, part.stack)
        except CccError as error:
            failed[part.stack] = str(error)
            continue
        same = next((members for known, members in shared if known == settings), None)
        if same is None:
            shared.append((settings, [part]))
        else:
            same.append(part)
    return asyncio.run(_look(project, shared, failed)), failed


def _settings(project: Path, stack: str) -> Settings:
    return Settings.parse(stack_file(project, stack).provider, base=project)


async def _look(
    project: Path, shared: Iterable[tuple[Settings, Sequence[StackOrders]]], failed: dict[str, str]
) -> dict[str, Live]:
    found: dict[str, Live] = {}
    for settings, parts in shared:
        simulator = None
        try:
            if settings.embedded:
                simulator = embedded.start(settings.simulator_seed, settings.simulator_state, project=project)
                settings = settings.at(simulator.url)  # the same settings, now with an address
            async with Client(settings) as client:
                inventory = Inventory(client)
                answers = await asyncio.gather(
                    *(_stack(inventory, part) for part in parts), return_exceptions=True
                )
            for part, answer in zip(parts, answers, strict=True):
                if isinstance(answer, CccError):
                    failed[part.stack] = str(answer)
                elif isinstance(answer, BaseException):
                    raise answer
                else:
                    found[part.stack] = answer
        except CccError as error:
            failed.update(dict.fromkeys((part.stack for part in parts), str(error)))
        finally:
            if simulator is not None:
                simulator.stop()
    return found


async def _stack(inventory: Inventory, part: StackOrders) -> Live:
    """Everything seen of one stack's numbers: its instances, the unassigned, and the rest where some lack."""
    wanted = {number.number for number in part.numbers}
    if not wanted:
        return {}
    instances = {number.instance for number in part.numbers}
    rows = list(await _rows(inventory, instances))
    seen = {row.number for row in rows}
    free = await inventory.unassigned()
    rows.extend(LiveNumber(number) for number in wanted & free.keys())
    if wanted - seen - free.keys():
        rows.extend(await _rows(inventory, (await inventory.instances()).keys() - instances))
    return {number: row for number, row in by_number(rows).items() if number in wanted}


async def _rows(inventory: Inventory, instances: Iterable[str]) -> Iterator[LiveNumber]:
    ids = sorted(instances)
    listings = await asyncio.gather(*(inventory.numbers(id) for id in ids))
    groups = dict(zip(ids, await asyncio.gather(*(inventory.skill_groups(id) for id in ids)), strict=True))
    return (
        live_number(row, groups[id])
        for id, listing in zip(ids, listings, strict=True)
        for row in listing.values()
    )


def live_number(row: PhoneNumber, groups: Mapping[str, SkillGroup]) -> LiveNumber:
    """One number; its agents are at least those of its largest group, since agents may be in several."""
    takes = row.usage.takes_calls and row.contact_flow_id is not None
    makes = row.usage.makes_calls and (bool(row.skill_groups) or row.user_id is not None)
    users = [
        group.user_count
        for group in groups.values()
        if group.user_count is not None and group.id in {ref.id for ref in row.skill_groups}
    ]
    return LiveNumber(
        row.number,
        row.instance_id,
        row.provider,
        in_service=row.active is not False and (takes or makes),
        agents=1 if row.user_id is not None else max(users, default=None),
    )
