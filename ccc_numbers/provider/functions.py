"""The functions of the package: CCC read, nothing declared. Each row has the names of the resources' properties."""

from collections.abc import Awaitable, Callable, Mapping

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import ContactFlow, PhoneNumber, SkillGroup, UnassignedNumber
from ccc_numbers.provider.properties import text
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag

Row = dict[str, object]
Function = Callable[[Run, Bag], Awaitable[Row]]


async def get_instance(run: Run, arguments: Bag) -> Row:
    """One instance by id."""
    instance = await run.inventory.instance(_instance_id(arguments))
    return {
        "instanceId": instance.id,
        "name": instance.name,
        "description": instance.description,
        "status": instance.status,
        "consoleUrl": instance.console_url,
    }


async def get_phone_numbers(run: Run, arguments: Bag) -> Row:
    """Every number of an instance with its bindings."""
    rows = await run.inventory.numbers(_instance_id(arguments))
    return {"numbers": [_number(rows[number]) for number in sorted(rows)]}


async def get_unassigned_numbers(run: Run, arguments: Bag) -> Row:
    """Every number of the account that is in no instance."""
    rows = await run.inventory.unassigned()
    return {"numbers": [_unassigned(rows[number]) for number in sorted(rows)]}


async def get_skill_groups(run: Run, arguments: Bag) -> Row:
    """Every skill group of an instance that takes calls."""
    rows = await run.inventory.skill_groups(_instance_id(arguments))
    return {"skillGroups": [_group(rows[name]) for name in sorted(rows)]}


async def get_contact_flows(run: Run, arguments: Bag) -> Row:
    """Every contact flow of an instance."""
    rows = await run.inventory.contact_flows(_instance_id(arguments))
    return {"contactFlows": [_flow(rows[name]) for name in sorted(rows)]}


FUNCTIONS: Mapping[str, Function] = {
    "ccc:index:getInstance": get_instance,
    "ccc:index:getPhoneNumbers": get_phone_numbers,
    "ccc:index:getUnassignedNumbers": get_unassigned_numbers,
    "ccc:index:getSkillGroups": get_skill_groups,
    "ccc:index:getContactFlows": get_contact_flows,
}


def _instance_id(arguments: Bag) -> str:
    instance_id = text(arguments, "instanceId")
    if not instance_id:
        raise CccError('"instanceId" is required')
    return instance_id


def _known(**fields: object) -> Row:
    return {key: value for key, value in fields.items() if value is not None}


def _number(row: PhoneNumber) -> Row:
    return _known(
        number=row.number,
        usage=str(row.usage),
        contactFlow=row.contact_flow_name,
        contactFlowId=row.contact_flow_id,
        skillGroups=[group.name for group in row.skill_groups],
        active=row.active,
        userId=row.user_id,
        provider=row.provider,
        province=row.province,
        city=row.city,
    )


def _unassigned(row: UnassignedNumber) -> Row:
    return _known(number=row.number, province=row.province, city=row.city)


def _group(row: SkillGroup) -> Row:
    return _known(
        skillGroupId=row.id,
        name=row.name,
        displayName=row.display_name,
        description=row.description,
        numberCount=row.number_count,
        userCount=row.user_count,
    )


def _flow(row: ContactFlow) -> Row:
    return _known(
        contactFlowId=row.id,
        name=row.name,
        type=str(row.type),
        published=row.published,
        editor=row.editor,
        numbers=list(row.numbers),
    )
