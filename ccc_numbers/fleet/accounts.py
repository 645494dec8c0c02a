"""Clients of many stacks: one for each account and way to its keys; an account has one rate limit."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ccc_numbers.api import embedded
from ccc_numbers.api.client import Client
from ccc_numbers.api.errors import CccError
from ccc_numbers.api.identity import Caller, Identity
from ccc_numbers.api.rate_limit import RateLimit
from ccc_numbers.api.settings import Settings, Timeouts
from ccc_numbers.api.world import World
from ccc_numbers.declaration.stack import StackFile
from ccc_numbers.numbers.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Account:
    """One account at one endpoint, with the listings everybody shares. `name` is for people."""

    name: str
    client: Client
    inventory: Inventory


@dataclass(frozen=True, slots=True)
class Accounts:
    """The account of each stack, or the reason why it has none, in one line."""

    by_stack: Mapping[str, Account]
    failed: Mapping[str, str]


@asynccontextmanager
async def open_accounts(
    project: Path, files: Iterable[StackFile], verb: str, *, writes: bool = False
) -> AsyncIterator[Accounts]:
    """The accounts of these stacks for the length of a block; embedded simulators are started and stopped.

    `verb` is the command that reads with them, or `writes`.
    """
    wanted: dict[World, dict[Identity, list[tuple[str, Settings]]]] = {}
    failed: dict[str, str] = {}
    for file in files:
        try:
            settings = Settings.parse(file.provider, base=project)
            way = Identity() if settings.embedded else settings.identity
            wanted.setdefault(settings.world, {}).setdefault(way, []).append((file.name, settings))
        except CccError as error:
            failed[file.name] = str(error)
    async with AsyncExitStack() as stack:
        opened: dict[str, Account] = {}
        for world, ways in wanted.items():
            suiting = _suiting([settings for sharing in ways.values() for _, settings in sharing])
            rate_limit: RateLimit | None = None
            for identity, sharing in ways.items():
                members = [member for member, _ in sharing]
                settings = replace(suiting, identity=identity)
                try:
                    account = await _open(
                        stack, project, world, settings, _caller(members, verb, writes=writes), rate_limit
                    )
                except CccError as error:
                    failed |= dict.fromkeys(members, str(error))
                else:
                    opened |= dict.fromkeys(members, account)
                    rate_limit = account.client.rate_limit
        yield Accounts(opened, failed)


def _caller(stacks: list[str], verb: str, *, writes: bool) -> Caller:
    more = f"-and-{len(stacks) - 1}-more" if len(stacks) > 1 else ""
    return Caller(stacks[0], verb + more, writes=writes)


def _suiting(members: list[Settings]) -> Settings:
    """The lowest quotas and the longest timeouts of all members: nobody's limit is exceeded."""
    first = members[0]
    quotas = {action: min(each.quotas[action] for each in members) for action in first.quotas}
    timeouts = Timeouts(
        connect=max(each.timeouts.connect for each in members),
        read=max(each.timeouts.read for each in members),
        operation=max(each.timeouts.operation for each in members),
    )
    return replace(first, quotas=quotas, timeouts=timeouts)


async def _open(
    stack: AsyncExitStack,
    project: Path,
    world: World,
    settings: Settings,
    caller: Caller,
    rate_limit: RateLimit | None,
) -> Account:
    if settings.embedded:
        simulator = await asyncio.to_thread(
            embedded.start, settings.simulator_seed, settings.simulator_state, project=project
        )
        stack.callback(simulator.stop)
        settings = settings.at(simulator.url)
    client = await stack.enter_async_context(Client(settings, caller=caller, rate_limit=rate_limit))
    return Account(str(world), client, Inventory(client))
