"""The application for an order: held against the vendor's rules, its papers checked, packed and written."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ccc_numbers.declaration.vendor_rules import vendor_problems
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.stacks import numbers_of, sound_stack
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.vendors.application import Application, application, checked_materials, intent, write
from ccc_numbers.vendors.errors import MaterialError
from ccc_numbers.vendors.orders import Stage


def pack(
    project: Path, stack: str, key: str, folder: Path, accept: Sequence[str], today: date
) -> tuple[Application, Path]:
    """The application and the file it was written to; everything wrong with the order and its papers is printed.

    An order that is only intended has no papers yet: its application is the message that asks for it. `accept` are
    forbidden businesses that the script may name. Raises FleetError; then nothing is written.
    """
    found = sound_stack(project, stack)
    declared, catalogue = found.declaration, found.catalogue
    order = declared.orders.get(key)
    if order is None:
        hint = suggestion(key, declared.orders, "its orders are")
        raise FleetError(
            tr("stack {stack} declares no order {order}; {hint}", stack=stack, order=quoted(key), hint=hint)
        )
    problems = vendor_problems(declared, today, key)
    for problem in problems:
        err().print(str(problem), soft_wrap=True)
    wrong = sum(problem.count for problem in problems if problem.severity == "error")
    entry = catalogue.find(order.vendor, order.product)
    if wrong or entry is None:
        raise FleetError(_refused(key, wrong))
    if not order.company:
        err().print(tr("order {key} says no company: whoever reads it does not see who applies", key=key))
    instances = [instance.id for instance, number in numbers_of(declared) if number.order == key]
    if order.stage is Stage.INTENDED:
        return _written(intent(order, entry, instances), folder)
    try:
        papers = checked_materials(
            order, entry, catalogue, declared.file.absolute().parent, frozenset(accept)
        )
    except MaterialError as error:
        for line in error.problems:
            err().print(line, soft_wrap=True)
        raise FleetError(_refused(key, len(error.problems))) from None
    return _written(application(order, entry, papers, instances, accept), folder)


def _refused(key: str, problems: int) -> str:
    return trn(
        "order {key}: {count:,} thing is wrong; nothing was written",
        "order {key}: {count:,} things are wrong; nothing was written",
        problems,
        key=key,
    )


def _written(made: Application, folder: Path) -> tuple[Application, Path]:
    try:
        return made, write(made, folder)
    except OSError as error:
        raise FleetError(
            tr("{folder}: cannot be written: {why}", folder=folder, why=error.strerror)
        ) from None
