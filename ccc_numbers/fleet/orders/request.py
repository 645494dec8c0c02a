"""The application for an order: its papers checked, packed and written."""

from collections.abc import Sequence
from pathlib import Path

from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.stacks import numbers_of, sound_stack
from ccc_numbers.messages.names import plural, quoted, suggestion
from ccc_numbers.vendors.application import Application, application, checked_materials, write
from ccc_numbers.vendors.errors import MaterialError


def pack(
    project: Path, stack: str, key: str, folder: Path, accept: Sequence[str]
) -> tuple[Application, Path]:
    """The application and the file it was written to; everything wrong with its papers is printed.

    `accept` are forbidden businesses that the script may name. Raises FleetError; then nothing is written.
    """
    found = sound_stack(project, stack)
    declared, catalogue = found.declaration, found.catalogue
    order = declared.orders.get(key)
    if order is None:
        hint = suggestion(key, declared.orders, "its orders are")
        raise FleetError(f"stack {stack} declares no order {quoted(key)}; {hint}")
    entry = catalogue.find(order.vendor, order.product)
    if entry is None:
        product = f"{order.vendor}/{order.product}"
        raise FleetError(
            f"order {key}: {product} is in no catalogue; `ccc-numbers check {stack}` names the nearest"
        )
    try:
        papers = checked_materials(
            order, entry, catalogue, declared.file.absolute().parent, frozenset(accept)
        )
    except MaterialError as error:
        for problem in error.problems:
            err().print(problem, soft_wrap=True)
        wrong = plural(len(error.problems), "thing is wrong", "things are wrong")
        raise FleetError(f"order {key}: {wrong}; nothing was written") from None
    instances = [instance.id for instance, number in numbers_of(declared) if number.order == key]
    made = application(order, entry, papers, instances, accept)
    try:
        return made, write(made, folder)
    except OSError as error:
        raise FleetError(f"{folder}: cannot be written: {error.strerror}") from None
