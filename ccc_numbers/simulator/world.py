"""The state between its documented form and the store: replace it, read it, check what refers to what."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from sqlite3 import Connection
from uuid import NAMESPACE_URL, uuid5

from ccc_numbers.simulator.authentication import AccessKey
from ccc_numbers.simulator.forms import Document, Place, all_or_error, nearest, parse, validate
from ccc_numbers.simulator.records import (
    ContactFlow,
    Instance,
    Number,
    SkillGroup,
    User,
    insert_all,
    insert_new,
)
from ccc_numbers.simulator.settings import put_keys, put_switches
from ccc_numbers.simulator.state import FlowForm, InstanceForm, NumberForm, State
from ccc_numbers.simulator.switches import SwitchError, Switches

TABLES = ("access_key", "switch", "instance", "user", "skill_group", "contact_flow", "binding", "number")


def read_state(text: str, name: str) -> State:
    """A state from YAML or JSON; FormError lists what is wrong, with lines."""
    document = parse(text, name)
    state = validate(State, document)
    all_or_error(_problems(document, state))
    return state


def replace_state(db: Connection, state: State) -> None:
    """Make the store hold exactly this state. Runs inside the caller's transaction."""
    now = time.time_ns() // 1_000_000
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")
    put_keys(
        db, [AccessKey(**{**key.model_dump(), "denied": frozenset(key.denied)}) for key in state.access_keys]
    )
    put_switches(db, Switches().changed(state.switches))
    for name, instance in state.instances.items():
        _put_instance(db, name, instance, now)
    import_numbers(db, state)


def import_numbers(db: Connection, state: State) -> None:
    """Add the unassigned numbers of a state, as support's import does; numbers already there stay."""
    for entry in state.unassigned:
        numbers = (Number.unassigned(number, entry.account, entry.imported) for number in entry.numbers)
        insert_new(db, Number, numbers)


def _put_instance(db: Connection, name: str, form: InstanceForm, now: int) -> None:
    instance = Instance(
        id=name,
        account=form.account,
        name=form.name or name,
        description=form.description,
        status=form.status,
        polls_left=form.polls_left,
        created=form.created or now,
    )
    flows = {flow.name: _flow(name, flow, now) for flow in form.contact_flows}
    insert_all(db, [instance])
    insert_all(db, list(flows.values()))
    insert_all(
        db,
        [
            SkillGroup(
                f"{group.name}@{name}",
                name,
                group.name,
                group.display_name or group.name,
                group.description,
                group.media_type,
                group.users,
            )
            for group in form.skill_groups
        ],
    )
    insert_all(
        db,
        [
            User(
                f"{user.login}@{name}",
                name,
                user.login,
                user.display_name or user.login,
                user.email,
                user.mobile,
                user.extension,
                user.role,
                user.work_mode,
            )
            for user in form.users
        ],
    )
    insert_all(db, [_number(name, form.account, number, flows, now) for number in form.numbers])
    db.executemany(
        "INSERT OR IGNORE INTO binding VALUES (?, ?)",
        ((number.number, f"{group}@{name}") for number in form.numbers for group in number.skill_groups),
    )


def _flow(instance: str, form: FlowForm, now: int) -> ContactFlow:
    """Ids are derived from names, so that the same seed gives the same ids."""
    key = f"ccc:{instance}/{form.name}"
    draft = form.draft
    open_draft = draft is not None or not form.published
    return ContactFlow(
        id=form.id or str(uuid5(NAMESPACE_URL, key)),
        instance=instance,
        name=form.name,
        type=form.type,
        definition=form.definition,
        description=form.description,
        published=form.published,
        draft_id=((draft and draft.id) or str(uuid5(NAMESPACE_URL, f"{key}/draft"))) if open_draft else None,
        draft_definition=((draft and draft.definition) or form.definition) if open_draft else None,
        draft_description=((draft and draft.description) or form.description) if open_draft else None,
        editor=draft.editor if draft else None,
        polls_left=form.polls_left,
        created=form.created or now,
        updated=form.updated or form.created or now,
    )


def _number(
    instance: str, account: str, form: NumberForm, flows: Mapping[str, ContactFlow], now: int
) -> Number:
    return Number(
        number=form.number,
        account=account,
        instance=instance,
        usage="Bidirection" if form.usage == "Bidirectional" else form.usage,
        contact_flow=flows[form.contact_flow].id if form.contact_flow else None,
        user=f"{form.user}@{instance}" if form.user else None,
        joined=form.created or now,
        **form.imported,
    )


def _problems(document: Document, state: State) -> Iterator[str]:
    """What the form alone cannot check: names that refer to nothing, things that stand twice."""
    try:
        Switches().changed(state.switches)
    except SwitchError as error:
        yield document.problem(("switches",), str(error))
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
