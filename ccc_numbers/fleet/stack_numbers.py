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
from ccc_numbers.messages.names import others, plural, quoted, some
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
    return answer(project, ["stack", "output", "--json", "--stack", stack], f"stack {quoted(stack)}")


def parse_outputs(text: str, source: str) -> StackNumbers:
    """The outputs of a stack from `pulumi stack output --json`. Raises FleetError."""
    try:
        outputs = _Outputs.model_validate_json(text)
    except ValidationError as error:
        raise FleetError(f"{source}: not the outputs of a ccc-numbers stack: {first_fault(error)}") from None
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
    summary = ", ".join(f"{count} {status}" for status, count in statuses.most_common())
    console.print()
    console.print(f"{plural(len(numbers.rows), 'number')} in {plural(instances, 'instance')}: {summary}")
    for instance, unmanaged in numbers.unmanaged.items():
        listed = some(unmanaged, 5)
        console.print(f"{instance} also holds {len(unmanaged)} that no stack file declares: {listed}")
    console.print()
    console.print(Text("What to try next", style="bold"))
    for line in _next(stack, numbers, commands):
        console.print(f"  {line}", soft_wrap=True)


def _table(numbers: StackNumbers) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("instance", "number", "status", "usage", "flow", "skill groups", "city", "order"):
        table.add_column(heading, no_wrap=heading in ("number", "status", "usage"))
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
    for heading in ("instance", "count", "numbers", "status", "usage", "flow", "skill groups", "order"):
        table.add_column(heading, no_wrap=heading in ("count", "numbers", "status", "usage"))
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
    if more := others(len(alike) - len(shown), "kinds (ccc-numbers numbers has every number)"):
        table.add_row(Text(more))
    return table


def _cells(row: StackNumber) -> list[Text]:
    city = row.city if row.city == row.province or not row.province else f"{row.province} {row.city or ''}"
    return [
        Text(row.number),
        Text(row.status, style=_COLOURS.get(row.status, "red")),
        Text(row.usage),
        Text(row.flow or "–"),
        Text(", ".join(row.skill_groups) or "–"),
        Text((city or "–").strip()),
        Text(row.order or "–"),
    ]


def _next(stack: str, numbers: StackNumbers, commands: Commands) -> Iterator[str]:
    yield f"edit stacks/{stack}.yaml: another flow, usage or skill group, then {commands.preview} and {commands.up}"
    if pending := [row for row in numbers.rows if row.status != "bound"]:
        waiting = f"{pending[0].number} waits" if len(pending) == 1 else f"{len(pending)} numbers wait"
        yield f"{waiting} for CCC support to import it; once that is done, {commands.up} binds it"
    yield f"{commands.up} again: nothing changes, unless somebody changed CCC by hand"
    yield f"{commands.ours} check: everything wrong with the stack files, without network"
    yield f"{commands.ours} --help: drift, orders and the other verbs"
