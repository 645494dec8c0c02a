"""The state as it is now, in the documented form.

The keys that the form's own example shows are always written, the others where they differ from their default.
"""

from __future__ import annotations

from functools import cache
from sqlite3 import Connection
from typing import Any

from pydantic import BaseModel

from ccc_numbers.simulator.records import (
    DEFAULT_KEY,
    AccessKey,
    ContactFlow,
    Instance,
    Number,
    SkillGroup,
    User,
    groups_of,
    select,
)
from ccc_numbers.simulator.state import (
    DraftForm,
    FlowForm,
    GroupForm,
    InstanceForm,
    KeyForm,
    NumberForm,
    UnassignedForm,
    UserForm,
)
from ccc_numbers.simulator.switches import switches_in

Form = dict[str, object]


def current_state(db: Connection) -> Form:
    """Everything, as `GET /_simulator/state` answers it and `PUT` takes it."""
    keys = select(db, AccessKey, "1")
    written_keys = [
        _written(KeyForm, key, "account", denied=sorted(key.denied.split()) or None) for key in keys
    ]
    switches = switches_in(db).deviations()
    return {
        **({"accessKeys": written_keys} if keys != [DEFAULT_KEY] else {}),
        **({"switches": switches} if switches else {}),
        "instances": {each.id: _instance(db, each) for each in select(db, Instance, "1", order="id")},
        "unassigned": [
            _written(UnassignedForm, number, "number", range=None)
            for number in select(db, Number, "instance IS NULL", order="number")
        ],
    }


def _written(form: type[BaseModel], record: object, *always: str, **given: object) -> Form:
    """A record under the form's keys; `given` are the values that the record has under no such name."""
    found: Form = {}
    for name, key, default, required in _fields(form):
        value = given[name] if name in given else getattr(record, name)
        if isinstance(default, bool):
            value = bool(value)
        if required or name in always or (value != default and value not in (None, "")):
            found[key] = value
    return found


@cache
def _fields(form: type[BaseModel]) -> list[tuple[str, str, Any, bool]]:
    """(name, key, default, whether it is required), the required ones first."""
    found = [(name, f.alias or name, f.default, f.is_required()) for name, f in form.model_fields.items()]
    return sorted(found, key=lambda field: not field[-1])


def _instance(db: Connection, instance: Instance) -> Form:
    def of_instance(kind: type, order: str) -> list[Any]:
        return select(db, kind, "instance = ?", instance.id, order=order)

    flows, numbers = of_instance(ContactFlow, "rowid"), of_instance(Number, "number")
    flow_names = {flow.id: flow.name for flow in flows}
    groups = groups_of(db, [number.number for number in numbers])
    return _written(
        InstanceForm,
        instance,
        *("status", "contact_flows", "skill_groups", "numbers"),
        name=instance.name if instance.name != instance.id else None,
        contact_flows=[_flow(flow) for flow in flows],
        skill_groups=[
            _written(GroupForm, group, "display_name", "media_type")
            for group in of_instance(SkillGroup, "rowid")
        ],
        users=[_written(UserForm, user, "role", "work_mode") for user in of_instance(User, "rowid")] or None,
        numbers=[
            _number(number, flow_names, sorted(group.name for group in groups[number.number]))
            for number in numbers
        ],
    )


def _flow(flow: ContactFlow) -> Form:
    draft = _written(
        DraftForm,
        flow,
        id=flow.draft_id,
        definition=flow.draft_definition,
        description=flow.draft_description,
    )
    return _written(
        FlowForm,
        flow,
        *("id", "type", "published", "definition"),
        draft=draft if flow.draft_id else None,
    )


def _number(number: Number, flow_names: dict[str, str], groups: list[str]) -> Form:
    return _written(
        NumberForm,
        number,
        "skill_groups",
        usage="Bidirectional" if number.usage == "Bidirection" else number.usage,
        contact_flow=flow_names.get(number.contact_flow or ""),
        skill_groups=groups,
        user=(number.user or "").rpartition("@")[0],
        created=number.joined,
    )
