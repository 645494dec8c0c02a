"""What CCC holds, as one drift run saw it: a few listings an instance, all instances at once, in one rate limit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ccc_numbers.api.errors import ApiError, CccError, NotExists
from ccc_numbers.api.paging import CEILING
from ccc_numbers.api.rows import ContactFlow, MediaType, PhoneNumber, SkillGroup
from ccc_numbers.fleet.accounts import Account, open_accounts
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.numbers.inventory import Inventory
from ccc_numbers.numbers.plan_number import Elsewhere, Standing

# Above this many numbers one call for all of them, checked by a count, is cheaper than their pages.
_MANY = 200


@dataclass(frozen=True, slots=True, order=True)
class InstanceKey:
    """An instance of one account: ids are only unique within their account."""

    account: str
    instance: str


@dataclass(frozen=True, slots=True)
class InstanceView:
    """Everything of one instance: numbers by number, flows and skill groups by name."""

    place: InstanceKey
    numbers: Mapping[str, PhoneNumber]
    flows: Mapping[str, ContactFlow]
    groups: Mapping[str, SkillGroup]


@dataclass(frozen=True, slots=True)
class Unread:
    """Why something could not be read: `reason` is the same wherever the cause is, `detail` is about this call."""

    reason: str
    detail: str

    @classmethod
    def of(cls, error: CccError) -> Unread:
        """Of an answer of CCC: its words and code; which call it was, and its request id, are detail."""
        reason = f"{error.detail.rstrip('.')} ({error.code})" if isinstance(error, ApiError) else str(error)
        return cls(reason, str(error))


# asyncio.run makes the text of its task's result, twice: here that of every number.
@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """The instances that were read, why others could not be, and where the numbers are that they lack.

    `accounts` has the account's name by stack, `failed` why a stack has none. `where` is keyed by account and
    number, and knows every declared number that is not in its instance.
    """

    accounts: Mapping[str, str]
    failed: Mapping[str, str]
    views: Mapping[InstanceKey, InstanceView]
    unread: Mapping[InstanceKey, Unread]
    where: Mapping[tuple[str, str], Standing] = field(default_factory=dict)

    def view(self, stack: str, instance: str) -> InstanceView | None:
        """An instance of a stack; None when it was not read."""
        account = self.accounts.get(stack)
        return None if account is None else self.views.get(InstanceKey(account, instance))


NOTHING = Snapshot({}, {}, {}, {})
"""Nobody has looked."""


@dataclass(slots=True)
class _InstanceQuery:
    """What to read of one instance: put together from all stacks that declare it."""

    account: Account
    place: InstanceKey
    numbers: int = 0
    providers: bool = False
    media: set[MediaType] = field(default_factory=set)

    def add(self, stack: Stack) -> None:
        """One more stack declares the instance."""
        declared = stack.declaration.instances[self.place.instance]
        self.numbers += len(declared.numbers)
        self.providers |= any(number.order for number in declared.numbers.values())
        self.media |= {group.media_type for group in declared.skill_groups.values()}


async def gather(
    project: Path, stacks: Sequence[Stack], progress: InstanceProgress | None = None, verb: str = "drift"
) -> Snapshot:
    """What CCC holds of these stacks' instances. Writes nothing; what cannot be read is named, never guessed."""
    async with open_accounts(project, [stack.file for stack in stacks], verb) as accounts:
        queries = _queries(stacks, accounts.by_stack)
        if progress:
            progress.begin(len(queries))
        answers = await asyncio.gather(*(_read(query, progress) for query in queries.values()))
        views = {each.place: each for each in answers if isinstance(each, InstanceView)}
        unread = {
            place: each for place, each in zip(queries, answers, strict=True) if isinstance(each, Unread)
        }
        where = await _whereabouts(stacks, accounts.by_stack, views, unread)
    names = {stack: account.name for stack, account in accounts.by_stack.items()}
    return Snapshot(names, accounts.failed, views, unread, where)


async def look_at(account: Account, instance: str, media: Iterable[MediaType] = ()) -> InstanceView | Unread:
    """One instance with everything CCC says of its numbers; or why it cannot be read, in one line.

    `media` are those of the skill groups to list besides the groups for calls.
    """
    place = InstanceKey(account.name, instance)
    return await _read(_InstanceQuery(account, place, providers=True, media=set(media)))


async def where_are(account: Account, numbers: set[str], view: InstanceView) -> dict[str, Standing] | Unread:
    """Where numbers are that an instance lacks; or why that cannot be known, in one line."""
    try:
        return await _find(account, numbers, {view.place: view})
    except CccError as error:
        return Unread.of(error)


