"""`ccc:index:PhoneNumber`: one number's place in an instance, its usage, flow and skill groups.

The id is the number. Moving it to another instance is an update in place. Delete only forgets: the roster
decides which numbers leave an instance and the latch removes them, since both know all that is declared.
"""

from collections.abc import Iterable, Sequence

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import PhoneNumber as Row
from ccc_numbers.api.rows import Usage
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed
from ccc_numbers.numbers.agents import is_agent
from ccc_numbers.numbers.apply_number import HalfDone
from ccc_numbers.numbers.guards import ALLOW_REMOVALS, removal_limit
from ccc_numbers.numbers.number_text import number_fault
from ccc_numbers.numbers.plan_number import (
    Declared,
    Elsewhere,
    NotImported,
    Part,
    Standing,
    Unassigned,
    settled_on,
)
from ccc_numbers.numbers.rules import binding_problems
from ccc_numbers.provider.campaigns import spare_campaigns
from ccc_numbers.provider.model.phone_number import (
    BOUND,
    GONE,
    MODEL,
    PARTS,
    PENDING,
    UNASSIGNED,
    declared_number,
)
from ccc_numbers.provider.properties import Change, flag, text, texts
from ccc_numbers.provider.resource import Diff, Live, Unfinished
from ccc_numbers.provider.resources.own_line import asked_for, to_import
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag, has_unknown


