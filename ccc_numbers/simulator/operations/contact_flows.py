"""Contact flows: list, get, create, delete, export, import; and their drafts: start an edit, commit, publish, discard.

A published flow has no draft until an edit starts; a new flow has one from the start. Whoever starts an edit
holds the lock until he commits or discards; a committed draft waits to be published.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, get_args
from uuid import uuid4

from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.campaigns import in_campaign
from ccc_numbers.simulator.operations.common import Filter, Row, need, paged, row
from ccc_numbers.simulator.parameters import Choice, Flag, FlowType, String
from ccc_numbers.simulator.records import ContactFlow, FlowKind, insert, select

OrderBy = Annotated[str, Choice(("updatedTime", "createdTime", "name"))]
SortOrder = Annotated[str, Choice(("ASC", "DESC"))]

PUBLISH_POLLS = 2
_PACKED = ("Name", "Type", "Definition", "Description")

_CHINA = timezone(timedelta(hours=8))
_COLUMNS = {"updatedTime": "updated", "createdTime": "created", "name": "name"}


@operation(reads=True, paged=True)
def list_contact_flows(
    call: Call,
    type: FlowType | None = None,
    search_pattern: String | None = None,
    order_by_field: OrderBy | None = None,
    sort_order: SortOrder | None = None,
) -> Answer:
    found = Filter("contact_flow.instance = ?", call.instance.id)
    found.equals("contact_flow.type", type)
    found.search(call, search_pattern, "contact_flow.name", "contact_flow.description")
    column, direction = _COLUMNS[order_by_field or "updatedTime"], sort_order or "DESC"
    order = f"contact_flow.{column} {direction}, contact_flow.name"
    return paged(call, ContactFlow, found, order, lambda flows: _list_rows(call, flows))


@operation(reads=True)
def get_contact_flow(call: Call, contact_flow_id: String, draft_id: String) -> Answer:
    flow = need(call, ContactFlow, contact_flow_id)
    if call.switches.get_flow_draft == "required" and draft_id != flow.draft_id:
        raise business("NotExists.DraftId", draft_id, flow.id)
    _count_poll(call, flow)
    return {"Data": _row(call, flow, draft=True)}


@operation()
def create_contact_flow(
    call: Call, name: String, type: FlowType, definition: String, description: String
) -> Answer:
    return {"Data": new_flow(call, name, type, definition, description).id}


@operation()
def delete_contact_flow(call: Call, contact_flow_id: String, force: Flag | None = None) -> Answer:
    flow = need(call, ContactFlow, contact_flow_id)
    if not force and call.switches.delete_used_flow == "refused" and _numbers_of(call, flow):
        raise business("InUse.ContactFlow", flow.id)
    if in_campaign(call, flow=flow.id):
        raise business("InUse.ContactFlow", flow.id)
    call.db.execute("UPDATE number SET contact_flow = NULL WHERE contact_flow = ?", (flow.id,))
    call.db.execute("DELETE FROM contact_flow WHERE id = ?", (flow.id,))
    return DONE


@operation(reads=True, form=True)
def export_contact_flow(call: Call, flow_id: String, request_id: String | None = None) -> Answer:
    flow = need(call, ContactFlow, flow_id)
    package = {name: getattr(flow, name.lower()) for name in _PACKED}
    return {"FlowPackageData": json.dumps(package, ensure_ascii=False), "Params": []}


@operation(form=True)
def import_contact_flow(call: Call, flow_package_data: String, request_id: String | None = None) -> Answer:
    try:
        package = json.loads(flow_package_data)
    except (ValueError, RecursionError):
        package = None
    if (
        not isinstance(package, dict)
        or not all(isinstance(package.get(name), str) for name in _PACKED)
        or package["Type"] not in get_args(FlowKind)
        or not package["Name"].strip()
    ):
        raise business("Parameter.Format", "FlowPackageData", "It is not an exported contact flow")
    new_flow(call, *(package[name].encode("utf-8", "replace").decode() for name in _PACKED))
    return {"Params": []}


@operation()
def start_edit_contact_flow(call: Call, contact_flow_id: String) -> Answer:
    flow = need(call, ContactFlow, contact_flow_id)
    _check_lock(call, flow)
    again = flow.editor is not None and call.switches.start_edit_again == "new"
    draft_id = str(uuid4()) if flow.draft_id is None or again else flow.draft_id
    draft = flow.definition if flow.draft_definition is None else flow.draft_definition
    insert(
        call.db,
        replace(
            flow,
            draft_id=draft_id,
            draft_definition=draft,
            draft_description=flow.draft_description or flow.description,
            editor=call.caller,
        ),
    )
    return {"Data": draft_id}


@operation()
def commit_contact_flow(
    call: Call, contact_flow_id: String, draft_id: String, definition: String, description: String
) -> Answer:
    flow = _edited(call, contact_flow_id, draft_id)
    saved = replace(
        flow, draft_definition=definition, draft_description=description, editor=None, updated=call.now
    )
    if not flow.published:
        saved = replace(saved, definition=definition, description=description)
    insert(call.db, saved)
    return DONE


@operation()
def publish_contact_flow(call: Call, contact_flow_id: String, draft_id: String) -> Answer:
    flow = _edited(call, contact_flow_id, draft_id)
    if call.switches.publish == "unreliable" and not _is_json_object(flow.draft_definition):
        return DONE  # the console shows "publish failed"; the API has said OK
    late = call.switches.publish == "later"
    published = without_draft(
        flow,
        definition=flow.draft_definition or flow.definition,
        description=flow.draft_description or flow.description,
        published=flow.published or not late,
        editor=None,
        polls_left=PUBLISH_POLLS if late else 0,
        updated=call.now,
    )
    insert(call.db, published)
    return DONE


@operation()
def discard_editing_contact_flow(call: Call, contact_flow_id: String, draft_id: String) -> Answer:
    flow = _edited(call, contact_flow_id, draft_id)
    if flow.published:
        flow = without_draft(flow)
    insert(call.db, replace(flow, editor=None))
    return DONE


def new_flow(call: Call, name: str, type: str, definition: str, description: str) -> ContactFlow:
    """An unpublished flow with an open draft nobody holds; names are unique unless switched otherwise."""
    taken = select(call.db, ContactFlow, "instance = ? AND name = ?", call.instance.id, name)
    if taken and call.switches.duplicate_flow_name == "refused":
        raise business("AlreadyExists.ContactFlow", name, call.instance.id)
    flow = ContactFlow(
        id=str(uuid4()),
        instance=call.instance.id,
        name=name,
        type=type,
        definition=definition,
        description=description,
        published=False,
        draft_id=str(uuid4()),
        draft_definition=definition,
        draft_description=description,
        editor=None,
        polls_left=0,
        created=call.now,
        updated=call.now,
    )
    insert(call.db, flow)
    return flow


def _numbers_of(call: Call, flow: ContactFlow) -> list[str]:
    sql = "SELECT number FROM number WHERE contact_flow = ? AND instance = ? ORDER BY number"
    return [number for (number,) in call.db.execute(sql, (flow.id, flow.instance))]


def _list_rows(call: Call, flows: Sequence[ContactFlow]) -> Iterator[Row]:
    for flow in flows:
        _count_poll(call, flow)
        yield {**_row(call, flow, draft=False), "NumberList": _numbers_of(call, flow)}


def _row(call: Call, flow: ContactFlow, *, draft: bool) -> Row:
    """One flow; with `draft`, the text of the open draft where there is one."""
    draft_id = flow.draft_id
    if draft_id is None and call.switches.list_draft_id == "always":
        draft_id = flow.id
    definition = (draft and flow.draft_definition) or flow.definition
    description = (draft and flow.draft_description) or flow.description
    return row(
        call,
        ContactFlowId=flow.id,
        Name=flow.name,
        Type=flow.type,
        InstanceId=flow.instance,
        Published=bool(flow.published),
        DraftId=draft_id,
        Editor=flow.editor,
        Description=description,
        Definition=definition,
        CreatedTime=_local_time(flow.created),
        UpdatedTime=_local_time(flow.updated),
    )


def _local_time(milliseconds: int) -> str:
    """`2021-03-05 17:35:45.0`, China's time without saying so."""
    moment = datetime.fromtimestamp(milliseconds / 1000, _CHINA)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 100_000}"


