"""The state between its documented form and the store: read and check the form, replace the state, write it down."""

import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from sqlite3 import Connection
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel

from ccc_numbers.simulator.call_records import put_calls, written_call
from ccc_numbers.simulator.forms import Document, Place, all_or_error, parse, validate
from ccc_numbers.simulator.mistakes import Mistake, nearest
from ccc_numbers.simulator.records import (
    DEFAULT_KEY,
    TABLES,
    AccessKey,
    CallRecord,
    ContactFlow,
    Instance,
    Number,
    SkillGroup,
    User,
    groups_of,
    insert,
    insert_new,
    select,
)
from ccc_numbers.simulator.state import (
    CallForm,
    DraftForm,
    FlowForm,
    GroupForm,
    ImportedForm,
    InstanceForm,
    KeyForm,
    NumberForm,
    State,
    UnassignedForm,
    UserForm,
)
from ccc_numbers.simulator.switches import Switches, put_switches, switches_in

Record = TypeVar("Record")
Form = dict[str, object]


def read_state(text: str, name: str) -> State:
    """A state from YAML or JSON; Mistake lists everything that is wrong, with lines."""
    document = parse(text, name)
    state = validate(State, document)
    all_or_error(_problems(document, state))
    return state


def replace_state(db: Connection, state: State) -> None:
    """Make the store hold exactly this state. Runs inside the caller's transaction."""
    now = time.time_ns() // 1_000_000
    for table in (*TABLES.values(), "binding"):
        db.execute(f"DELETE FROM {table}")
    insert(db, *(_record(AccessKey, key, denied=" ".join(sorted(key.denied))) for key in state.access_keys))
    put_switches(db, Switches().changed(state.switches))
    if state.identity:
        db.execute("UPDATE identity SET id = ?", (state.identity,))
    for name, instance in state.instances.items():
        _put_instance(db, name, instance, now)
    import_numbers(db, state)


def import_numbers(db: Connection, state: State) -> int:
    """Add the unassigned numbers of a state, as support's import does; numbers already there stay. How many are new."""
    new = 0
    for entry in state.unassigned:
        imported = [getattr(entry, name) for name in ImportedForm.model_fields]
        numbers = (Number.unassigned(number, entry.account, *imported) for number in entry.numbers)
        new += insert_new(db, Number, numbers)
    return new


def _record(kind: Callable[..., Record], form: BaseModel, **given: object) -> Record:
    """The record of a form: `given`, and the form's values of the same names."""
    names = [field.name for field in fields(kind) if field.name not in given]  # type: ignore[arg-type]
    return kind(**given, **{name: getattr(form, name) for name in names})


def _put_instance(db: Connection, name: str, form: InstanceForm, now: int) -> None:
    insert(db, _record(Instance, form, id=name, name=form.name or name, created=form.created or now))
    flows = {flow.name: _flow(name, flow, now) for flow in form.contact_flows}
    insert(db, *flows.values())
    for group in form.skill_groups:
        shown = group.display_name or group.name
        insert(db, _record(SkillGroup, group, id=f"{group.name}@{name}", instance=name, display_name=shown))
    for user in form.users:
        shown = user.display_name or user.login
        insert(db, _record(User, user, id=f"{user.login}@{name}", instance=name, display_name=shown))
    numbers = (
        _record(
            Number,
            number,
            account=form.account,
            instance=name,
            usage="Bidirection" if number.usage == "Bidirectional" else number.usage,
            contact_flow=flows[number.contact_flow].id if number.contact_flow else None,
            user=f"{number.user}@{name}" if number.user else None,
            joined=number.created or now,
        )
        for number in form.numbers
    )
    insert(db, *numbers)
    db.executemany(
        "INSERT OR IGNORE INTO binding VALUES (?, ?)",
        ((number.number, f"{group}@{name}") for number in form.numbers for group in number.skill_groups),
    )
    put_calls(db, name, form.calls)


def _flow(instance: str, form: FlowForm, now: int) -> ContactFlow:
    """Ids are derived from names, so that the same seed gives the same ids."""
    key = f"ccc:{instance}/{form.name}"
    draft = form.draft
    open_draft = draft is not None or not form.published
    return _record(
        ContactFlow,
        form,
        id=form.id or str(uuid5(NAMESPACE_URL, key)),
        instance=instance,
        draft_id=((draft and draft.id) or str(uuid5(NAMESPACE_URL, f"{key}/draft"))) if open_draft else None,
        draft_definition=((draft and draft.definition) or form.definition) if open_draft else None,
        draft_description=((draft and draft.description) or form.description) if open_draft else None,
        editor=draft.editor if draft else None,
        created=form.created or now,
        updated=form.updated or form.created or now,
    )


