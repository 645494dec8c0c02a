"""What `pulumi do TYPE list` names, and a bulk import takes: every resource of a type that CCC holds. Reads only.

All of them, or an error: a list that is cut short would be taken for the whole.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed as listed_names
from ccc_numbers.messages.names import suggestion
from ccc_numbers.provider.model import TEXT, Property, optional
from ccc_numbers.provider.properties import text
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag

INSTANCE_ID: Property[None] = optional(
    "instanceId",
    TEXT,
    "The instance to look in; every instance of the account when absent.",  # not translated: the schema's
)


@dataclass(frozen=True, order=True)
class Listed:
    """A resource, by the id that imports it, and the name that a component gives it."""

    id: str
    name: str


async def _phone_numbers(run: Run, instance_id: str) -> list[Listed]:
    numbers = await run.inventory.numbers(instance_id)
    return [Listed(f"{instance_id}/{number}", number) for number in numbers]


async def _skill_groups(run: Run, instance_id: str) -> list[Listed]:
    groups = await run.inventory.skill_groups(instance_id)
    return [Listed(row.id, f"{instance_id}/{name}") for name, row in groups.items()]


async def _contact_flows(run: Run, instance_id: str) -> list[Listed]:
    flows = await run.inventory.contact_flows(instance_id)
    return [Listed(f"{instance_id}/{row.id}", f"{instance_id}/{name}") for name, row in flows.items()]


LISTS: dict[str, Callable[[Run, str], Awaitable[list[Listed]]]] = {
    "ccc:index:PhoneNumber": _phone_numbers,
    "ccc:index:SkillGroup": _skill_groups,
    "ccc:index:ContactFlow": _contact_flows,
}
"""The types that can be imported; the others are made by `pulumi up` out of the declaration."""


async def listed(run: Run, token: str, query: Bag) -> list[Listed]:
    """Every resource of a type that the query is about, in order of their ids."""
    if token not in LISTS:
        raise CccError(
            tr(
                "{token} cannot be listed: CCC holds nothing of the kind; there are {tokens}",
                token=token,
                tokens=listed_names(sorted(LISTS)),
            )
        )
    for key in query.keys() - {INSTANCE_ID.name}:
        hint = suggestion(key, [INSTANCE_ID.name], "there is")
        raise CccError(tr('unknown input "{key}"; {hint}', key=key, hint=hint))
    one = text(query, INSTANCE_ID.name)
    instances = [(await run.inventory.instance(one)).id] if one else await run.inventory.instances()
    found = await asyncio.gather(*(LISTS[token](run, each) for each in instances))
    return sorted(each for rows in found for each in rows)
