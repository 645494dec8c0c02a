"""Asks CCC which numbers it offers the agents of a skill group: two calls for a group, and one more for each hundred numbers."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.fleet.accounts import Account


@dataclass(frozen=True, slots=True)
class Offers:
    """The numbers that an agent of each group is offered, by the group's id; why that cannot be said of others."""

    offered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    failed: Mapping[str, CccError] = field(default_factory=dict)


def may_call_out(row: PhoneNumber) -> bool:
    """Whether the agents of its groups should be offered the number: not one that is off, or one agent's own."""
    return row.usage.makes_calls and row.active is not False and not row.user_id


async def ask_offers(
    account: Account, instance: str, rows: Iterable[PhoneNumber], staffed: Collection[str]
) -> Offers:
    """Ask for each group that holds one of these numbers to call out with, and that has agents (`staffed`, by id)."""
    held = {group.id for row in rows if may_call_out(row) for group in row.skill_groups}
    asked = sorted(held & set(staffed))
    answers = await asyncio.gather(*(_ask(account, instance, group) for group in asked))
    found = dict(zip(asked, answers, strict=True))
    return Offers(
        {group: each for group, each in found.items() if isinstance(each, frozenset)},
        {group: each for group, each in found.items() if isinstance(each, CccError)},
    )


async def _ask(account: Account, instance: str, group: str) -> frozenset[str] | CccError | None:
    """None where the group has no agent to ask for."""
    try:
        agent = await account.client.an_agent_of(instance, group)
        return await account.client.list_outbound_numbers(instance, agent, group) if agent else None
    except CccError as error:
        return error
