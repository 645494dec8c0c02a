"""Checks a declaration's orders against the vendors' catalogue: `ccc_numbers.vendors.rules`, with file, line and column."""

from collections.abc import Iterator
from datetime import date

from ccc_numbers.declaration.model import Declaration
from ccc_numbers.messages.problem import Problem, Source, first_of_each_kind
from ccc_numbers.messages.yaml_document import dotted
from ccc_numbers.vendors.catalogue import Catalogue, built_in, with_overrides
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.findings import Finding
from ccc_numbers.vendors.orders import NumberOnOrder
from ccc_numbers.vendors.rules import check


def vendor_problems(declaration: Declaration, today: date, only: str | None = None) -> tuple[Problem, ...]:
    """Everything wrong by the catalogue (the stack's own, when it names one). No network.

    `only` is the key of the order to look at, with the numbers on it.
    """
    try:
        catalogue = catalogue_of(declaration)
    except CatalogueError as error:
        return (error.problem,)
    orders = [order for order in declaration.orders.values() if only in (None, order.key)]
    findings = check(orders, numbers_on_orders(declaration), catalogue, today)
    return tuple(first_of_each_kind(_problem(declaration, finding) for finding in findings))


def catalogue_of(declaration: Declaration) -> Catalogue:
    """The catalogue for a stack's orders: the one that ships, its own file over it. CatalogueError for that file."""
    file = declaration.catalogue
    return built_in() if file is None else with_overrides(file)


def numbers_on_orders(declaration: Declaration) -> Iterator[NumberOnOrder]:
    """Every declared number that names an order."""
    for instance in declaration.instances.values():
        for number in instance.numbers.values():
            if number.order is not None:
                yield NumberOnOrder(
                    instance=instance.id,
                    number=number.number,
                    order=number.order,
                    usage=str(number.usage),
                    skill_groups=number.skill_groups,
                    agent=number.agent,
                )


def _problem(declaration: Declaration, finding: Finding) -> Problem:
    where = _place(declaration, finding.path)
    path = dotted(finding.path)
    return Problem.at(where, path, finding.value, finding.message, finding.rule, finding.severity)


def _place(declaration: Declaration, path: tuple[str, ...]) -> Source:
    """The order's key, or the number: vendors know the path, the declaration knows the place."""
    if path[0] == "orders":
        return declaration.orders[path[1]].at(".".join(path[2:]))
    return declaration.instances[path[1]].numbers[path[3]].source
