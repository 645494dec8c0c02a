"""Rules about the numbers on an order, and where they call: blind areas."""

import re
from collections.abc import Iterator, Sequence

from ccc_numbers.messages.language import mark, tr, trn
from ccc_numbers.messages.names import listed, some
from ccc_numbers.vendors.catalogue import Direction
from ccc_numbers.vendors.catalogue.model import Shape
from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.places import NATIONWIDE, area_code_of, find_place, places_within
from ccc_numbers.vendors.rules.case import ExaminedOrder, number_finding, quote

_SHAPES: dict[Shape, tuple[re.Pattern[str], str]] = {
    Shape.LANDLINE: (
        re.compile(r"0(10|2\d|[3-9]\d\d)\d{7,8}"),
        mark("an area code with its zero and 7 or 8 digits, as in 02180001001"),
    ),
    Shape.HOTLINE_400: (re.compile(r"400\d{7}"), mark("400 and 7 digits, as in 4008001001")),
    Shape.MOBILE: (re.compile(r"1[3-9]\d{9}"), mark("11 digits from 13 to 19, as in 13800138000")),
}
_BEYOND = {
    Direction.INBOUND: mark('is more than {product} can do: it takes calls only{words}; use "inbound"'),
    Direction.OUTBOUND: mark('is more than {product} can do: it makes calls only{words}; use "outbound"'),
}


def usage(case: ExaminedOrder) -> Iterator[Finding]:
    """A usage the product cannot do."""
    can = case.entry.direction
    for number in case.numbers:
        if not can.covers(number.usage):
            why = tr(_BEYOND[can], product=case.entry.title, words=quote(case.entry.words))
            yield number_finding(number, "usage", "usage", number.usage, why)


def shape(case: ExaminedOrder) -> Iterator[Finding]:
    """A number that cannot be one of this product."""
    form, looks = _SHAPES[case.entry.shape]
    for number in case.numbers:
        if not form.fullmatch(number.number):
            why = tr(
                "is not a number of {product} (order {order}): those are {looks}",
                product=case.entry.title,
                order=case.order.key,
                looks=tr(looks),
            )
            yield number_finding(number, "shape", "", number.number, why)


def area_code(case: ExaminedOrder) -> Iterator[Finding]:
    """A landline whose area code does not exist, or lies outside the order's regions."""
    if case.entry.shape is not Shape.LANDLINE:
        return
    regions = places_within(case.order.regions)
    anywhere = not regions or NATIONWIDE in case.order.regions
    for number in case.numbers:
        if not _SHAPES[Shape.LANDLINE][0].fullmatch(number.number):
            continue
        code = area_code_of(number.number)
        if code is None:
            why = tr("begins with an area code that does not exist")
            yield number_finding(number, "area-code", "", number.number, why)
        elif not anywhere and not any(code.serves(region) for region in regions):
            why = tr(
                "has area code {code}, but order {order} of {product} is for {regions}",
                code=code,
                order=case.order.key,
                product=case.entry.title,
                regions="、".join(case.order.regions),
            )
            yield number_finding(number, "area-code", "", number.number, why)


def more_than_bought(case: ExaminedOrder) -> Iterator[Finding]:
    """More numbers on the order than it bought."""
    declared, bought = len(case.numbers), case.order.quantity
    if declared <= bought:
        return
    over = sorted(number.number for number in case.numbers)[bought:]
    why = tr(
        "numbers were bought of {product}, but {declared} are declared on this order: {over} too many ({numbers})",
        product=case.entry.title,
        declared=declared,
        over=declared - bought,
        numbers=some(over, 3),
    )
    yield case.finding("over-quantity", "quantity", bought, why)


def shared_mobile(case: ExaminedOrder) -> Iterator[Finding]:
    """A number for one agent that several can use."""
    limit = case.entry.agents
    for number in case.numbers:
        groups = number.skill_groups
        if limit is not None and len(groups) > limit.per_number:
            why = tr(
                "is in {count} skill groups ({groups}), but a number of {product} serves one agent alone{words}; give it "
                "agent: or one skill group of one agent",
                count=len(groups),
                groups=listed(groups),
                product=case.entry.title,
                words=quote(limit.words),
            )
            yield number_finding(number, "shared-number", "", number.number, why)


def without_order(instance: str, numbers: Sequence[str]) -> Finding:
    """The finding about numbers of an instance that name no order, at the first of them."""
    why = trn(
        "names no order, so its contract and its end are unknown; in this instance {count:,} number names none",
        "names no order, so its contract and its end are unknown; in this instance {count:,} numbers name none",
        len(numbers),
    )
    path = ("instances", instance, "numbers", numbers[0])
    return Finding("no-order", path, numbers[0], why, Severity.WARNING)


def blind_areas(case: ExaminedOrder) -> Iterator[Finding]:
    """A called region the product's calls do not reach."""
    blind = case.entry.blind_areas
    areas = places_within(blind.areas)
    for index, name in enumerate(case.order.called_regions):
        key, called = f"calledRegions[{index}]", find_place(name)
        if name == NATIONWIDE and areas:
            why = tr(
                "takes in {areas}, where calls of {product} do not go{words}",
                areas="、".join(blind.areas),
                product=case.entry.title,
                words=quote(blind.words),
            )
            yield case.finding("blind-area", key, name, why)
        elif called is None and name != NATIONWIDE:
            yield case.unknown_region(key, name)
        elif called is not None and any(area.holds(called) for area in areas):
            why = tr(
                "is a blind area of {product}: calls do not go there{words}",
                product=case.entry.title,
                words=quote(blind.words),
            )
            yield case.finding("blind-area", key, name, why)
