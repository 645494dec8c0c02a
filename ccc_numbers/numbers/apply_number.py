"""Carries out the plan of one number: look, decide, write, and say how the number stands afterwards."""

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from ccc_numbers.api.errors import CccError, Invalid
from ccc_numbers.api.rows import PhoneNumber, SkillGroupRef, UnassignedNumber
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import some
from ccc_numbers.numbers.agents import personal
from ccc_numbers.numbers.inventory import Inventory
from ccc_numbers.numbers.plan_number import (
    NOBODY,
    Binding,
    Bound,
    Claims,
    Declared,
    Elsewhere,
    NotImported,
    Plan,
    Standing,
    Unassigned,
    plan,
    settled,
)
from ccc_numbers.numbers.writer import NotDone, Writer

T = TypeVar("T")


class HalfDone(CccError):
    """Some of the steps for a number were done, then one failed. `row`: how it stands now."""

    def __init__(self, message: str, row: PhoneNumber) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True, slots=True)
class _Ids:
    """What the names of a binding stand for: the flow's id, each skill group by its name, the id of the agent who gets it."""

    flow: str | None
    groups: Mapping[str, SkillGroupRef]
    agent: str = ""


class Journal(Protocol):
    """Records what a run begins, before it is done, so that the run after a crash knows it."""

    def begin(self, number: str, instance_id: str, *, joins: bool) -> None:
        """A number is about to be changed. `joins`: this stack adds it to the instance."""


def refuse_personal(row: PhoneNumber) -> None:
    """Raises CccError for an agent's personal number."""
    if row.user_id:
        raise CccError(personal(row))


_NUMBER_GROUP = mark(
    "{why} If a number group of CCC holds it in {groups}, it cannot leave alone: write `ignoreChanges: [skillGroups]` on it"
)


