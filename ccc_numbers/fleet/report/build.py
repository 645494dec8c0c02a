"""From what was read to everything the pages say. Pure: no file, no network, no clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ccc_numbers.fleet.drift.findings import Severity
from ccc_numbers.fleet.drift.report import Coverage, Report, masked
from ccc_numbers.fleet.orders.orders_of import orders_in, platform_fee_mode
from ccc_numbers.fleet.report.gather import Material
from ccc_numbers.fleet.report.model import (
    Blind,
    InstanceRow,
    NumberRow,
    OrderRow,
    PageFinding,
    Part,
    Site,
    StackPart,
)
from ccc_numbers.fleet.report.number_rows import context, number_rows
from ccc_numbers.fleet.report.order_rows import book_of, cost_of_numbers, order_rows
from ccc_numbers.fleet.report.page_findings import of_drift, of_ledger
from ccc_numbers.fleet.report.states import State, Status
from ccc_numbers.messages.masking import mask_numbers, unmasked
from ccc_numbers.messages.problem import Source

Item = TypeVar("Item")
_RANK = {state: rank for rank, state in enumerate(State)}
_REAL = "the region's own endpoint"


def build(material: Material) -> Site:
    """The whole report."""
    seen, wanted = material.seen, material.wanted
    stacks = [seen.fleet.stacks[name] for name in material.names]
    report = masked(seen.report) if wanted.mask else seen.report
    numbers, orders, findings = _rows(material, report)
    whole = Part(
        status=Status.AS_DECLARED,
        numbers=tuple(sorted(numbers, key=_standing)),
        findings=tuple(sorted(findings, key=_gravity)),
        ignored=report.ignored,
        instances=tuple(instance_rows(report, findings)),
        orders=tuple(orders),
        blind=tuple(_blind(material, report)),
    )
    cut = _by_stack(whole, material.names, offline=wanted.offline)
    parts = tuple(
        StackPart(
            stack.name,
            stack.declaration.file.as_posix().removeprefix(_folder(material)),
            stack.file.endpoint or f"{_REAL}{f' in {stack.file.region}' if stack.file.region else ''}",
            cut[stack.name],
        )
        for stack in stacks
    )
    return Site(
        title=material.title,
        version=material.version,
        made_at=seen.report.looked_at,
        seconds=seen.report.seconds,
        today=material.today,
        offline=wanted.offline,
        masked=wanted.mask,
        lapsing_days=wanted.lapsing_days,
        fleet=_judged(whole, offline=wanted.offline),
        stacks=tuple(sorted(parts, key=lambda each: (list(Status).index(each.part.status), each.name))),
        notes=report.notes,
    )


def _rows(material: Material, report: Report) -> tuple[list[NumberRow], list[OrderRow], list[PageFinding]]:
    seen, wanted = material.seen, material.wanted
    hide: Callable[[str], str] = _hidden if wanted.mask else unmasked
    stacks = [seen.fleet.stacks[name] for name in material.names]
    parts = [orders_in(each.name, each.declaration, each.catalogue, each.world) for each in stacks]
    mode = platform_fee_mode(each.file for each in stacks)
    book = book_of(seen, parts, material.today, wanted.lapsing_days, mode)
    around = context(seen, cost_of_numbers(book), hide, offline=wanted.offline)
    numbers = number_rows(around, material.names)
    orders = order_rows(book, numbers, wanted.lapsing_days)
    told = [*of_drift(report), *of_ledger(book, seen, hide)]
    return numbers, orders, [each.from_project(_folder(material)) for each in told]


def _folder(material: Material) -> str:
    """What stands before every file's name in the project, for taking it away."""
    return "" if material.project == Path() else f"{material.project.as_posix().rstrip('/')}/"


def _hidden(text: str) -> str:
    """The text without readable numbers; a text that is nothing but digits surely is one."""
    return mask_numbers(text, frozenset({text}))


def instance_rows(report: Report, findings: Sequence[PageFinding]) -> list[InstanceRow]:
    """Every instance of a drift report, with the number of findings about it."""
    counted = Counter[tuple[str, str | None]]()
    for each in findings:
        counted[each.stack, each.instance] += each.count
    reasons = {(each.stack, each.instance): each.reason for each in report.unseen}

    def row(each: Coverage) -> InstanceRow:
        key = (each.stack, each.instance)
        reason = reasons.get(key) or reasons.get((each.stack, None))
        return InstanceRow(*key, each.declared, each.live, each.managed, counted[key], reason)

    return [row(each) for each in report.coverage]


def blind_places(report: Report, owners: Mapping[Source, str]) -> list[Blind]:
    """Mistakes in files, then what did not answer; `owners` says whose file each mistake is in."""
    files = [
        Blind(
            owners.get(each.source, ""),
            str(each.source),
            str(each).removeprefix(f"{each.source}:").strip(),
            in_file=True,
        )
        for each in report.problems
    ]
    return files + [
        Blind(each.stack, f"{each.stack} › {each.instance}" if each.instance else each.stack, each.reason)
        for each in report.unseen
    ]


def _blind(material: Material, report: Report) -> list[Blind]:
    stacks, folder = material.seen.fleet.stacks, _folder(material)
    owners = {each.source: name for name in reversed(material.names) for each in stacks[name].problems}
    return [
        replace(each, where=each.where.replace(folder, ""), reason=each.reason.replace(folder, ""))
        for each in blind_places(report, owners)
    ]


def _by_stack(whole: Part, names: Iterable[str], *, offline: bool) -> dict[str, Part]:
    """The whole cut into its stacks, in one pass over each of its lists."""
    numbers = _grouped(whole.numbers, lambda row: row.stack)
    findings = _grouped(whole.findings, lambda each: each.stack)
    ignored = _grouped(whole.ignored, lambda each: each.finding.stack)
    instances = _grouped(whole.instances, lambda row: row.stack)
    orders = _grouped(whole.orders, lambda row: row.stack)
    blind = _grouped(whole.blind, lambda each: each.stack)
    return {
        name: _judged(
            Part(
                Status.AS_DECLARED,
                tuple(numbers[name]),
                tuple(findings[name]),
                tuple(ignored[name]),
                tuple(instances[name]),
                tuple(orders[name]),
                tuple(blind[name]),
            ),
            offline=offline,
        )
        for name in names
    }


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _judged(part: Part, *, offline: bool) -> Part:
    """The part with its status: what was not seen wins, since nothing can be called well that nobody looked at."""
    return replace(part, status=_status(part, offline=offline))


def _status(part: Part, *, offline: bool) -> Status:
    if part.blind:
        return Status.INCOMPLETE
    if offline:
        return Status.NOT_ASKED
    if part.unread:
        return Status.INCOMPLETE
    grave = any(each.severity.rank >= Severity.WARNING.rank for each in part.findings)
    return Status.DIFFERS if grave else Status.AS_DECLARED


def _gravity(each: PageFinding) -> tuple[int, str, str, str]:
    return (-each.severity.rank, each.stack, each.instance or "", each.kind)


def _standing(row: NumberRow) -> tuple[int, str, str, str]:
    return (_RANK[row.state], row.stack, row.instance, row.number)
