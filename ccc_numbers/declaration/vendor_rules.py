"""Holds a declaration's orders against the vendors' catalogue: `ccc_numbers.vendors.rules`, with file, line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccc_numbers.messages.problem import Problem, Source, first_of_each_kind
from ccc_numbers.messages.yaml_document import dotted
from ccc_numbers.vendors.catalogue import built_in, with_overrides
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.orders import NumberOnOrder
from ccc_numbers.vendors.rules import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ccc_numbers.declaration.model import Declaration
    from ccc_numbers.vendors.catalogue import Catalogue
    from ccc_numbers.vendors.findings import Finding


def vendor_problems(declaration: Declaration, today: date) -> tuple[Problem, ...]:
    """Everything the catalogue (the stack's own, when it names one) has to say. No network."""
    try:
        catalogue = catalogue_of(declaration)
    except CatalogueError as error:
        return (error.problem,)
    findings = check(declaration.orders.values(), numbers_on_orders(declaration), catalogue, today)
    return tuple(first_of_each_kind(_problem(declaration, finding) for finding in findings))


def catalogue_of(declaration: Declaration) -> Catalogue:
    """The catalogue a stack's orders are held against: its own file over the one that ships, if it names one.

    Raises `CatalogueError`, which names the place in that file.
    """
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
    return Problem(
        where.file,
        where.line,
        where.column,
        dotted(finding.path),
        finding.value,
        finding.message,
        finding.rule,
        finding.severity,
    )


def _place(declaration: Declaration, path: tuple[str, ...]) -> Source:
    """The order's key, or the number: vendors know the way, the declaration knows the place."""
    if path[0] == "orders":
        return declaration.orders[path[1]].at(".".join(path[2:]))
    return declaration.instances[path[1]].numbers[path[3]].source
