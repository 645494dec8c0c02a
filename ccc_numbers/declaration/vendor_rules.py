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
from ccc_numbers.vendors.rules.numbers import without_order


def vendor_problems(declaration: Declaration, today: date, only: str | None = None) -> tuple[Problem, ...]:
    """Everything wrong by the catalogue (the stack's own, when it names one). No network.

    `only` is the key of the order to look at, with the numbers on it.
    """
    try:
        catalogue = catalogue_of(declaration)
    except CatalogueError as error:
        return (error.problem,)
    numbers = list(numbers_on_orders(declaration))
    on_it = {(each.instance, each.number) for each in numbers if each.order == only}
    found = [
        each
        for each in check(declaration.orders.values(), numbers, catalogue, today)
        if only is None or each.path[:2] == ("orders", only) or each.path[1::2][:2] in on_it
    ]
    if only is None:
        found.extend(_without_order(declaration))
    return tuple(first_of_each_kind(_problem(declaration, finding) for finding in found))


def _without_order(declaration: Declaration) -> Iterator[Finding]:
    """Numbers of which no order says who sold them and until when, beside others of the instance that have one."""
    for instance in declaration.instances.values():
        without = [number.number for number in instance.numbers.values() if number.order is None]
        if without and len(without) < len(instance.numbers):
            yield without_order(instance.id, without)


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
