"""Contact flows (IVR 流程): they answer inbound calls. One user at a time edits one."""

from ccc_numbers.api import wire
from ccc_numbers.api.operations.base import Operations
from ccc_numbers.api.rows import ContactFlow, FlowType

_NOTE = "ccc-numbers"


class ContactFlowOperations(Operations):
    """Each method is one operation of CCC. A change is: start edit, commit, publish; or discard."""

    async def list_contact_flows(self, instance_id: str) -> tuple[ContactFlow, ...]:
        """The flows of an instance, sorted by name."""
        rows = await self._list("ListContactFlows", "ContactFlowId", InstanceId=instance_id)
        return tuple(sorted(map(ContactFlow.from_wire, rows), key=lambda flow: (flow.name, flow.id)))

    async def create_contact_flow(
        self, instance_id: str, name: str, type: FlowType, definition: str, description: str = ""
    ) -> str:
        """A new, unpublished flow; its id. Without a description it gets its name as one: CCC wants one."""
        envelope = await self._write(
            "CreateContactFlow",
            InstanceId=instance_id,
            Name=name,
            Type=type.wire,
            Definition=definition,
            Description=description or name,
        )
        return wire.text(envelope, "Data") or ""

    async def start_edit_contact_flow(self, instance_id: str, contact_flow_id: str) -> str:
        """Take the flow's edit lock; the draft's id. Conflict when somebody else holds it."""
        envelope = await self._write(
            "StartEditContactFlow", InstanceId=instance_id, ContactFlowId=contact_flow_id
        )
        return wire.text(envelope, "Data") or ""

    async def commit_contact_flow(
        self, instance_id: str, contact_flow_id: str, draft_id: str, definition: str, description: str = ""
    ) -> None:
        """Store a definition into the draft; `description` is the note of this version, which CCC wants."""
        await self._write(
            "CommitContactFlow",
            InstanceId=instance_id,
            ContactFlowId=contact_flow_id,
            DraftId=draft_id,
            Definition=definition,
            Description=description or _NOTE,
        )

    async def publish_contact_flow(self, instance_id: str, contact_flow_id: str, draft_id: str) -> None:
        """Make the draft what answers calls. May take a moment to show: look at `published`."""
        await self._write(
            "PublishContactFlow", InstanceId=instance_id, ContactFlowId=contact_flow_id, DraftId=draft_id
        )

    async def discard_editing_contact_flow(
        self, instance_id: str, contact_flow_id: str, draft_id: str
    ) -> None:
        """Discard the draft and release the edit lock."""
        await self._write(
            "DiscardEditingContactFlow",
            InstanceId=instance_id,
            ContactFlowId=contact_flow_id,
            DraftId=draft_id,
        )

    async def delete_contact_flow(
        self, instance_id: str, contact_flow_id: str, *, force: bool = False
    ) -> None:
        """Delete a flow; Conflict when numbers are bound to it and `force` is false."""
        await self._write(
            "DeleteContactFlow",
            InstanceId=instance_id,
            ContactFlowId=contact_flow_id,
            Force=True if force else None,
        )
