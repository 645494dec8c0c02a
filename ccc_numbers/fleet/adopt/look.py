"""Reads one instance, by the stack's own settings or new ones, and plans what to declare of it."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from ccc_numbers.api.endpoint import EMBEDDED, HOME_REGION
from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.declaration.account import world_of
from ccc_numbers.declaration.model import Declaration
from ccc_numbers.declaration.names import discover, name_fault
from ccc_numbers.declaration.stack import StackFile, stack_file
from ccc_numbers.fleet.accounts import open_accounts
from ccc_numbers.fleet.adopt.files import Draft, draft
from ccc_numbers.fleet.adopt.plan import AdoptionPlan, Wanted, plan_adoption
from ccc_numbers.fleet.drift.gather import InstanceView, Unread, look_at, where_are
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.stacks import read_fleet
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.numbers.plan_number import Bound, Elsewhere, Refused, plan


@dataclass(frozen=True, slots=True)
class NewSettings:
    """Pulumi's own file of a stack that has none yet."""

    path: Path
    config: Mapping[str, str]

    def text(self, account: str | None) -> str:
        """The file's text. `account` is that of the keys in use: from now on, keys of another are refused."""
        known = {"ccc:account": account} if account and self.config.get("ccc:endpoint") != EMBEDDED else {}
        text: str = yaml.safe_dump({"config": {**self.config, **known}}, allow_unicode=True)
        return text


def stack_settings(
    project: Path, stack: str, region: str | None, endpoint: str | None
) -> tuple[StackFile, NewSettings | None]:
    """The stack's settings, and the file to write when it has none. Raises FleetError, one line a mistake."""
    if fault := name_fault(stack):
        raise FleetError(f"--stack {quoted(stack)} {fault}")
    file = stack_file(project, stack)
    if problems := (*file.problems, *file.refused):
        raise FleetError(*map(str, problems))
    own = project / "stacks" / f"Pulumi.{stack}.yaml"
    if own.exists():
        for option, given, has in (
            ("--region", region, file.region),
            ("--endpoint", endpoint, file.endpoint),
        ):
            if given is not None and given != has:
                raise FleetError(f"{option} {quoted(given)}: {shown(own)} says {quoted(has or 'nothing')}")
        return file, None
    settings = {"ccc:region": region or os.environ.get("CCC_REGION") or HOME_REGION}
    if address := endpoint or os.environ.get("CCC_ENDPOINT"):
        settings["ccc:endpoint"] = address
    provider = {key.removeprefix("ccc:"): value for key, value in settings.items()}
    try:
        Settings.parse(provider)
    except CccError as error:
        raise FleetError(str(error)) from None
    return replace(file, provider=provider), NewSettings(own, settings)


@dataclass(frozen=True, slots=True)
class Request:
    """The adoption to make. `file` is how the stack reaches CCC; `command` is what the person typed."""

    instance: str
    file: StackFile
    wanted: Wanted
    command: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """The plan for an instance. `draft` is None when there is nothing new to declare; `as_declared` are the numbers
    of the instance that this stack (with the new ones) declares as CCC holds them. `account` is that of the keys."""

    path: Path
    before: str
    plan: AdoptionPlan
    draft: Draft | None
    as_declared: tuple[str, ...]
    account: str | None


def look(project: Path, request: Request, today: date) -> Adoption:
    """Read the instance and plan its adoption. Writes nothing. Raises FleetError."""
    path = request.file.declaration
    text = read_text(path) if path.exists() else None
    if isinstance(text, Problem):
        raise FleetError(str(text))
    names = [*discover(project), *([request.file.name] if text is not None else [])]
    fleet = read_fleet(project, dict.fromkeys(names))
    declaration = Declaration(path, {}, {})
    if text is not None:
        stack = fleet.stacks[request.file.name]
        declaration = stack.declaration
        if stack.problems:
            raise FleetError(*map(str, stack.problems))
    wanted, orders = request.wanted, declaration.orders
    if wanted.order is not None and wanted.order not in orders:
        hint = suggestion(wanted.order, orders, "its orders are")
        raise FleetError(f"--order {quoted(wanted.order)}: no order of {shown(path)}; {hint}")
    view, elsewhere, uid = asyncio.run(_seen(project, request.file, request.instance, wanted))
    here = world_of(project, request.file)
    owners = {n: found for n in fleet.owners if (found := fleet.owners_of(here, n))}
    plan = plan_adoption(view, owners, wanted, elsewhere)
    made = draft(path, text, plan, today, request.command) if plan.found else None
    if made:
        plan, declaration = made.plan, made.declaration
    return Adoption(path, text or "", plan, made, _as_declared(declaration, view), uid)


async def _seen(
    project: Path, file: StackFile, instance: str, wanted: Wanted
) -> tuple[InstanceView, dict[str, str], str | None]:
    """The instance, where the wanted numbers are that are in other instances, and the account of the keys."""
    async with open_accounts(project, [file], "adopt") as accounts:
        account = accounts.by_stack.get(file.name)
        if account is None:
            raise FleetError(accounts.failed[file.name])
        view = await look_at(account, instance)
        if isinstance(view, Unread):
            raise FleetError(view.detail)
        absent = set(wanted.numbers or ()) - view.numbers.keys()
        where = await where_are(account, absent, view)
        if isinstance(where, Unread):
            raise FleetError(where.detail)
        await account.client.get_instance(instance)
    found = {n: each.row.instance_id for n, each in where.items() if isinstance(each, Elsewhere)}
    return view, found, account.client.account


def _as_declared(declaration: Declaration, view: InstanceView) -> tuple[str, ...]:
    declared = declaration.instances.get(view.place.instance)
    if declared is None:
        return ()
    found = []
    for number in declared.numbers.values():
        row = view.numbers.get(number.number)
        if row is None:
            continue
        with suppress(Refused):
            if not plan(number.declared_in(declared.id), Bound(row), in_state=True).writes:
                found.append(number.number)
    return tuple(found)
