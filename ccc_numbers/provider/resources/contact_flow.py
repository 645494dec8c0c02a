"""`ccc:index:ContactFlow`: an IVR flow (IVR 流程) out of a definition, always published.

A change takes CCC's edit lock, commits the definition and publishes it; whatever fails in between gives the
lock back. Two definitions are the same when their JSON is: key order and white space do not count.
"""

import contextlib
import json
from collections.abc import Sequence

from ccc_numbers.api.errors import CccError, Conflict, NotExists
from ccc_numbers.api.retry import until_seen
from ccc_numbers.api.rows import FLOW_TYPES, FlowType
from ccc_numbers.api.rows import ContactFlow as Row
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed, some
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.plan_number import Refused
from ccc_numbers.provider.campaigns import spare_campaigns_of
from ccc_numbers.provider.model.contact_flow import MODEL
from ccc_numbers.provider.properties import Change, flag, text
from ccc_numbers.provider.resource import Diff, Live
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.silenced import say_silenced
from ccc_numbers.provider.wire import Bag, has_unknown


class ContactFlow:
    """See the module. Calls: ListContactFlows, CreateContactFlow, StartEditContactFlow, CommitContactFlow,
    PublishContactFlow, DiscardEditingContactFlow, DeleteContactFlow."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        name = text(new, "name")
        subject = tr("contact flow {name}", name=name) if name else tr("a contact flow")
        problems = list(MODEL.problems(new, subject))
        kind = text(new, "type")
        if kind and kind not in FLOW_TYPES:
            problems.append(
                tr(
                    '{subject}: {key} "{value}" is not one of {choices}',
                    subject=subject,
                    key="type",
                    value=kind,
                    choices=listed(FLOW_TYPES),
                )
            )
        if text(new, "definition") and not isinstance(_parsed(text(new, "definition")), dict):
            problems.append(tr("{subject}: the definition is not a JSON object", subject=subject))
        if old and not problems and text(old, "name") == name and _type(old) != _type(new):
            problems.append(
                tr(
                    "{subject} is a {old} flow and cannot become a {new} flow: CCC does not change the type "
                    "of a flow. Declare another flow with a name of its own, then remove this one",
                    subject=subject,
                    old=_type(old),
                    new=_type(new),
                )
            )
        if not problems and not has_unknown(new):
            run.inventory.promise(text(new, "instanceId"), name)
            run.declared.checked("ContactFlow", text(new, "instanceId"), name)
        return problems

    def diff(self, old: Bag, new: Bag) -> Diff:
        changes = MODEL.changes(old, new)
        if old.get("published") is False or _parsed(text(old, "definition")) != _parsed(
            text(new, "definition")
        ):
            changes["definition"] = Change.UPDATE
        return Diff(changes)

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        instance_id, name = text(inputs, "instanceId"), text(inputs, "name")
        found = (await run.inventory.contact_flows(instance_id)).get(name)
        if found is not None and not flag(inputs, "adopt") and not _is_declared(found, inputs):
            raise Refused(
                tr(
                    'contact flow "{name}" is already in {instance} with another definition; nothing was changed. '
                    "Set `adopt` to overwrite it, import it, or give this one another name",
                    name=name,
                    instance=instance_id,
                )
            )
        if found is None or not _is_live(found, inputs):
            await say_silenced(run, urn, instance_id, [_repair(found, name)])
        if preview:
            return "", inputs
        if found is None:
            found = await self._made(run, inputs)
        return found.id, await self._published(run, found, inputs)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        # A flow's id does not name its instance: an import names both, as INSTANCE/FLOW.
        instance_id, _, flow_id = resource_id.rpartition("/")
        instance_id = text(outputs, "instanceId") or instance_id
        if not instance_id:
            raise CccError(
                tr("import a contact flow as INSTANCE_ID/FLOW_ID; {id} names no instance", id=resource_id)
            )
        row = await _by_id(run, instance_id, flow_id)
        if row is None:
            return None
        live: Bag = {"instanceId": instance_id, **MODEL.live_inputs(row, inputs)}
        # Keep the text as it was written while it means the same.
        if _parsed(text(inputs, "definition")) == _parsed(row.definition):
            live["definition"] = inputs["definition"]
        return Live(row.id, live, live | MODEL.live_outputs(row))

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        instance_id = text(new, "instanceId")
        row = await _by_id(run, instance_id, resource_id)
        if row is None:
            raise CccError(
                tr(
                    "contact flow {name} is no longer in {instance}; run `pulumi refresh`",
                    name=resource_id,
                    instance=instance_id,
                )
            )
        if not _is_live(row, new):
            await say_silenced(run, urn, instance_id, [_repair(row, row.name)])
        if preview:
            if row.editor and not _is_declared(row, new):
                await run.warn(_locked(row, instance_id), urn)
            return new
        return await self._published(run, row, new)

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        instance_id, force = text(outputs, "instanceId"), flag(outputs, "forceRemoval")
        if run.declared.still("ContactFlow", instance_id, text(outputs, "name")):
            said = tr("contact flow {name} is still declared and stays as it is", name=text(outputs, "name"))
            await run.inform(said, urn)
            return

        async def gone() -> bool | None:
            return None if await _by_id(run, instance_id, resource_id, fresh=True) else True

        row = await _by_id(run, instance_id, resource_id, fresh=True)
        if row is None:
            return
        if row.numbers and not force:
            raise CccError(
                tr(
                    'contact flow "{name}" of {instance} answers {numbers} and stays; bind them to another flow first, '
                    "or set `forceRemoval: true` on it and run `pulumi up` before removing it",
                    name=row.name,
                    instance=instance_id,
                    numbers=some(sorted(row.numbers)),
                )
            )
        await spare_campaigns_of(run, urn, instance_id, {row.id: row.name})
        with contextlib.suppress(NotExists):
            await until_seen(
                lambda: run.client.delete_contact_flow(instance_id, resource_id, force=force), gone
            )

    async def _made(self, run: Run, inputs: Bag) -> Row:
        """A new flow of that name, not published yet."""
        instance_id, name = text(inputs, "instanceId"), text(inputs, "name")

        async def write() -> None:
            with contextlib.suppress(Conflict):  # made meanwhile, or by the call whose answer was lost
                await run.client.create_contact_flow(
                    instance_id, name, _type(inputs), text(inputs, "definition"), text(inputs, "description")
                )

        async def look() -> Row | None:
            return (await run.inventory.contact_flows(instance_id, fresh=True)).get(name)

        return await until_seen(write, look)

    async def _published(self, run: Run, row: Row, inputs: Bag) -> Bag:
        """The declared definition, live. Every step may be repeated: the same editor gets the same draft."""
        instance_id, name = text(inputs, "instanceId"), row.name

        async def look() -> Row | None:
            found = (await run.inventory.contact_flows(instance_id, fresh=True)).get(name)
            return found if found and _is_live(found, inputs) else None

        if not _is_live(row, inputs):
            await until_seen(lambda: self._edit(run, row, inputs), look)
        return inputs | {"published": True}

    async def _edit(self, run: Run, row: Row, inputs: Bag) -> None:
        instance_id, definition = text(inputs, "instanceId"), text(inputs, "definition")
        try:
            draft = await run.client.start_edit_contact_flow(instance_id, row.id)
        except Conflict as error:
            raise CccError(_locked(row, instance_id)) from error
        try:
            await run.client.commit_contact_flow(
                instance_id, row.id, draft, definition, text(inputs, "description")
            )
            await run.client.publish_contact_flow(instance_id, row.id, draft)
        except CccError:
            # No draft any more means that it was published after all; a lock that stays is ours the next time too.
            with contextlib.suppress(CccError):
                await run.client.discard_editing_contact_flow(instance_id, row.id, draft)
            raise


async def _by_id(run: Run, instance_id: str, flow_id: str, *, fresh: bool = False) -> Row | None:
    flows = await run.inventory.contact_flows(instance_id, fresh=fresh)
    return next((flow for flow in flows.values() if flow.id == flow_id), None)


def _is_live(row: Row, inputs: Bag) -> bool:
    return row.published and _is_declared(row, inputs)


def _repair(row: Row | None, name: str) -> tuple[FindingKind, str, str]:
    """The finding that drift has of a flow that is not live as declared; None: that is not there."""
    if row is None:
        return FindingKind.FLOW_GONE, name, "flow"
    if not row.published:
        return FindingKind.FLOW_UNPUBLISHED, name, "flow"
    return FindingKind.FLOW_CHANGED, name, "contactFlows"


def _is_declared(row: Row, inputs: Bag) -> bool:
    same_type = row.type == _type(inputs)
    return same_type and _parsed(row.definition) == _parsed(text(inputs, "definition"))


def _locked(row: Row, instance_id: str) -> str:
    return tr(
        'contact flow "{name}" of {instance} is being edited by {editor}: nothing was '
        "changed. Have the draft saved or discarded in CCC, then run `pulumi up` again",
        name=row.name,
        instance=instance_id,
        editor=row.editor or tr("somebody else"),
    )


def _type(inputs: Bag) -> FlowType:
    return FlowType(text(inputs, "type") or "main")


def _parsed(definition: str) -> object:
    try:
        parsed: object = json.loads(definition)
    except (ValueError, RecursionError):  # an integer of thousands of digits, nested too deeply
        return definition
    return parsed
