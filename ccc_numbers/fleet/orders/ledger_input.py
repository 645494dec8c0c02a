"""The numbers on the orders of stacks, as CCC holds them."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import PhoneNumber, SkillGroup
from ccc_numbers.declaration.vendor_rules import numbers_on_orders
from ccc_numbers.fleet.accounts import open_accounts
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.numbers.inventory import Inventory
from ccc_numbers.numbers.plan_number import NotImported, Unassigned
from ccc_numbers.numbers.rules import unanswered, unusable
from ccc_numbers.vendors.progress import Live, LiveNumber


def look(project: Path, stacks: Sequence[Stack]) -> tuple[dict[str, Live], dict[str, str]]:
    """What CCC shows, by stack; and for each stack that could not be looked at, why in one line. Nothing is written."""
    answers = asyncio.run(_look(project, stacks))
    return (
        {stack: answer for stack, answer in answers.items() if not isinstance(answer, str)},
        {stack: answer for stack, answer in answers.items() if isinstance(answer, str)},
    )


async def _look(project: Path, stacks: Sequence[Stack]) -> dict[str, Live | str]:
    async with open_accounts(project, [stack.file for stack in stacks], "orders") as accounts:

        async def seen(stack: Stack) -> Live | str:
            try:
                return accounts.failed.get(stack.name) or await _seen(
                    accounts.by_stack[stack.name].inventory, stack
                )
            except CccError as error:
                return str(error)

        found = await asyncio.gather(*map(seen, stacks))
    return {stack.name: each for stack, each in zip(stacks, found, strict=True)}


async def _seen(inventory: Inventory, stack: Stack) -> Live:
    """Every number of a stack's orders that the account has."""
    numbers = list(numbers_on_orders(stack.declaration))
    await asyncio.gather(*(inventory.numbers(id) for id in {number.instance for number in numbers}))
    found: dict[str, LiveNumber] = {}
    for number in numbers:
        standing = await inventory.look(number.number, number.instance)
        if isinstance(standing, Unassigned):
            found[number.number] = LiveNumber(number.number)
        elif not isinstance(standing, NotImported):
            groups = await inventory.skill_groups(standing.row.instance_id)
            found[number.number] = live_number(standing.row, groups)
    return found


def live_number(row: PhoneNumber, groups: Mapping[str, SkillGroup]) -> LiveNumber:
    """One number; its agents are at least those of its largest group, since agents may be in several."""
    takes = row.usage.takes_calls and not unanswered(row.usage, row.contact_flow_id)
    makes = row.usage.makes_calls and not unusable(row.usage, row.skill_groups, row.user_id)
    ids = {ref.id for ref in row.skill_groups}
    users = [
        group.user_count for group in groups.values() if group.user_count is not None and group.id in ids
    ]
    return LiveNumber(
        row.number,
        row.instance_id,
        row.provider,
        in_service=row.active is not False and (takes or makes),
        agents=1 if row.user_id is not None else max(users, default=None),
    )
