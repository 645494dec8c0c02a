"""The functions of the package: CCC read, nothing declared. Each row has the names of the resources' properties."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.language import tr
from ccc_numbers.provider.model import TEXT, Property, Record, list_of, required
from ccc_numbers.provider.model.rows import BOUND_NUMBER, CONTACT_FLOW, FREE_NUMBER, INSTANCE, SKILL_GROUP
from ccc_numbers.provider.properties import text
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag

# Descriptions are the schema's, which is English.
_INSTANCE_ID: Property[None] = required("instanceId", TEXT, "The instance's id.")  # not translated: see above
_BY_NUMBER, _BY_NAME = "By number.", "By name."  # not translated: see above


@dataclass(frozen=True)
class Function:
    """One function: the properties it takes and answers. The first line about `call` describes it in the schema."""

    call: Callable[[Run, Bag], Awaitable[Bag]]
    answers: tuple[Property[Any], ...]
    takes: tuple[Property[None], ...] = (_INSTANCE_ID,)


def _rows(name: str, row: Record[Any], doc: str) -> Property[None]:
    return required(name, list_of(row.type), doc)


async def get_instance(run: Run, arguments: Bag) -> Bag:
    """One instance by id."""
    return INSTANCE.live(await run.inventory.instance(_instance_id(arguments)))


async def get_phone_numbers(run: Run, arguments: Bag) -> Bag:
    """Every number of an instance with its bindings."""
    rows = await run.inventory.numbers(_instance_id(arguments))
    return {"numbers": [BOUND_NUMBER.live(rows[number]) for number in sorted(rows)]}


async def get_unassigned_numbers(run: Run, arguments: Bag) -> Bag:
    """Every number of the account that is in no instance."""
    rows = await run.inventory.unassigned()
    return {"numbers": [FREE_NUMBER.live(rows[number]) for number in sorted(rows)]}


async def get_skill_groups(run: Run, arguments: Bag) -> Bag:
    """Every audio skill group of an instance."""
    rows = await run.inventory.skill_groups(_instance_id(arguments))
    return {"skillGroups": [SKILL_GROUP.live(rows[name]) for name in sorted(rows)]}


async def get_contact_flows(run: Run, arguments: Bag) -> Bag:
    """Every contact flow of an instance."""
    rows = await run.inventory.contact_flows(_instance_id(arguments))
    return {"contactFlows": [CONTACT_FLOW.live(rows[name]) for name in sorted(rows)]}


FUNCTIONS = {
    "ccc:index:getInstance": Function(get_instance, INSTANCE.properties),
    "ccc:index:getPhoneNumbers": Function(get_phone_numbers, (_rows("numbers", BOUND_NUMBER, _BY_NUMBER),)),
    "ccc:index:getUnassignedNumbers": Function(
        get_unassigned_numbers, (_rows("numbers", FREE_NUMBER, _BY_NUMBER),), takes=()
    ),
    "ccc:index:getSkillGroups": Function(get_skill_groups, (_rows("skillGroups", SKILL_GROUP, _BY_NAME),)),
    "ccc:index:getContactFlows": Function(
        get_contact_flows, (_rows("contactFlows", CONTACT_FLOW, _BY_NAME),)
    ),
}


def _instance_id(arguments: Bag) -> str:
    instance_id = text(arguments, "instanceId")
    if not instance_id:
        raise CccError(tr('"instanceId" is required'))
    return instance_id
