"""Writes to CCC: coalesced, split on refusal, and after a lost answer repeated only where they did not happen."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TypeVar

from ccc_numbers.api.client import Client
from ccc_numbers.api.errors import ApiError, CccError, Denied, InstanceNotRunning, Unavailable
from ccc_numbers.api.retry import ATTEMPTS, pause
from ccc_numbers.api.rows import PhoneNumber, Usage
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.batches import Batches, Stopped
from ccc_numbers.numbers.inventory import Inventory

LINGER_S = 0.02

_Item = TypeVar("_Item")
_Seen = TypeVar("_Seen")
_AddKey = tuple[str, Usage, str | None]
_Pair = tuple[str, str]
"""A number and the id of a skill group."""
_Rows = Mapping[str, PhoneNumber]


class NotDone(CccError):
    """CCC named this number as one it did not add or remove. Look where it is, and plan again."""


class Writer:
    """Performs single steps for single numbers; steps asked for at the same time share calls.

    `begun` is whether something was done for the number already, so that `stop` must not leave it
    between two states.

    `batch` is the most numbers or groups one call carries. CCC does not document its own maximum; a batch it
    refuses is split until the culprit stands alone.
    """

    def __init__(self, client: Client, inventory: Inventory, batch: int, linger_s: float = LINGER_S) -> None:
        self._client = client
        self._inventory = inventory
        self._batch = batch
        self._adds: Batches[_AddKey, str] = Batches(self._add, batch, linger_s)
        self._removes: Batches[str, str] = Batches(self._remove, batch, linger_s)
        self._bindings: Batches[tuple[str, bool], _Pair] = Batches(self._bind, batch * 4, linger_s)
        self._agents: Batches[tuple[str, str, bool], str] = Batches(self._assign, batch, linger_s)
        self._imports: Batches[str, str] = Batches(self._import, batch, linger_s)
        self._stopped = False

    async def bring_in(self, number: str, line: str) -> None:
        """Have CCC import a number into the account as one of a line. Where it is then, a look says."""
        await self._imports.submit(line, number)

    async def add(
        self, instance_id: str, number: str, usage: Usage, flow_id: str | None, *, begun: bool
    ) -> None:
        """Put an unassigned number into an instance. NotDone when CCC does not take it."""
        await self._adds.submit((instance_id, usage, flow_id), number, begun)

    async def remove(self, instance_id: str, number: str) -> None:
        """Take a number out of its instance with all its bindings, back to the unassigned ones. Always a first step."""
        await self._removes.submit(instance_id, number)

    async def modify(
        self, instance_id: str, number: str, usage: Usage, flow_id: str | None, *, begun: bool
    ) -> None:
        """Set usage and flow; both are always sent, since leaving one out may clear it."""
        if self._stopped and not begun:
            raise Stopped

        async def call(_: Sequence[str]) -> Collection[str]:
            await self._client.modify_phone_number(instance_id, number, usage, flow_id)
            return ()

        def happened(rows: _Rows, _: str) -> bool:
            return number in rows and (rows[number].usage, rows[number].contact_flow_id) == (usage, flow_id)

        look = partial(self._inventory.relist, instance_id)
        for error in (await self._settle(look, [number], call, happened)).values():
            raise error

    async def bind(self, instance_id: str, number: str, group_ids: Collection[str], *, begun: bool) -> None:
        """Give a number to skill groups it is not in."""
        await self._rebind((instance_id, True), number, group_ids, begun)

    async def unbind(self, instance_id: str, number: str, group_ids: Collection[str], *, begun: bool) -> None:
        """Take a number from skill groups it is in."""
        await self._rebind((instance_id, False), number, group_ids, begun)

    async def assign(self, instance_id: str, number: str, user_id: str, *, gives: bool, begun: bool) -> None:
        """Make a number one agent's own, or take it from the agent."""
        await self._agents.submit((instance_id, user_id, gives), number, begun)

    def stop(self) -> None:
        """Bring numbers that have begun to their end; everything else that waits is refused with Stopped."""
        self._stopped = True
        for batches in (self._adds, self._removes, self._bindings, self._agents, self._imports):
            batches.stop()

    async def _rebind(
        self, key: tuple[str, bool], number: str, group_ids: Collection[str], begun: bool
    ) -> None:
        submitted = (self._bindings.submit(key, (number, group), begun) for group in group_ids)
        for outcome in await asyncio.gather(*submitted, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _import(self, line: str, numbers: Sequence[str]) -> Mapping[str, Exception]:
        async def call(some: Sequence[str]) -> Collection[str]:
            await self._client.import_numbers(some, line)
            return ()

        again = self._inventory.relist_unassigned
        errors = await self._settle(again, numbers, call, lambda there, number: number in there)
        there = await again()
        return {number: error for number, error in errors.items() if number not in there}

    async def _add(self, key: _AddKey, numbers: Sequence[str]) -> Mapping[str, Exception]:
        instance_id, usage, flow_id = key
        return await self._settle(
            partial(self._inventory.relist, instance_id),
            numbers,
            lambda some: self._client.add_phone_numbers(instance_id, some, usage, flow_id),
            lambda rows, number: number in rows,
        )

    async def _remove(self, instance_id: str, numbers: Sequence[str]) -> Mapping[str, Exception]:
        return await self._settle(
            partial(self._inventory.relist, instance_id),
            numbers,
            lambda some: self._client.remove_phone_numbers(instance_id, some, force=True),
            lambda rows, number: number not in rows,
        )

    async def _assign(self, key: tuple[str, str, bool], numbers: Sequence[str]) -> Mapping[str, Exception]:
        instance_id, user_id, gives = key
        write = self._client.add_personal_numbers if gives else self._client.remove_personal_numbers
        return await self._settle(
            partial(self._inventory.relist, instance_id),
            numbers,
            lambda some: write(instance_id, user_id, some),
            lambda rows, number: number in rows and (rows[number].user_id == user_id) is gives,
        )

    async def _bind(self, key: tuple[str, bool], pairs: Sequence[_Pair]) -> Mapping[_Pair, Exception]:
        """Bind or unbind by group or by number, whichever takes fewer calls."""
        instance_id, binding = key
        by_number, by_group = _shares(pairs, 0), _shares(pairs, 1)
        calls_by_group = sum(-(-len(members) // self._batch) for members in by_group.values())
        of_group = calls_by_group <= len(by_number)
        outcomes = await asyncio.gather(
            *(
                self._bind_share(instance_id, binding, members[at : at + self._batch], of_group)
                for members in (by_group if of_group else by_number).values()
                for at in range(0, len(members), self._batch)
            )
        )
        return {pair: error for outcome in outcomes for pair, error in outcome.items()}

    async def _bind_share(
        self, instance_id: str, binding: bool, pairs: Sequence[_Pair], of_group: bool
    ) -> Mapping[_Pair, Exception]:
        """One call for pairs that share their group (`of_group`) or their number."""
        client = self._client

        async def call(some: Sequence[_Pair]) -> Collection[_Pair]:
            number, group = some[0]
            numbers, groups = [n for n, _ in some], [g for _, g in some]
            match binding, of_group:
                case True, True:
                    await client.add_numbers_to_skill_group(instance_id, group, numbers)
                case False, True:
                    await client.remove_phone_numbers_from_skill_group(instance_id, group, numbers)
                case True, False:
                    await client.add_phone_number_to_skill_groups(instance_id, number, groups)
                case _:
                    await client.remove_phone_number_from_skill_groups(instance_id, number, groups)
            return ()

        def happened(rows: _Rows, pair: _Pair) -> bool:
            number, group_id = pair
            groups = rows[number].skill_groups if number in rows else ()
            return any(group.id == group_id for group in groups) is binding

        return await self._settle(partial(self._inventory.relist, instance_id), pairs, call, happened)

    async def _settle(
        self,
        look: Callable[[], Awaitable[_Seen]],
        items: Sequence[_Item],
        call: Callable[[Sequence[_Item]], Awaitable[Collection[_Item]]],
        happened: Callable[[_Seen, _Item], bool],
    ) -> Mapping[_Item, Exception]:
        """One batch brought to an end; answers the errors by item.

        `call` answers the items CCC did not do. When its answer is lost, only items that a fresh `look` shows
        as not `happened` are sent again; when CCC refuses it whole, each half is tried alone.
        """
        rest = list(items)
        for attempt in range(ATTEMPTS):
            try:
                failed = await call(rest)
                return {
                    item: NotDone(tr("CCC did not do it for {item} and gave no reason", item=item))
                    for item in failed
                }
            except Unavailable as error:
                lost = error
                if error.may_have_happened:
                    seen = await look()
                    rest = [item for item in rest if not happened(seen, item)]
                if not rest:
                    return {}
            except ApiError as error:
                if len(rest) == 1 or isinstance(error, Denied | InstanceNotRunning):
                    return dict.fromkeys(rest, error)
                middle = len(rest) // 2
                halves = [
                    await self._settle(look, half, call, happened) for half in (rest[:middle], rest[middle:])
                ]
                return {item: error for half in halves for item, error in half.items()}
            await pause(attempt)
        return dict.fromkeys(rest, lost)


def _shares(pairs: Sequence[_Pair], by: int) -> Mapping[str, list[_Pair]]:
    shares: dict[str, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        shares[pair[by]].append(pair)
    return shares
