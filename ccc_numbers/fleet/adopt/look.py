"""Reads one instance, by the stack's own settings or new ones, and plans what to declare of it."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.rows import MediaType
from ccc_numbers.declaration.account import world_of
from ccc_numbers.declaration.model import Declaration
from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.stack import StackFile
from ccc_numbers.fleet.accounts import open_accounts
from ccc_numbers.fleet.adopt.files import definitions, draft, head_of, text_of
from ccc_numbers.fleet.adopt.managed import managed, matches
from ccc_numbers.fleet.adopt.plan import AdoptionPlan, Wanted, plan_adoption
from ccc_numbers.fleet.drift.gather import InstanceView, Unread, look_at, where_are
from ccc_numbers.fleet.engine.resources import FLOW, GROUP, NUMBER
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.stacks import Stack, read_fleet
from ccc_numbers.messages.files import read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.numbers.plan_number import Bound, Elsewhere, Refused
from ccc_numbers.numbers.plan_number import plan as plan_number


@dataclass(frozen=True, slots=True)
class Request:
    """The adoption to make: of these instances, or of all of the account. `file` is how the stack reaches CCC; `command`
    is what the person typed."""

    instances: tuple[str, ...]
    file: StackFile
    wanted: Wanted
    command: str


@dataclass(frozen=True, slots=True)
class Part:
    """The plan for one instance, and what of it the stack declares as CCC holds it: `imports` has the Pulumi type, the
    resource's name and the id to import it by."""

    plan: AdoptionPlan
    imports: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Adoption:
    """The plan for a stack. `text` is that of its file, None when there is nothing new to declare; `definitions` are the
    files of flows to write. `account` is that of the keys; `skipped` says which instances are left alone, and why."""

    path: Path
    before: str | None
    text: str | None
    definitions: Mapping[Path, str]
    parts: tuple[Part, ...]
    skipped: tuple[str, ...]
    account: str | None

    @property
    def files(self) -> dict[Path, str]:
        """The files to write, the stack file last."""
        return {**self.definitions, **({self.path: self.text} if self.text is not None else {})}


def look(project: Path, request: Request, today: date) -> Adoption:
    """Read the instances and plan their adoption. Writes nothing. Raises FleetError."""
    path = request.file.declaration
    before = read_text(path) if path.exists() else None
    if isinstance(before, Problem):
        raise FleetError(str(before))
    names = [*discover(project), *([request.file.name] if before is not None else [])]
    fleet = read_fleet(project, dict.fromkeys(names))
    declaration = Declaration(path, {}, {})
    if before is not None:
        stack = fleet.stacks[request.file.name]
        declaration = stack.declaration
        if stack.problems:
            raise FleetError(*map(str, stack.problems))
    wanted, orders = request.wanted, declaration.orders
    if wanted.order is not None and wanted.order not in orders:
        hint = suggestion(wanted.order, orders, "its orders are")
        raise FleetError(
            tr(
                "--order {order}: no order of {path}; {hint}",
                order=quoted(wanted.order),
                path=shown(path),
                hint=hint,
            )
        )
    seen = asyncio.run(_seen(project, request))
    here = world_of(project, request.file)
    owners = {n: found for n in fleet.owners if (found := fleet.owners_of(here, n))}
    neighbours = [each for each in fleet.stacks.values() if each.world.shares(here)]
    plans, skipped = list[AdoptionPlan](), list(seen.skipped)
    for view in seen.views:
        id = view.place.instance
        other = next(
            (
                each.name
                for each in neighbours
                if each.name != request.file.name and id in each.declaration.instances
            ),
            None,
        )
        if other and not request.instances:
            skipped.append(tr("{id} is declared by stack {other}", id=id, other=other))
            continue
        beside = managed(view, wanted.groups, wanted.flows, _managed_already(neighbours, id))
        plans.append(plan_adoption(view, owners, wanted, seen.elsewhere, beside))
    refuse_unmatched(wanted, seen.views)
    proof, made = before, list[AdoptionPlan]()
    for plan in plans:
        if plan.found:
            drawn = draft(path, proof, plan)
            plan, proof, declaration = drawn.plan, drawn.text or None, drawn.declaration
        made.append(plan)
    text = text_of(path, before, made, head_of(path, made, today, request.command))
    views = {view.place.instance: view for view in seen.views}
    parts = tuple(Part(plan, tuple(_imports(declaration, views[plan.instance], plan))) for plan in made)
    files = definitions(path.parent, made)
    return Adoption(
        path, before, None if text == before else text, files, parts, tuple(skipped), seen.account
    )


