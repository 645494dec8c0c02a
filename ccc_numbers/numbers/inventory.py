"""What CCC holds, listed once per run and shared by everyone who asks.

Listings are fetched when first asked for, kept true after our own writes, and never kept after a failure.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar

from ccc_numbers.api.client import Client
from ccc_numbers.api.errors import CccError, NotExists
from ccc_numbers.api.operations.campaigns import Campaign
from ccc_numbers.api.paging import CEILING
from ccc_numbers.api.rows import ContactFlow, FlowType, Instance, PhoneNumber, SkillGroup, UnassignedNumber
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import suggestion
from ccc_numbers.numbers.plan_number import Bound, Elsewhere, NotImported, Standing, Unassigned
from ccc_numbers.numbers.shared import Shared

Named = TypeVar("Named", SkillGroup, ContactFlow)


class UnknownName(CccError):
    """A flow, skill group or instance that is not there, with the nearest that is."""


class Inventory:
    """One account's instances, numbers, groups and flows, as seen by one run. Not for several event loops."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._numbers: dict[str, Shared[dict[str, PhoneNumber]]] = {}
        self._groups: dict[str, Shared[dict[str, SkillGroup]]] = {}
        self._flows: dict[str, Shared[dict[str, ContactFlow]]] = {}
        self._agents: dict[str, Shared[Mapping[str, str]]] = {}
        self._campaigns: dict[str, Shared[tuple[Campaign, ...]]] = {}
        self._instance: dict[str, Shared[Instance]] = {}
        self._instances = Shared(self._list_instances)
        self._unassigned = Shared(self._list_unassigned)
        self._cut = Shared(self._list_cut)
        self._written: dict[str, PhoneNumber | UnassignedNumber] = {}
        self._promised: set[tuple[str, str]] = set()

    async def numbers(self, instance_id: str) -> Mapping[str, PhoneNumber]:
        """The instance's numbers, by number. Our own writes are in it, and those to come will be."""
        return await self._listing(instance_id).get()

    async def skill_groups(self, instance_id: str, *, fresh: bool = False) -> Mapping[str, SkillGroup]:
        """The instance's skill groups, by name. `fresh`: listed again, after one was made, changed or deleted."""
        return await _by_name(self._groups, self._client.list_skill_groups, instance_id, fresh)

    async def contact_flows(self, instance_id: str, *, fresh: bool = False) -> Mapping[str, ContactFlow]:
        """The instance's contact flows, by name. `fresh`: as for skill groups."""
        return await _by_name(self._flows, self._client.list_contact_flows, instance_id, fresh)

    async def running_campaigns(self, instance_id: str) -> tuple[Campaign, ...]:
        """The instance's campaigns that call now."""

        async def load() -> tuple[Campaign, ...]:
            return await self._client.list_running_campaigns(instance_id)

        return await self._campaigns.setdefault(instance_id, Shared(load)).get()

    async def instance(self, instance_id: str) -> Instance:
        """One instance; UnknownName names the nearest when there is no such id."""

        async def load() -> Instance:
            try:
                return await self._client.get_instance(instance_id)
            except NotExists:
                known = await self.instances()
                raise UnknownName(
                    tr(
                        'no instance "{name}" in this account; {hint}',
                        name=instance_id,
                        hint=_hint(instance_id, known),
                    )
                ) from None

        return await self._instance.setdefault(instance_id, Shared(load)).get()

    async def instances(self) -> Mapping[str, Instance]:
        """Every instance of the account, by id, with the numbers each one names: not all of them, as CCC likes."""
        return await self._instances.get()

    async def unassigned(self) -> Mapping[str, UnassignedNumber]:
        """The account's numbers that are in no instance, by number. Our own writes are in it."""
        listed = await self._unassigned.get()
        known = {**listed, **self._written}
        return {number: row for number, row in known.items() if isinstance(row, UnassignedNumber)}

    async def look(self, number: str, instance_id: str | None) -> Standing:
        """Where a number is now, asking for no listing that is not needed. Without an instance it is never `Bound`."""
        match self._written.get(number):
            case UnassignedNumber() as left:
                return Unassigned(left)
            case PhoneNumber() as joined:
                return Bound(joined) if joined.instance_id == instance_id else Elsewhere(joined)
        listed = self._numbers.get(instance_id) if instance_id else None
        if listed is not None and number in (rows := await listed.get()):
            return Bound(rows[number])
        if (free := (await self._unassigned.get()).get(number)) is not None:
            return Unassigned(free)
        if instance_id and (row := (await self._listing(instance_id).get()).get(number)) is not None:
            return Bound(row)
        return await self._look_elsewhere(number)

    def listed(self, instance_id: str, rows: Mapping[str, PhoneNumber]) -> None:
        """All numbers of an instance, read in another way than by its listing, which is not asked for then."""

        async def load() -> dict[str, PhoneNumber]:
            return dict(rows)

        self._numbers.setdefault(instance_id, Shared(load))

    async def flow_id(self, instance_id: str, name: str) -> str:
        """The id of a flow that can be bound to a number: published, and a main flow."""
        flows = await self.contact_flows(instance_id)
        flow = flows.get(name)
        if (instance_id, name) in self._promised and not (flow and flow.published):
            return name
        if flow is None:
            raise UnknownName(
                tr(
                    'no contact flow "{name}" in {instance}; {hint}',
                    name=name,
                    instance=instance_id,
                    hint=_hint(name, flows),
                )
            )
        if not flow.published:
            raise UnknownName(
                tr(
                    'contact flow "{name}" of {instance} is not published; publish it in CCC first',
                    name=name,
                    instance=instance_id,
                )
            )
        if flow.type is not FlowType.MAIN:
            raise UnknownName(
                tr(
                    'contact flow "{name}" of {instance} is a {type} flow; numbers take main flows',
                    name=name,
                    instance=instance_id,
                    type=flow.type,
                )
            )
        return flow.id

    async def skill_group(self, instance_id: str, name: str) -> SkillGroup:
        """A skill group by name, or UnknownName with the nearest."""
        groups = await self.skill_groups(instance_id)
        if name in groups:
            return groups[name]
        if (instance_id, name) in self._promised:
            return SkillGroup(name, name, name, "", instance_id, "AUDIO", None, None)
        raise UnknownName(
            tr(
                'no skill group "{name}" in {instance}; {hint}',
                name=name,
                instance=instance_id,
                hint=_hint(name, groups),
            )
        )

    async def agent_id(self, instance_id: str, name: str) -> str:
        """The id of an agent by login or id, or UnknownName with the nearest."""

        async def load() -> Mapping[str, str]:
            return await self._client.list_agents(instance_id)

        agents = await self._agents.setdefault(instance_id, Shared(load)).get()
        if found := next((each for each, login in agents.items() if name in (each, login)), None):
            return found
        raise UnknownName(
            tr(
                'no agent "{name}" in {instance}; {hint}',
                name=name,
                instance=instance_id,
                hint=_hint(name, agents.values()),
            )
        )

    def wrote(self, row: PhoneNumber | UnassignedNumber) -> None:
        """Remember how one of our writes left a number; wins over any listing begun before it."""
        self._written[row.number] = row
        for instance_id, listing in self._numbers.items():
            if (rows := listing.loaded) is not None:
                _place(rows, instance_id, row)

    async def relist(self, instance_id: str) -> Mapping[str, PhoneNumber]:
        """The instance's numbers, listed again, account listings dropped: after a write that may have failed."""
        self._written = {
            number: row
            for number, row in self._written.items()
            if isinstance(row, PhoneNumber) and row.instance_id != instance_id
        }
        self._numbers.pop(instance_id, None)
        self._forget_account()
        return await self._listing(instance_id).get()

    async def relist_unassigned(self) -> Mapping[str, UnassignedNumber]:
        """The numbers in no instance, listed again: after a write that brought some into the account."""
        self._forget_account()
        return await self.unassigned()

    def _forget_account(self) -> None:
        self._unassigned = Shared(self._list_unassigned)
        self._instances = Shared(self._list_instances)
        self._cut = Shared(self._list_cut)

    def promise(self, instance_id: str, name: str) -> None:
        """A flow or group of this name will be made in this run: a preview may refer to it by its name."""
        self._promised.add((instance_id, name))

    def _listing(self, instance_id: str) -> "Shared[dict[str, PhoneNumber]]":
        async def load() -> dict[str, PhoneNumber]:
            rows = {row.number: row for row in await self._client.list_phone_numbers(instance_id)}
            for row in self._written.values():
                _place(rows, instance_id, row)
            return rows

        return self._numbers.setdefault(instance_id, Shared(load))

    async def _list_unassigned(self) -> dict[str, UnassignedNumber]:
        return {row.number: row for row in await self._client.list_unassigned_numbers()}

    async def _list_instances(self) -> dict[str, Instance]:
        return {row.id: row for row in await self._client.list_instances()}

    async def _look_elsewhere(self, number: str) -> Standing:
        """In the instance that names it; when none does, in one that has more numbers than it names."""
        for instance in (await self.instances()).values():
            if number in instance.numbers and (row := (await self.numbers(instance.id)).get(number)):
                return Elsewhere(row)
        for instance_id in await self._cut.get():
            if row := (await self.numbers(instance_id)).get(number):
                return Elsewhere(row)
        return NotImported()

    async def _list_cut(self) -> list[str]:
        """Those listed already, and those that have more numbers than CCC names beside them: one call for each other.

        What is not running cannot be counted: there the names have to do.
        """

        async def worth_a_look(instance: Instance) -> bool:
            if not instance.running or instance.id in self._numbers:
                return instance.running
            count = await self._client.count_phone_numbers(instance.id)
            return count >= CEILING or count > len(instance.numbers)

        instances = list((await self.instances()).values())
        worth = await asyncio.gather(*map(worth_a_look, instances))
        return [each.id for each, look in zip(instances, worth, strict=True) if look]


def _place(rows: dict[str, PhoneNumber], instance_id: str, row: PhoneNumber | UnassignedNumber) -> None:
    """Bring one written row into an instance's listing, or take it out when it is elsewhere now."""
    if isinstance(row, PhoneNumber) and row.instance_id == instance_id:
        rows[row.number] = row
    else:
        rows.pop(row.number, None)


async def _by_name(
    kept: dict[str, Shared[dict[str, Named]]],
    list_all: Callable[[str], Awaitable[Iterable[Named]]],
    instance_id: str,
    fresh: bool,
) -> Mapping[str, Named]:
    async def load() -> dict[str, Named]:
        return {row.name: row for row in await list_all(instance_id)}

    if fresh:
        kept.pop(instance_id, None)
    return await kept.setdefault(instance_id, Shared(load)).get()


def _hint(name: str, known: Iterable[str]) -> str:
    return suggestion(name, sorted(known), "there are", most=10)