def _queries(stacks: Iterable[Stack], accounts: Mapping[str, Account]) -> dict[InstanceKey, _InstanceQuery]:
    queries: dict[InstanceKey, _InstanceQuery] = {}
    for stack in stacks:
        if account := accounts.get(stack.name):
            for instance in stack.declaration.instances:
                place = InstanceKey(account.name, instance)
                queries.setdefault(place, _InstanceQuery(account, place)).add(stack)
    return queries


async def _read(query: _InstanceQuery, progress: InstanceProgress | None = None) -> InstanceView | Unread:
    """The instance, or why it could not be read. All of it or nothing."""
    inventory, instance = query.account.inventory, query.place.instance
    try:
        numbers, flows, groups = await asyncio.gather(
            _numbers(query), inventory.contact_flows(instance), _groups(query)
        )
        found: InstanceView | Unread = InstanceView(query.place, numbers, flows, groups)
    except NotExists as error:
        found = await _no_instance(inventory, instance) or Unread.of(error)
    except CccError as error:
        found = Unread.of(error)
    if progress:
        progress.done(query.place.instance, isinstance(found, Unread))
    return found


async def _numbers(query: _InstanceQuery) -> Mapping[str, PhoneNumber]:
    """The instance's numbers by number: paged, or where there are many all at once, if that answer is whole."""
    inventory, client, instance = query.account.inventory, query.account.client, query.place.instance
    # Which vendor a number is from stands in the paged listing alone.
    if query.numbers <= _MANY or query.providers:
        return await inventory.numbers(instance)
    flows = {flow.id: flow.name for flow in (await inventory.contact_flows(instance)).values()}
    count, rows = await asyncio.gather(
        client.count_phone_numbers(instance), client.get_instance_numbers(instance, flows)
    )
    # From the ceiling on, neither of the two need be all: only the listing in parts is.
    if len(rows) != count or count >= CEILING:
        return await inventory.numbers(instance)
    found = {row.number: row for row in rows}
    inventory.listed(instance, found)
    return found


async def _groups(query: _InstanceQuery) -> Mapping[str, SkillGroup]:
    """The skill groups by name: those for calls, and those of other media only where some are managed."""
    account, instance = query.account, query.place.instance
    audio, *others = await asyncio.gather(
        account.inventory.skill_groups(instance),
        *(_groups_of(account, instance, media) for media in sorted(query.media - {MediaType.AUDIO})),
    )
    return {name: group for groups in (*others, audio) for name, group in groups.items()}


async def _groups_of(account: Account, instance: str, media: MediaType) -> Mapping[str, SkillGroup]:
    return {group.name: group for group in await account.client.list_skill_groups(instance, media)}


async def _no_instance(inventory: Inventory, instance: str) -> Unread | None:
    """One line with the nearest instance there is; None when that cannot be known."""
    try:
        known = await inventory.instances()
    except CccError:
        return None
    hint = suggestion(instance, known, "its instances are")
    line = tr("no instance {instance} in this account; {hint}", instance=quoted(instance), hint=hint)
    return Unread(line, line)


async def _whereabouts(
    stacks: Sequence[Stack],
    accounts: Mapping[str, Account],
    views: dict[InstanceKey, InstanceView],
    unread: dict[InstanceKey, Unread],
) -> dict[tuple[str, str], Standing]:
    """Where the declared numbers are that their instances lack.

    Where that cannot be found out, their instances count as not read: a number nobody can find is not a finding.
    """
    found: dict[tuple[str, str], Standing] = {}
    for account in {id(each): each for each in accounts.values()}.values():
        members = [stack for stack in stacks if accounts.get(stack.name) is account]
        lacking = list(_lacking(members, account.name, views))
        try:
            where = await _find(account, {number for _, number in lacking}, views)
        except CccError as error:
            for place in {place for place, _ in lacking}:
                unread[place] = Unread.of(error)
                views.pop(place)
        else:
            found |= {(account.name, number): each for number, each in where.items()}
    return found


def _lacking(
    stacks: Iterable[Stack], account: str, views: Mapping[InstanceKey, InstanceView]
) -> Iterator[tuple[InstanceKey, str]]:
    for stack in stacks:
        for instance in stack.declaration.instances.values():
            if view := views.get(InstanceKey(account, instance.id)):
                for number in instance.numbers.keys() - view.numbers.keys():
                    yield view.place, number


async def _find(
    account: Account, numbers: set[str], views: Mapping[InstanceKey, InstanceView]
) -> dict[str, Standing]:
    """Asked of what has been read first, then of the account."""
    found: dict[str, Standing] = {
        number: Elsewhere(view.numbers[number])
        for place, view in views.items()
        if place.account == account.name
        for number in numbers & view.numbers.keys()
    }
    for number in sorted(numbers - found.keys()):
        found[number] = await account.inventory.look(number, None)
    return found