class PhoneNumber:
    """See the module. Calls: ListPhoneNumbers, ListUnassignedNumbers, ListInstances, AddPhoneNumbers,
    ModifyPhoneNumber, RemovePhoneNumbers, the skill-group bindings, ListUsers and the personal numbers."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        number = text(new, "number")
        subject = tr("number {number}", number=number) if number else tr("a number")
        problems = list(MODEL.problems(new, subject))
        if number and (fault := number_fault(number)):
            problems.append(f'"{number}" {fault}')
        if text(new, "usage") and text(new, "usage") not in list(Usage):
            problems.append(_not_one_of(subject, "usage", text(new, "usage"), Usage))
        unknown = [each for each in texts(new, "ignoreChanges") if each not in PARTS]
        problems += [_not_one_of(subject, "ignoreChanges", each, PARTS) for each in unknown]
        decisive = ("number", "usage", "contactFlow", "skillGroups")
        if problems or any(has_unknown(new.get(key)) for key in decisive):
            return problems
        before = text(old, "number")
        if before and before != number:
            return [
                tr(
                    "{before} cannot become {number}: another number is another resource; give it its own name",
                    before=before,
                    number=number,
                )
            ]
        run.declared.checked("PhoneNumber", number)
        run.orders_in_use.add(text(new, "order"))
        usage, flow, agent = Usage(text(new, "usage")), text(new, "contactFlow"), text(new, "agent")
        return list(binding_problems(number, usage, flow or None, texts(new, "skillGroups"), agent or None))

    def diff(self, old: Bag, new: Bag) -> Diff:
        changes = MODEL.changes(old, new)
        for key in _left_alone(old, new):
            changes.pop(key, None)
        if old.get("status") in (UNASSIGNED, GONE) or to_import(old, new):
            changes["status"] = Change.UPDATE
        return Diff(changes, frozenset({"status"}))

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        declared = _declared(inputs)
        return declared.number, await _brought(run, urn, inputs, declared, None, preview)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        # An import names the number, or INSTANCE/NUMBER, which spares looking for the instance.
        named, _, number = resource_id.rpartition("/")
        instance_id = text(outputs, "instanceId") or named or await _instance_of(run, number)
        if not instance_id:
            return None
        if outputs:
            # It is in the state: whatever a killed run had begun, it is this stack's own.
            run.journal.end(number)
        row = (await run.inventory.numbers(instance_id)).get(number)
        if row is not None:
            live = _live_inputs(row, inputs)
            return Live(number, live, live | MODEL.live_outputs(row))
        was = outputs.get("status")
        standing = await run.inventory.look(number, instance_id)
        if was in (BOUND, GONE):
            gone = isinstance(standing, NotImported)
            return Live(number, inputs, _pending(inputs) | {"status": GONE}) if gone else None
        if was not in (PENDING, UNASSIGNED):
            return None
        # Declared before it was imported: it stays declared, and is bound once it is there.
        if isinstance(standing, Elsewhere):
            said = tr(
                "{number} was imported, but is in {instance} now",
                number=number,
                instance=standing.row.instance_id,
            )
            await run.warn(said, urn)
            return None  # made again, that is: moved here if it may be, else refused
        status = UNASSIGNED if isinstance(standing, Unassigned) else PENDING
        return Live(number, inputs, _pending(inputs, text(outputs, "importAsked")) | {"status": status})

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        return await _brought(run, urn, new, _declared(new, text(old, "instanceId")), old, preview)

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        number, instance_id = resource_id, text(outputs, "instanceId")
        if flag(outputs, "keepOnRemoval"):
            said = tr(
                "{number} stays in {instance} as it is (keepOnRemoval); it is only forgotten",
                number=number,
                instance=instance_id,
            )
            await run.inform(said, urn)
        elif flag(outputs, "removeOnDelete") or (
            # What a run that failed had added is not in the latch's list.
            run.declared.destroying and instance_id in run.declared.given_up
        ):
            await _removed(run, urn, number, instance_id)


def _not_one_of(subject: str, key: str, value: str, choices: Iterable[str]) -> str:
    return tr(
        '{subject}: {key} "{value}" is not one of {choices}',
        subject=subject,
        key=key,
        value=value,
        choices=listed(choices),
    )


def _left_alone(old: Bag, new: Bag) -> list[str]:
    """The parts of a binding that stay as they are in its instance, whatever is declared."""
    if old.get("status") != BOUND or text(old, "instanceId") != text(new, "instanceId") or has_unknown(new):
        return []
    declared, live = _declared(new), _declared(old).binding
    wanted = settled_on(declared, live).binding
    same = {
        Part.USAGE: wanted.usage == live.usage,
        Part.FLOW: wanted.flow == live.flow,
        Part.GROUPS: wanted.groups == live.groups,
    }
    return [key for key, part in PARTS.items() if part in declared.ignored and same[part]]


async def _removed(run: Run, urn: str, number: str, instance_id: str) -> None:
    """Take the number out as its own program asked for, unless it is declared all the same."""
    if run.declared.still("PhoneNumber", number):
        said = tr(
            "{number} stays in {instance}: it is still declared; it is only forgotten",
            number=number,
            instance=instance_id,
        )
        await run.inform(said, urn)
        return
    live = await run.inventory.numbers(instance_id)
    if number not in live:
        return
    # Numbers removed at the same time may still be listed: the limit is a share of those that the first removal found.
    before, taken = run.removed.setdefault(instance_id, (len(live), 0))
    limit = removal_limit(None, before, run.environment)
    if taken >= limit and not run.declared.destroying:
        raise CccError(
            tr(
                "{number} stays in {instance}: this run has removed {taken} of {before} numbers, and without a "
                "roster it may remove {limit}. Remove the others in another update, or set {variable}",
                number=number,
                instance=instance_id,
                taken=taken,
                before=before,
                limit=limit,
                variable=ALLOW_REMOVALS,
            )
        )
    await spare_campaigns(run, urn, [live[number]], preview=False)
    run.removed[instance_id] = before, taken + 1
    await run.applier.remove(number, instance_id)
    said = tr(
        "numbers removed from {instance} are unassigned now; their vendor contracts go on",
        instance=instance_id,
    )
    await run.inform_once(said, urn)


async def _brought(
    run: Run, urn: str, inputs: Bag, declared: Declared, old: Bag | None, preview: bool
) -> Bag:
    """The properties after a create (`old` is None) or update, or those a preview foresees."""
    in_state = old is not None
    if preview:
        standing, steps = await run.applier.preview(declared, in_state)
        _refuse_gone(declared, old, pending=steps.pending)
        if steps.pending:
            return _pending(inputs, await asked_for(run, urn, inputs, old, preview=preview))
        await _announce(run, urn, declared, standing)
        return {**inputs, "status": BOUND}
    asked = ""
    try:
        row = await run.applier.apply(declared, in_state)
        _refuse_gone(declared, old, pending=row is None)
        if row is None and (asked := await asked_for(run, urn, inputs, old, preview=preview)):
            row = await run.applier.apply(declared, in_state)
    except HalfDone as stop:
        run.journal.end(declared.number)
        raise Unfinished(declared.number, _properties(stop.row, inputs), str(stop)) from stop
    run.journal.end(declared.number)
    return _pending(inputs, asked) if row is None else _properties(row, inputs)


def _refuse_gone(declared: Declared, old: Bag | None, *, pending: bool) -> None:
    """A number that was bound once is not pending when the account no longer has it."""
    if pending and old is not None and old.get("status") in (BOUND, GONE):
        raise CccError(
            tr(
                "{number} was bound in {instance} and is no longer in the account: its callers reach nobody. Ask CCC "
                "support and the vendor why; when the number is given up, remove it from the stack file",
                number=declared.number,
                instance=text(old, "instanceId"),
            )
        )


async def _announce(run: Run, urn: str, declared: Declared, standing: Standing) -> None:
    if isinstance(standing, Elsewhere):
        said = tr(
            "{number} moves here from {instance}", number=declared.number, instance=standing.row.instance_id
        )
        await run.inform(said, urn)


async def _instance_of(run: Run, number: str) -> str | None:
    """The instance a number is in, for an import that names the number alone."""
    standing = await run.inventory.look(number, None)
    if isinstance(standing, Unassigned):
        raise CccError(
            tr(
                "{number} is in no instance, so there is nothing to import: declare it and run `pulumi up`",
                number=number,
            )
        )
    return standing.row.instance_id if isinstance(standing, Elsewhere) else None


def _pending(inputs: Bag, asked: str = "") -> Bag:
    # A preview takes an absent property for one not known yet: what CCC does not say is blank instead.
    return {**inputs, "status": PENDING, "province": "", "city": "", "importAsked": asked}


def _declared(inputs: Bag, moved_from: str = "") -> Declared:
    return declared_number(text(inputs, "number"), text(inputs, "instanceId"), inputs, moved_from)


def _live_inputs(row: Row, said: Bag) -> Bag:
    """The inputs a program would have to give for this number."""
    inputs = MODEL.live_inputs(row, said)
    if said.get("skillGroups") == []:
        inputs.setdefault("skillGroups", [])
    held = row.user_id or ""
    # Where a program says nothing of an agent, nothing is shown as changed; an import says whose it is.
    if ("agent" in said or (held and not said)) and not is_agent(text(said, "agent"), held):
        inputs["agent"] = held
    return inputs


def _properties(row: Row, said: Bag) -> Bag:
    """All properties of a number that is in an instance."""
    return _live_inputs(row, said) | MODEL.live_outputs(row)
