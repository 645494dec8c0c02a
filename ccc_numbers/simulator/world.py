"""The state between its documented form and the store: read it, check what refers to what, put it in the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from sqlite3 import Connection
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel

from ccc_numbers.simulator.forms import Document, Place, all_or_error, parse, validate
from ccc_numbers.simulator.mistakes import Mistake, nearest
from ccc_numbers.simulator.records import (
    TABLES,
    AccessKey,
    ContactFlow,
    Instance,
    Number,
    SkillGroup,
    User,
    insert,
    insert_new,
)
from ccc_numbers.simulator.state import FlowForm, ImportedForm, InstanceForm, State
from ccc_numbers.simulator.switches import Switches, put_switches

Record = TypeVar("Record")


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
    """What the form alone cannot check: names that refer to nothing, things that stand twice."""
    try:
        Switches().changed(state.switches)
    except Mistake as error:
        yield document.problem(("switches",), str(error))
    seen_keys: set[str] = set()
    for index, key in enumerate(state.access_keys):
        if key.id in seen_keys:
            yield document.problem(("accessKeys", index), f'"{key.id}" stands twice')
        seen_keys.add(key.id)
    first: dict[str, str] = {}
    for place, number in _all_numbers(state):
        where = document.problem(place, "")
        if number in first:
            yield document.problem(place, f"{number} stands twice; first at {first[number]}")
        else:
            first[number] = where.removesuffix(": ")
    for name, instance in state.instances.items():
        yield from _instance_problems(document, name, instance)


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
        for index, text in enumerate(names):
            if text in names[:index]:
                yield document.problem((*here, key, index), f'"{text}" stands twice')
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