class Applier:
    """Applies the declaration to single numbers, one at a time. One for each run."""

    def __init__(
        self,
        inventory: Inventory,
        writer: Writer,
        claims: Claims = NOBODY,
        journal: Journal | None = None,
    ) -> None:
        self._inventory = inventory
        self._writer = writer
        self._claims = claims
        self._journal = journal
        self._writing: set[asyncio.Task[Any]] = set()

    async def preview(self, declared: Declared, in_state: bool) -> tuple[Standing, Plan]:
        """Where the number is and the plan for it: refuses and resolves names as `apply` does, without a write."""
        _, standing, steps, _ = await self._planned(declared, in_state)
        return standing, steps

    async def apply(self, declared: Declared, in_state: bool) -> PhoneNumber | None:
        """Perform the plan; the live number afterwards, None when support has not imported it yet.

        Raises `Refused` when nothing was changed on purpose, `HalfDone` when it is between two states.
        """
        try:
            return await self._attempt(declared, in_state)
        except NotDone:
            # Somebody else was faster, or the listing was old: look again, decide again, once.
            await self._inventory.relist(declared.instance_id)
            return await self._attempt(declared, in_state)

    async def remove(self, number: str, instance_id: str) -> PhoneNumber | None:
        """Remove a number from an instance; how it was bound there, None when it was not there."""
        row = (await self._inventory.numbers(instance_id)).get(number)
        if row is None:
            return None
        refuse_personal(row)
        try:
            await self._to_the_end(self._leave(row))
        except NotDone:
            if number in await self._inventory.relist(instance_id):
                raise
        return row

    async def finished(self) -> None:
        """Wait until nothing is being written any more."""
        while self._writing:
            await asyncio.wait(self._writing)

    async def _planned(self, declared: Declared, in_state: bool) -> tuple[Declared, Standing, Plan, _Ids]:
        standing = await self._inventory.look(declared.number, declared.instance_id)
        steps = plan(declared, standing, in_state, self._claims)
        declared = settled(declared, standing)
        return declared, standing, steps, await self._resolve(declared, standing, steps)

    async def _attempt(self, declared: Declared, in_state: bool) -> PhoneNumber | None:
        declared, standing, steps, ids = await self._planned(declared, in_state)
        if self._journal and steps.writes and not (in_state and isinstance(standing, Bound)):
            adopted = isinstance(standing, Elsewhere) and not self._claims.gives(
                declared, standing.row.instance_id
            )
            joins = not isinstance(standing, Bound) and not adopted
            self._journal.begin(declared.number, declared.instance_id, joins=joins)
        match standing:
            case NotImported():
                return None
            case Bound(row) if not steps.writes:
                return row
            case Bound(row):
                return await self._to_the_end(self._change(declared, ids, row, steps))
            case Unassigned(free):
                return await self._to_the_end(self._join(declared, ids, free))
        assert steps.leave is not None
        return await self._to_the_end(self._move(declared, ids, steps.leave))

    async def _join(
        self, declared: Declared, ids: _Ids, free: UnassignedNumber, begun: bool = False
    ) -> PhoneNumber:
        """Add an unassigned number and bind it. `begun`: it was taken out of another instance for that."""
        wanted = declared.binding
        await self._writer.add(declared.instance_id, declared.number, wanted.usage, ids.flow, begun=begun)
        row = PhoneNumber(
            number=declared.number,
            instance_id=declared.instance_id,
            usage=wanted.usage,
            contact_flow_id=ids.flow,
            contact_flow_name=wanted.flow,
            skill_groups=(),
            active=None,
            user_id=None,
            provider=None,
            province=free.province,
            city=free.city,
            tags=None,
            created=None,
        )
        self._inventory.wrote(row)
        steps = Plan(bind=wanted.groups, give=ids.agent)
        return await self._change(declared, ids, row, steps, begun=True)

    async def _change(
        self, declared: Declared, ids: _Ids, row: PhoneNumber, steps: Plan, begun: bool = False
    ) -> PhoneNumber:
        """Take, bind, modify, unbind, give, in that order. `begun`: something was done for it already."""
        instance_id, number, wanted = declared.instance_id, declared.number, declared.binding
        before = row
        try:
            if steps.take:
                await self._writer.assign(instance_id, number, steps.take, gives=False, begun=begun)
                begun = True
                row = replace(row, user_id=None)
            if steps.bind:
                added = [ids.groups[name] for name in sorted(steps.bind)]
                await self._writer.bind(instance_id, number, [group.id for group in added], begun=begun)
                begun = True
                row = replace(row, skill_groups=(*row.skill_groups, *added))
            if steps.modify:
                await self._writer.modify(instance_id, number, wanted.usage, ids.flow, begun=begun)
                begun = True
                row = replace(
                    row, usage=wanted.usage, contact_flow_id=ids.flow, contact_flow_name=wanted.flow
                )
            if steps.unbind:
                gone = [group.id for group in row.skill_groups if group.name in steps.unbind]
                try:
                    await self._writer.unbind(instance_id, number, gone, begun=begun)
                except Invalid as error:
                    raise CccError(tr(_NUMBER_GROUP, why=error, groups=some(sorted(steps.unbind)))) from error
                begun = True
                row = replace(row, skill_groups=tuple(g for g in row.skill_groups if g.id not in gone))
            if steps.give:
                await self._writer.assign(instance_id, number, ids.agent, gives=True, begun=begun)
                row = replace(row, user_id=ids.agent)
        except CccError as error:
            if not begun:
                raise
            row = await self._handed_back(before, row)
            message = tr(
                "{number} is in {instance} as {binding}, not as declared: {why}",
                number=number,
                instance=instance_id,
                binding=Binding.of(row).in_words(),
                why=error,
            )
            raise HalfDone(message, row) from error
        finally:
            self._inventory.wrote(row)
        return row

    async def _handed_back(self, before: PhoneNumber, row: PhoneNumber) -> PhoneNumber:
        """A number that stopped between two holders, with those that it had: nobody could call with it otherwise."""
        if row.skill_groups or row.user_id:
            return row
        with contextlib.suppress(CccError):
            if before.user_id:
                where = (row.instance_id, row.number, before.user_id)
                await self._writer.assign(*where, gives=True, begun=True)
                row = replace(row, user_id=before.user_id)
            elif before.skill_groups:
                groups = [group.id for group in before.skill_groups]
                await self._writer.bind(row.instance_id, row.number, groups, begun=True)
                row = replace(row, skill_groups=before.skill_groups)
        return row

    async def _leave(self, row: PhoneNumber) -> UnassignedNumber:
        await self._writer.remove(row.instance_id, row.number)
        free = UnassignedNumber(row.number, row.province, row.city)
        self._inventory.wrote(free)
        return free

    async def _move(self, declared: Declared, ids: _Ids, was: PhoneNumber) -> PhoneNumber:
        """Out of one instance and into the other; back as it was when the second half fails."""
        free = await self._leave(was)
        try:
            return await self._join(declared, ids, free, begun=True)
        except HalfDone:
            raise
        except CccError as error:
            back = Declared(was.number, was.instance_id, Binding.of(was), adopt=True)
            had = _Ids(was.contact_flow_id, {group.name: group for group in was.skill_groups})
            try:
                await self._join(back, had, free, begun=True)
            except CccError as worse:
                raise CccError(
                    tr(
                        "{number} was taken out of {origin}, could not be added to {instance} ({why}) nor put back "
                        "({worse}): it is in no instance now; run `pulumi up` again",
                        number=was.number,
                        origin=was.instance_id,
                        instance=declared.instance_id,
                        why=error,
                        worse=worse,
                    )
                ) from error
            raise CccError(
                tr(
                    "{number} could not be added to {instance} ({why}); it was put back into {origin} as it was",
                    number=was.number,
                    instance=declared.instance_id,
                    why=error,
                    origin=was.instance_id,
                )
            ) from error

    async def _to_the_end(self, writing: Coroutine[None, None, T]) -> T:
        """Finish a write although its caller is cancelled: between two instances a line is dead."""
        task = asyncio.ensure_future(writing)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        while not task.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        return task.result()

    async def _resolve(self, declared: Declared, standing: Standing, steps: Plan) -> _Ids:
        """Names to ids, the agent's where it is given to one; UnknownName with the nearest for one that is not there.

        What is left as it is keeps its id: nobody here has to know what others bound.
        """
        wanted = declared.binding
        row = standing.row if isinstance(standing, Bound) and declared.ignored else None
        groups = {group.name: group for group in row.skill_groups} if row else {}
        if row and wanted.flow == Binding.of(row).flow:
            flow_id = row.contact_flow_id
        else:
            flow_id = (
                await self._inventory.flow_id(declared.instance_id, wanted.flow) if wanted.flow else None
            )
        for name in sorted(wanted.groups - groups.keys()):
            group = await self._inventory.skill_group(declared.instance_id, name)
            groups[name] = SkillGroupRef(group.id, group.name, group.display_name)
        agent = await self._inventory.agent_id(declared.instance_id, steps.give) if steps.give else ""
        return _Ids(flow_id, groups, agent)
