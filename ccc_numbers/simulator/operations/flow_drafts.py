"""Editing a contact flow: start (which locks it), commit, publish, discard.

A published flow has no draft until an edit starts; a new flow has one from the start. Whoever starts an edit
holds the lock until he commits or discards; a committed draft waits to be published.
"""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

from ccc_numbers.simulator.errors import business
from ccc_numbers.simulator.operation import DONE, Answer, Call, operation
from ccc_numbers.simulator.operations.common import need
from ccc_numbers.simulator.parameters import String
from ccc_numbers.simulator.records import ContactFlow, insert

PUBLISH_POLLS = 2


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
    published = replace(
        flow,
        definition=flow.draft_definition or flow.definition,
        description=flow.draft_description or flow.description,
        published=flow.published or not late,
        draft_id=None,
        draft_definition=None,
        draft_description=None,
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
        flow = replace(flow, draft_id=None, draft_definition=None, draft_description=None)
    insert(call.db, replace(flow, editor=None))
    return DONE


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
