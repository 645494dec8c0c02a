"""What CCC calls the vendors of a stack's orders, written into the stack's own catalogue file."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.essence import essence, sound_text
from ccc_numbers.fleet.files import read_text, rewrite, write_text
from ccc_numbers.fleet.stacks import Stack
from ccc_numbers.fleet.yaml_text import child, documents, dumped, insert, line, paste
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.problem import shown
from ccc_numbers.vendors.catalogue import Entry, with_overrides
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.orders import by_order
from ccc_numbers.vendors.progress import Live


@dataclass(frozen=True, slots=True)
class Learned:
    """A name that the catalogue does not know, on so many numbers bought as this product."""

    entry: Entry
    name: str
    numbers: int

    def __str__(self) -> str:
        return trn(
            "{product}: CCC names the vendor of {count:,} number {name}",
            "{product}: CCC names the vendor of {count:,} numbers {name}",
            self.numbers,
            product="/".join(self.entry.key),
            name=quoted(self.name),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A file, and its text before (None: it is new) and after."""

    path: Path
    before: str | None
    after: str


def names_seen(stack: Stack, live: Live) -> list[Learned]:
    """The names of each vendor that nobody knows. Raises FleetError for one on orders of two vendors: it is one's alone."""
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    standing = by_order(stack.orders.numbers)
    for order in stack.orders.orders:
        entry = stack.catalogue.find(order.vendor, order.product)
        for number in standing.get(order.key, ()):
            row = live.get(number.number)
            if entry is None or row is None or not row.provider:
                continue
            if stack.catalogue.sold_by_another(entry, row.provider) is None:
                found[row.provider.strip(), order.vendor].append(entry)
    vendors: dict[str, str] = {}
    for name, vendor in sorted(found):
        if vendors.setdefault(name, vendor) != vendor:
            raise FleetError(
                tr(
                    "CCC names the vendor of numbers on orders of {first} and of {second} {name}: one of the orders names "
                    "the wrong vendor",
                    first=vendors[name],
                    second=vendor,
                    name=quoted(name),
                )
            )
    return [Learned(entries[0], name, len(entries)) for (name, _), entries in found.items()]


def changes(stack: Stack, learned: list[Learned], today: date) -> list[Change]:
    """The catalogue file with these names, and the stack file where it names none yet. Nothing is written."""
    file = stack.file.declaration
    catalogue = stack.declaration.catalogue
    path = catalogue or file.with_name(f"{stack.name}-vendors.yaml")
    if catalogue is None and path.exists():
        raise FleetError(
            tr(
                "{file} is there, and the stack does not name it: write `catalogue: {name}`",
                file=shown(path),
                name=path.name,
            )
        )
    before = read_text(path) if catalogue else None
    made = [Change(path, before, _with_names(before, learned, today))]
    if catalogue is None:
        text = read_text(file)
        named = paste(text, (), dumped(line({"catalogue": path.name}))[1:-2] + "\n")
        _same_but_catalogue(file, text, named)
        made.append(Change(file, text, named))
    return made


def write_changes(made: list[Change]) -> None:
    """Write them; the catalogue is put back where it cannot be used, and the stack file stays as it was."""
    first = made[0]
    _write(first.path, first.before, first.after)
    try:
        with_overrides(first.path)
    except CatalogueError as error:
        if first.before is None:
            first.path.unlink()
        else:
            rewrite(first.path, first.after, first.before)
        raise FleetError(tr("{why}; nothing was written", why=error)) from None
    for each in made[1:]:
        _write(each.path, each.before, each.after)


def _write(path: Path, before: str | None, after: str) -> None:
    write_text(path, after) if before is None else rewrite(path, before, after)


def _with_names(before: str | None, learned: list[Learned], today: date) -> str:
    """The text with the names in one entry of each vendor: a name is a vendor's, whatever the product."""
    text = f"{before.rstrip()}\n" if before and before.strip() else ""
    by_vendor: dict[str, list[Learned]] = defaultdict(list)
    for each in learned:
        by_vendor[each.entry.vendor].append(each)
    for vendor, members in by_vendor.items():
        row = _row("providers", [DoubleQuotedScalarString(each.name) for each in members])
        own = next((node for node in documents(text) if _said(node, "vendor") == vendor), None)
        empty = child(own, "providers")  # with a name in it, no other one of this vendor is to be learned
        if own is None:
            text += ("---\n" if text else "") + _new_entry(members[0].entry, today) + row
        elif empty is None:
            text = insert(text, own, row)
        else:
            text = (
                text[: empty.start_mark.index] + row.strip().partition(": ")[2] + text[empty.end_mark.index :]
            )
    return text


def _said(document: yaml.Node, key: str) -> str:
    node = child(document, key)
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _new_entry(entry: Entry, today: date) -> str:
    said: Mapping[str, object] = {
        "vendor": entry.vendor,
        "product": DoubleQuotedScalarString(entry.product),
        "asOf": today,
        "source": line({"title": "Provider, CCC"}),  # not translated: kept in a file
    }
    return "".join(_row(key, value) for key, value in said.items())


def _row(key: str, value: object) -> str:
    return dumped(line({key: value}))[1:-2] + "\n"


def _same_but_catalogue(path: Path, before: str, after: str) -> None:
    old, new = essence(sound_text(path, before)), essence(sound_text(path, after))
    if {key for key in {*old, *new} if old.get(key) != new.get(key)} != {("rest",)}:
        raise FleetError(
            tr("{file} cannot take the line without changing others; nothing was written", file=shown(path))
        )
