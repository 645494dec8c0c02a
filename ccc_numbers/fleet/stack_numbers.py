"""The numbers of a stack as the last `up` left them: read from the outputs in Pulumi's state, shown as table or JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError
from rich.console import Console
from rich.table import Table

from ccc_numbers.fleet.engine.pulumi import answer
from ccc_numbers.fleet.engine.resources import Wire
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import first_fault
from ccc_numbers.fleet.project import Commands
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.language import mark, tr, trn
from ccc_numbers.messages.names import listed, others, quoted, some
from ccc_numbers.messages.terminal import Text

_ALIKE_SHOWN = 12
_NAMED = 2
_COLOURS = {"bound": "green", "pending": "yellow", "unassigned": "yellow", "gone": "red"}


class StackNumber(Wire):
    """One number. The outputs have its instance and the number itself as keys; they are put in afterwards."""

    instance: str = ""
    number: str = ""
    status: str
    usage: str
    flow: str | None = None
    skill_groups: list[str] = Field(default_factory=list)
    order: str | None = None
    city: str | None = None
    province: str | None = None


class _Instance(Wire):
    numbers: dict[str, StackNumber] = Field(default_factory=dict)
    unmanaged: list[str] = Field(default_factory=list)


class _Outputs(Wire):
    instances: dict[str, _Instance] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StackNumbers:
    """All numbers of a stack, and by instance those that nobody declares."""

    rows: tuple[StackNumber, ...]
    unmanaged: Mapping[str, list[str]]


def ask_pulumi(project: Path, stack: str) -> str:
    """The output of `pulumi stack output --json`. Raises FleetError."""
    return answer(
        project, ["stack", "output", "--json", "--stack", stack], tr("stack {stack}", stack=quoted(stack))
    )


def parse_outputs(text: str, source: str) -> StackNumbers:
    """The outputs of a stack from `pulumi stack output --json`. Raises FleetError."""
    try:
        outputs = _Outputs.model_validate_json(text)
    except ValidationError as error:
        raise FleetError(
            tr(
                "{source}: not the outputs of a ccc-numbers stack: {first_fault}",
                source=source,
                first_fault=first_fault(error),
            )
        ) from None
    rows = tuple(
        each.model_copy(update={"instance": id, "number": number})
        for id, instance in sorted(outputs.instances.items())
        for number, each in sorted(instance.numbers.items())
    )
    return StackNumbers(
        rows, {id: each.unmanaged for id, each in outputs.instances.items() if each.unmanaged}
    )


def as_json(numbers: StackNumbers) -> str:
    """One object: a row per number, and the numbers that nobody declares."""
    rows = [row.model_dump(by_alias=True) for row in numbers.rows]
    return json_text({"numbers": rows, "unmanaged": numbers.unmanaged})


def print_numbers(
    console: Console, stack: str, numbers: StackNumbers, commands: Commands, *, brief: bool = False
) -> None:
    """The table, its counts, and commands to try next. `brief`: a row for all numbers that are alike."""
    console.print(_brief_table(numbers) if brief else _table(numbers))
    statuses = Counter(row.status for row in numbers.rows)
    instances = len({row.instance for row in numbers.rows})
    summary = listed(
        tr("{count:,} {status}", count=count, status=tr(_STATUSES.get(each, each)))
        for each, count in statuses.most_common()
    )
    console.print()
    console.print(
        trn(
            "{count:,} number in {instances}: {summary}",
            "{count:,} numbers in {instances}: {summary}",
            len(numbers.rows),
            instances=trn("{count:,} instance", "{count:,} instances", instances),
            summary=summary,
        )
    )
    for instance, unmanaged in numbers.unmanaged.items():
        console.print(
            tr(
                "{instance} also holds {count} that no stack file declares: {numbers}",
                instance=instance,
                count=len(unmanaged),
                numbers=some(unmanaged, 5),
            )
        )
    console.print()
    console.print(Text(tr("What to try next"), style="bold"))
    for line in _next(stack, numbers, commands):
        console.print(f"  {line}", soft_wrap=True)


def _table(numbers: StackNumbers) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in _HEADINGS:
        table.add_column(tr(heading), no_wrap=heading in ("number", "status", "usage"))
    last = None
    for row in numbers.rows:
        if last not in (None, row.instance):
            table.add_section()
        table.add_row(Text("" if row.instance == last else row.instance), *_cells(row))
        last = row.instance
    return table


def _brief_table(numbers: StackNumbers) -> Table:
    """The numbers of an instance that are bound alike in one row; the largest groups, and a count of the others."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in _BRIEF_HEADINGS:
        table.add_column(tr(heading), no_wrap=heading in ("count", "numbers", "status", "usage"))
    alike: dict[StackNumber, list[str]] = {}
    for row in numbers.rows:
        key = row.model_copy(
            update={"number": "", "city": None, "province": None, "skill_groups": tuple(row.skill_groups)}
        )
        alike.setdefault(key, []).append(row.number)
    shown = sorted(alike, key=lambda key: -len(alike[key]))[:_ALIKE_SHOWN]
    last = None
    for key in sorted(shown, key=lambda key: (key.instance, -len(alike[key]))):
        its = alike[key]
        named = Text(f"{its[0]} … {its[-1]}" if len(its) > _NAMED else ", ".join(its))
        _, status, usage, flow, groups, _, order = _cells(key)
        where = Text("" if key.instance == last else key.instance)
        table.add_row(where, Text(f"{len(its):,}"), named, status, usage, flow, groups, order)
        last = key.instance
    if more := others(len(alike) - len(shown), tr("kinds (ccc-numbers numbers has every number)")):
        table.add_row(Text(more))
    return table


def _cells(row: StackNumber) -> list[Text]:
    city = row.city if row.city == row.province or not row.province else f"{row.province} {row.city or ''}"
    return [
        Text(row.number),
        Text(tr(_STATUSES.get(row.status, row.status)), style=_COLOURS.get(row.status, "red")),
        Text(row.usage),
        Text(row.flow or "–"),
        Text(", ".join(row.skill_groups) or "–"),
        Text((city or "–").strip()),
        Text(row.order or "–"),
    ]


_HEADINGS = (
    *(mark("instance"), mark("number"), mark("status"), mark("usage"), mark("flow")),
    *(mark("skill groups"), mark("city"), mark("order")),
)
_BRIEF_HEADINGS = (
    *(mark("instance"), mark("count"), mark("numbers"), mark("status"), mark("usage"), mark("flow")),
    *(mark("skill groups"), mark("order")),
)
_STATUSES = {"bound": mark("bound"), "pending": mark("pending")}


def _next(stack: str, numbers: StackNumbers, commands: Commands) -> Iterator[str]:
    yield tr(
        "edit stacks/{stack}.yaml: another flow, usage or skill group, then {preview} and {up}",
        stack=stack,
        preview=commands.preview,
        up=commands.up,
    )
    if pending := [row for row in numbers.rows if row.status != "bound"]:
        waiting = {"number": pending[0].number, "up": commands.up}
        yield trn(
            "{number} waits for CCC support to import it; once that is done, {up} binds it",
            "{count:,} numbers wait for CCC support to import them; once that is done, {up} binds them",
            len(pending),
            **waiting,
        )
    yield tr("{up} again: nothing changes, unless somebody changed CCC by hand", up=commands.up)
    yield tr("{ours} check: everything wrong with the stack files, without network", ours=commands.ours)
    yield tr("{ours} --help: drift, orders and the other verbs", ours=commands.ours)
