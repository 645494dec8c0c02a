"""The state as it is now, in the documented form.

The keys the form's own example shows are always written; the others only where they say something.
"""

from __future__ import annotations

from sqlite3 import Connection

from ccc_numbers.simulator.authentication import DEFAULT_ACCOUNT, DEFAULT_KEY, AccessKey
from ccc_numbers.simulator.records import ContactFlow, Instance, Number, SkillGroup, User, select
from ccc_numbers.simulator.settings import keys_in, switches_in
from ccc_numbers.simulator.state import ImportedForm

Form = dict[str, object]


def current_state(db: Connection) -> Form:
    """Everything, as `GET /_simulator/state` answers it and `PUT` takes it."""
    keys = list(keys_in(db).values())
    return {
        **_given(
            accessKeys=[_key(key) for key in keys] if keys != [DEFAULT_KEY] else None,
            switches=switches_in(db).deviations(),
        ),
        "instances": {
            instance.id: _instance(db, instance) for instance in select(db, Instance, "1", order="id")
        },
        "unassigned": [
            {"number": number.number, **_origin(number), **_owner(number.account)}
            for number in select(db, Number, "instance IS NULL", order="number")
        ],
    }


def _given(**values: object) -> Form:
    """Only the values that say something: not None, blank, empty or zero."""
    return {name: value for name, value in values.items() if value}


def _owner(account: str) -> Form:
    return _given(account=account if account != DEFAULT_ACCOUNT else None)


def _key(key: AccessKey) -> Form:
    return {
        "id": key.id,
        "secret": key.secret,
        "account": key.account,
        **_given(
            user=key.user,
            securityToken=key.security_token,
            tokenExpired=key.token_expired,
            denied=sorted(key.denied),
        ),
        **({} if key.active else {"active": False}),
    }


def _instance(db: Connection, instance: Instance) -> Form:
    here = instance.id
    flows = select(db, ContactFlow, "instance = ?", here, order="rowid")
    groups = select(db, SkillGroup, "instance = ?", here, order="rowid")
    users = select(db, User, "instance = ?", here, order="rowid")
    numbers = select(db, Number, "instance = ?", here, order="number")
    flow_names = {flow.id: flow.name for flow in flows}
    groups_of = _groups_of_numbers(db, here)
    return {
        **_given(name=instance.name if instance.name != here else None, description=instance.description),
        "status": instance.status,
        **_owner(instance.account),
        **_given(pollsLeft=instance.polls_left, created=instance.created),
        "contactFlows": [_flow(flow) for flow in flows],
        "skillGroups": [_group(group) for group in groups],
        **_given(users=[_user(user) for user in users]),
        "numbers": [_number(number, flow_names, groups_of.get(number.number, [])) for number in numbers],
    }


def _groups_of_numbers(db: Connection, instance: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    sql = (
        "SELECT binding.number, skill_group.name FROM binding JOIN skill_group ON skill_group.id = skill_group "
        "WHERE skill_group.instance = ? ORDER BY binding.number, skill_group.name"
    )
    for number, name in db.execute(sql, (instance,)):
        found.setdefault(number, []).append(name)
    return found


def _flow(flow: ContactFlow) -> Form:
    draft = _given(
        id=flow.draft_id,
        definition=flow.draft_definition,
        description=flow.draft_description,
        editor=flow.editor,
    )
    return {
        "id": flow.id,
        "name": flow.name,
        "type": flow.type,
        "published": bool(flow.published),
        "definition": flow.definition,
        **_given(
            description=flow.description,
            draft=draft if flow.draft_id else None,
            pollsLeft=flow.polls_left,
            created=flow.created,
            updated=flow.updated,
        ),
    }


def _group(group: SkillGroup) -> Form:
    return {
        "name": group.name,
        "displayName": group.display_name,
        "mediaType": group.media_type,
        **_given(description=group.description, users=group.user_count),
    }


def _user(user: User) -> Form:
    return {
        "login": user.login,
        **_given(
            displayName=user.display_name,
            email=user.email,
            mobile=user.mobile,
            extension=user.extension,
            role=user.role,
            workMode=user.work_mode,
        ),
    }


def _number(number: Number, flow_names: dict[str, str], groups: list[str]) -> Form:
    return {
        "number": number.number,
        "usage": "Bidirectional" if number.usage == "Bidirection" else number.usage,
        **_given(contactFlow=flow_names.get(number.contact_flow or "")),
        "skillGroups": groups,
        **_given(user=(number.user or "").rpartition("@")[0]),
        **_origin(number),
        **_given(created=number.joined),
    }


def _origin(number: Number) -> Form:
    """What the vendor fixed when the number was imported."""
    fixed = {field.alias or name: getattr(number, name) for name, field in ImportedForm.model_fields.items()}
    active = fixed.pop("active")
    return {**_given(**fixed), **({} if active else {"active": False})}
