"""Instances: list, get with every number and binding, create, modify, delete."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated
from uuid import uuid4

from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import Answer, Call, operation
from ccc_numbers.simulator.operations.common import (
    CEILING,
    Filter,
    Row,
    group_rows,
    number_order,
    number_row,
    paged,
    row,
)
from ccc_numbers.simulator.operations.contact_flows import new_flow, without_draft
from ccc_numbers.simulator.operations.numbers import join, release
from ccc_numbers.simulator.parameters import StringList, Text
from ccc_numbers.simulator.records import Instance, Number, SkillGroup, User, find, insert, select

CREATION_POLLS = 2

InstanceName = Annotated[str, Text(".{4,32}", "It must be 4-32 characters")]
DomainName = Annotated[str, Text("[A-Za-z0-9_-]{4,48}", "It must be 4-48 letters, digits, _ or -")]
InstanceDescription = Annotated[str, Text(".{0,256}", "It must be at most 256 characters", keeps_blank=True)]


@operation(account=True, reads=True, paged=True)
def list_instances(call: Call) -> Answer:
    def rows(instances: Sequence[Instance]) -> Iterator[Row]:
        for instance in instances:
            _count_poll(call, instance)
            numbers = [{"Number": number.number} for number in _numbers(call, instance)]
            yield {**_row(call, instance), "CreateTime": instance.created, "NumberList": numbers}

    found = Filter("instance.account = ?", call.account)
    return paged(call, Instance, found, "instance.id", rows)


@operation(account=True, reads=True, paged=True)
def list_instances_of_user(call: Call) -> Answer:
    def rows(instances: Sequence[Instance]) -> Iterator[Row]:
        for instance in instances:
            yield {**_row(call, instance), "NumberList": _number_rows(call, instance)}

    found = Filter("instance.account = ?", call.account)
    if call.key.user:
        found.add("instance.id IN (SELECT instance FROM user WHERE login = ?)", call.key.user)
    return paged(call, Instance, found, "instance.id", rows)


@operation(reads=True, any_status=True)
def get_instance(call: Call) -> Answer:
    _count_poll(call, call.instance)
    return {
        "Data": {
            **_row(call, call.instance),
            **row(call, AgentType=None, ChatbotBusinessUnit=None),
            "NumberList": _number_rows(call, call.instance),
        }
    }


@operation(account=True)
def create_instance(
    call: Call,
    name: InstanceName,
    domain_name: DomainName,
    admin_ram_id_list: StringList,
    description: InstanceDescription | None = None,
    number_list: StringList | None = None,
) -> Answer:
    if find(call.db, Instance, domain_name):
        raise business("AlreadyExists.InstanceId", domain_name)
    if not all(login.strip() for login in admin_ram_id_list):
        raise business("Parameter.Blank", "AdminRamIdList")
    at_once = call.switches.create_instance == "immediate"
    instance = Instance(
        id=domain_name,
        account=call.account,
        name=name,
        description=description or "",
        status="RUNNING" if at_once else "CREATING",
        polls_left=0 if at_once else CREATION_POLLS,
        created=call.now,
    )
    insert(call.db, instance)
    call.found_instance = instance
    for login in dict.fromkeys(admin_ram_id_list):
        user = User(f"{login}@{domain_name}", domain_name, login, login, "", "", "", "Admin", "ON_SITE")
        insert(call.db, user)
    _furnish(call, list(dict.fromkeys(number_list or ())))
    return {"Data": str(uuid4())}


@operation()
def modify_instance(call: Call, description: InstanceDescription) -> Answer:
    insert(call.db, replace(call.instance, description=description))
    return {"Data": call.instance.id}


@operation()
def delete_instance(call: Call) -> Answer:
    for number in select(call.db, Number, "instance = ?", call.instance.id):
        release(call, number.number)
    for table in ("skill_group", "contact_flow", "user", "call_record"):
        call.db.execute(f"DELETE FROM {table} WHERE instance = ?", (call.instance.id,))
    call.db.execute("DELETE FROM instance WHERE id = ?", (call.instance.id,))
    return {"Data": str(uuid4())}


def _furnish(call: Call, numbers: Sequence[str]) -> None:
    """The group, flow and bindings a new instance starts with."""
    bare = call.switches.create_instance == "bare"
    for number in numbers:
        record = find(call.db, Number, number)
        if record is None or record.account != call.account or record.instance is not None:
            raise business("NotExists.Number", number, call.instance.id)
    flow = None
    group = SkillGroup(f"default@{call.instance.id}", call.instance.id, "default", "default", "", "AUDIO", 0)
    if not bare:
        draft = new_flow(call, "welcome", "MAIN_FLOW", '{"activities":[]}', "welcome")
        flow = without_draft(draft, published=True)
        insert(call.db, flow)
        insert(call.db, group)
    for number in numbers:
        join(call, number, call.instance.id, "Inbound", flow.id if flow else None)
        if not bare:
            call.db.execute("INSERT INTO binding VALUES (?, ?)", (number, group.id))


def _numbers(call: Call, instance: Instance) -> list[Number]:
    numbers = select(call.db, Number, "instance = ?", instance.id, order=number_order(call))
    most = {"cut": 1, "ceiling": CEILING}.get(call.switches.instance_numbers)
    return numbers[:most]


def _row(call: Call, instance: Instance) -> Row:
    users = select(call.db, User, "instance = ? AND role = 'Admin'", instance.id, order="login")
    return {
        "Id": instance.id,
        "DomainName": instance.id,
        "Name": instance.name,
        "Description": instance.description,
        "Status": instance.status,
        "AliyunUid": instance.account,
        "ConsoleUrl": f"https://ccc-v2.aliyun.com/#/workbench/{instance.id}",
        "AdminList": [_admin_row(user) for user in users],
    }


def _admin_row(user: User) -> Row:
    return {
        "UserId": user.id,
        "InstanceId": user.instance,
        "LoginName": user.login,
        "DisplayName": user.display_name,
        "Email": user.email,
        "Mobile": user.mobile,
        "Extension": user.extension,
        "RoleId": f"{user.role}@{user.instance}",
        "RoleName": user.role,
        "WorkMode": user.work_mode,
    }


def _number_rows(call: Call, instance: Instance) -> list[Row]:
    numbers = _numbers(call, instance)
    groups = group_rows(call, numbers, "Description", "PhoneNumberCount", "UserCount")
    return [number_row(call, number, SkillGroups=groups[number.number]) for number in numbers]


def _count_poll(call: Call, instance: Instance) -> None:
    """A new instance is RUNNING once it was looked at often enough."""
    if instance.status == "CREATING" and instance.polls_left:
        sql = (
            "UPDATE instance SET polls_left = polls_left - 1, "
            "status = CASE WHEN polls_left = 1 THEN 'RUNNING' ELSE status END WHERE id = ? AND polls_left > 0"
        )
        call.later.append(lambda db: db.execute(sql, (instance.id,)))