def _problems(document: Document, state: State) -> Iterator[str]:
    """Mistakes the form alone cannot see: names that refer to nothing, things that stand twice."""
    try:
        Switches().changed(state.switches)
    except Mistake as error:
        yield document.problem(("switches",), str(error))
    yield from _twice(document, ("accessKeys",), [key.id for key in state.access_keys])
    first: dict[str, str] = {}
    for place, number in _all_numbers(state):
        where = document.problem(place, "")
        if number in first:
            yield document.problem(place, f"{number} stands twice; first at {first[number]}")
        else:
            first[number] = where.removesuffix(": ")
    for name, instance in state.instances.items():
        yield from _instance_problems(document, name, instance)


def _twice(document: Document, place: Place, names: list[str]) -> Iterator[str]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield document.problem((*place, index), f'"{name}" stands twice')


def _all_numbers(state: State) -> Iterator[tuple[Place, str]]:
    for name, instance in state.instances.items():
        for index, form in enumerate(instance.numbers):
            yield ("instances", name, "numbers", index), form.number
    for index, entry in enumerate(state.unassigned):
        for number in entry.numbers:
            yield ("unassigned", index), number


def _instance_problems(document: Document, name: str, instance: InstanceForm) -> Iterator[str]:
    here: Place = ("instances", name)
    known = {
        "contactFlows": [flow.name for flow in instance.contact_flows],
        "skillGroups": [group.name for group in instance.skill_groups],
        "users": [user.login for user in instance.users],
    }
    for key, names in known.items():
        yield from _twice(document, (*here, key), names)
    for index, number in enumerate(instance.numbers):
        place = (*here, "numbers", index)
        wanted: list[tuple[str, str, str | None]] = [
            ("contactFlow", "contactFlows", number.contact_flow),
            *(("skillGroups", "skillGroups", group) for group in number.skill_groups),
            ("user", "users", number.user),
        ]
        for key, collection, given in wanted:
            if given is not None and given not in known[collection]:
                hint = nearest(given, known[collection])
                message = f'"{given}" is none of this instance\'s {collection}{hint}'
                yield document.problem((*place, key), message)


def current_state(db: Connection) -> Form:
    """Everything, as `GET /_simulator/state` answers it and `PUT` takes it.

    Not which simulator it is: another one that takes this state over is not this one. The keys that the form's own
    example shows are always written, the others where they differ from their default.
    """
    keys = select(db, AccessKey, "1")
    written_keys = [
        _written(KeyForm, key, "account", denied=sorted(key.denied.split()) or None) for key in keys
    ]
    switches = switches_in(db).deviations()
    return {
        **({"accessKeys": written_keys} if keys != [DEFAULT_KEY] else {}),
        **({"switches": switches} if switches else {}),
        "instances": {each.id: _written_instance(db, each) for each in select(db, Instance, "1", order="id")},
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


def _written_instance(db: Connection, instance: Instance) -> Form:
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
        contact_flows=[_written_flow(flow) for flow in flows],
        skill_groups=[
            _written(GroupForm, group, "display_name", "media_type")
            for group in of_instance(SkillGroup, "rowid")
        ],
        users=[_written(UserForm, user, "role", "work_mode") for user in of_instance(User, "rowid")] or None,
        numbers=[
            _written_number(number, flow_names, sorted(group.name for group in groups[number.number]))
            for number in numbers
        ],
        calls=[
            _written(CallForm, each, *("number", "type"), **written_call(each))
            for each in of_instance(CallRecord, "id")
        ]
        or None,
    )


def _written_flow(flow: ContactFlow) -> Form:
    texts = {"definition": flow.draft_definition, "description": flow.draft_description}
    draft = _written(DraftForm, flow, id=flow.draft_id, **texts) if flow.draft_id else None
    return _written(FlowForm, flow, "id", "type", "published", "definition", draft=draft)


def _written_number(number: Number, flow_names: dict[str, str], groups: list[str]) -> Form:
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