def _managed_already(stacks: Iterable[Stack], id: str) -> dict[tuple[str, str], str]:
    """The stack that manages each group and flow of an instance."""
    return {
        (kind, name): stack.name
        for stack in stacks
        if (instance := stack.declaration.instances.get(id))
        for kind, names in (("group", instance.skill_groups), ("flow", instance.contact_flows))
        for name in names
    }


def refuse_unmatched(wanted: Wanted, views: Iterable[InstanceView]) -> None:
    """FleetError for a filter that fits nothing in any instance: it is misspelt."""
    there = {"number": set[str](), "group": set[str](), "flow": set[str]()}
    for view in views:
        there["number"] |= view.numbers.keys() | set(wanted.numbers or ())
        there["group"] |= view.groups.keys()
        there["flow"] |= view.flows.keys()
    filters = {"number": wanted.patterns, "group": wanted.groups, "flow": wanted.flows}
    wrong = [
        tr(
            "--{kind} {pattern}: no {kind} is called so; {hint}",
            kind=kind,
            pattern=quoted(pattern),
            hint=suggestion(pattern, sorted(there[kind]), "there are", 10),
        )
        for kind, patterns in filters.items()
        for pattern in patterns
        if pattern != "*" and not any(matches(name, [pattern]) for name in there[kind])
    ]
    if wrong:
        raise FleetError(*wrong)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The instances, where the wanted numbers are that are in others, and the account of the keys."""

    views: list[InstanceView]
    skipped: list[str]
    elsewhere: dict[str, str]
    account: str | None


async def _seen(project: Path, request: Request) -> _Seen:
    wanted, file = request.wanted, request.file
    async with open_accounts(project, [file], "adopt") as accounts:
        account = accounts.by_stack.get(file.name)
        if account is None:
            raise FleetError(accounts.failed[file.name])
        try:
            listed = {} if request.instances else await account.inventory.instances()
        except CccError as error:
            raise FleetError(str(error)) from None
        names = request.instances or sorted(id for id, each in listed.items() if each.running)
        skipped = [
            tr("{id} is {status}", id=id, status=each.status)
            for id, each in sorted(listed.items())
            if not each.running
        ]
        media = MediaType if wanted.groups else ()
        answers = await asyncio.gather(*(look_at(account, name, media) for name in names))
        views = [each for each in answers if isinstance(each, InstanceView)]
        if unread := [each.detail for each in answers if isinstance(each, Unread)]:
            raise FleetError(*unread)
        elsewhere: dict[str, str] = {}
        for view in views if wanted.numbers else ():
            where = await where_are(account, set(wanted.numbers or ()) - view.numbers.keys(), view)
            if isinstance(where, Unread):
                raise FleetError(where.detail)
            elsewhere |= {n: each.row.instance_id for n, each in where.items() if isinstance(each, Elsewhere)}
        if names:
            await account.client.get_instance(names[0])
    return _Seen(views, skipped, elsewhere, account.client.account)


def _imports(
    declaration: Declaration, view: InstanceView, plan: AdoptionPlan
) -> Iterator[tuple[str, str, str]]:
    """What the stack declares of an instance as CCC holds it."""
    id = view.place.instance
    declared = declaration.instances.get(id)
    for group in declared.skill_groups.values() if declared else ():
        row = view.groups.get(group.name)
        if row and (group.display_name, group.description) == (row.display_name, row.description):
            yield GROUP, f"{id}/{group.name}", row.id
    flows = {each.row.name: (each.row.type, each.definition) for each in plan.managed.flows}
    flows |= (
        {each.name: (each.type, each.definition) for each in declared.contact_flows.values()}
        if declared
        else {}
    )
    for name, (kind, definition) in flows.items():
        flow = view.flows.get(name)
        if flow and flow.published and flow.type == kind and _same_json(flow.definition, definition):
            yield FLOW, f"{id}/{name}", f"{id}/{flow.id}"
    for number in declared.numbers.values() if declared else ():
        bound = view.numbers.get(number.number)
        if bound is None:
            continue
        with suppress(Refused):
            if not plan_number(number.declared_in(id), Bound(bound), in_state=True).writes:
                yield NUMBER, number.number, f"{id}/{number.number}"


def _same_json(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except (ValueError, RecursionError):
        return False
