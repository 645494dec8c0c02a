"""The ways to CCC of many stacks: one client for each endpoint and region, so that they share its rate budget."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ccc_numbers.api import embedded
from ccc_numbers.api.client import Client
from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings, Timeouts
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
    """The account of each stack, and for each stack that has none why, in one line."""

    by_stack: Mapping[str, Account]
    failed: Mapping[str, str]


@asynccontextmanager
async def open_accounts(project: Path, files: Iterable[StackFile]) -> AsyncIterator[Accounts]:
    """The accounts of these stacks for the length of a block; embedded simulators are started and stopped."""
    wanted: dict[str, list[tuple[str, Settings]]] = {}
    failed: dict[str, str] = {}
    for file in files:
        try:
            settings = Settings.parse(file.provider, base=project)
            wanted.setdefault(settings.world, []).append((file.name, settings))
        except CccError as error:
            failed[file.name] = str(error)
    async with AsyncExitStack() as stack:
        opened: dict[str, Account] = {}
        for name, sharing in wanted.items():
            members = [member for member, _ in sharing]
            try:
                account = await _open(stack, project, name, _suiting([settings for _, settings in sharing]))
            except CccError as error:
                failed |= dict.fromkeys(members, str(error))
            else:
                opened |= dict.fromkeys(members, account)
        yield Accounts(opened, failed)


def _suiting(members: list[Settings]) -> Settings:
    """The lowest quota and the longest patience anyone asked for: nobody's limit is passed."""
    first = members[0]
    quotas = {action: min(each.quotas[action] for each in members) for action in first.quotas}
    timeouts = Timeouts(
        connect=max(each.timeouts.connect for each in members),
        read=max(each.timeouts.read for each in members),
        operation=max(each.timeouts.operation for each in members),
    )
    return replace(first, quotas=quotas, timeouts=timeouts)


async def _open(stack: AsyncExitStack, project: Path, name: str, settings: Settings) -> Account:
    if settings.embedded:
        simulator = await asyncio.to_thread(
            embedded.start, settings.simulator_seed, settings.simulator_state, project=project
        )
        stack.callback(simulator.stop)
        settings = settings.at(simulator.url)
    client = await stack.enter_async_context(Client(settings))
    return Account(name, client, Inventory(client))