def _count_poll(call: Call, flow: ContactFlow) -> None:
    """A flow that publishes late does so after it was looked at often enough."""
    if flow.polls_left:
        sql = (
            "UPDATE contact_flow SET polls_left = polls_left - 1, published = polls_left = 1 OR published "
            "WHERE id = ? AND polls_left > 0"
        )
        call.later.append(lambda db: db.execute(sql, (flow.id,)))


def without_draft(flow: ContactFlow, **changes: Any) -> ContactFlow:
    """The flow with these changes and no open draft."""
    return replace(flow, draft_id=None, draft_definition=None, draft_description=None, **changes)


def _edited(call: Call, contact_flow_id: str, draft_id: str) -> ContactFlow:
    """The flow whose open draft the caller names and may change."""
    flow = need(call, ContactFlow, contact_flow_id)
    if flow.draft_id != draft_id:
        raise business("NotExists.DraftId", draft_id, flow.id)
    _check_lock(call, flow)
    return flow


def _check_lock(call: Call, flow: ContactFlow) -> None:
    """While somebody else edits it, or it is being published, a flow cannot be touched."""
    if flow.editor not in {None, call.caller} or flow.polls_left:
        raise business("InUse.ContactFlow", flow.id)


def _is_json_object(text: str | None) -> bool:
    try:
        return isinstance(json.loads(text or ""), dict)
    except (ValueError, RecursionError):
        return False
