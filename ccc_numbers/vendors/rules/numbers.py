"""Rules about the numbers on an order, and where they call: blind areas."""

import re
from collections.abc import Iterator, Sequence

from ccc_numbers.messages.names import plural, some
from ccc_numbers.vendors.catalogue import Direction
from ccc_numbers.vendors.catalogue.model import Shape
from ccc_numbers.vendors.findings import Finding, Severity
from ccc_numbers.vendors.places import NATIONWIDE, area_code_of, find_place, places_within
from ccc_numbers.vendors.rules.case import ExaminedOrder, number_finding, quote

_SHAPES: dict[Shape, tuple[re.Pattern[str], str]] = {
    Shape.LANDLINE: (
        re.compile(r"0(10|2\d|[3-9]\d\d)\d{7,8}"),
        "an area code with its zero and 7 or 8 digits, as in 02180001001",
    ),
    Shape.HOTLINE_400: (re.compile(r"400\d{7}"), "400 and 7 digits, as in 4008001001"),
    Shape.MOBILE: (re.compile(r"1[3-9]\d{9}"), "11 digits from 13 to 19, as in 13800138000"),
}
_ONLY = {Direction.INBOUND: "takes calls only", Direction.OUTBOUND: "makes calls only"}


def usage(case: ExaminedOrder) -> Iterator[Finding]:
    """A usage the product cannot do."""
    can = case.entry.direction
    for number in case.numbers:
        if not can.covers(number.usage):
            words = f"it {_ONLY[can]}{quote(case.entry.words)}"
            why = f'is more than {case.entry.title} can do: {words}; use "{can.value}"'
            yield number_finding(number, "usage", "usage", number.usage, why)


def shape(case: ExaminedOrder) -> Iterator[Finding]:
    """A number that cannot be one of this product."""
    form, looks = _SHAPES[case.entry.shape]
    for number in case.numbers:
        if not form.fullmatch(number.number):
            why = f"is not a number of {case.entry.title} (order {case.order.key}): those are {looks}"
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
            why = "begins with an area code that does not exist"
            yield number_finding(number, "area-code", "", number.number, why)
        elif not anywhere and not any(code.serves(region) for region in regions):
            why = (
                f"has area code {code}, but order {case.order.key} of {case.entry.title} is for "
                f"{'、'.join(case.order.regions)}"
            )
            yield number_finding(number, "area-code", "", number.number, why)


def more_than_bought(case: ExaminedOrder) -> Iterator[Finding]:
    """More numbers on the order than it bought."""
    declared, bought = len(case.numbers), case.order.quantity
    if declared <= bought:
        return
    over = sorted(number.number for number in case.numbers)[bought:]
    why = (
        f"numbers were bought of {case.entry.title}, but {declared} are declared on this order: "
        f"{declared - bought} too many ({some(over, 3)})"
    )
    yield case.finding("over-quantity", "quantity", bought, why)


def shared_mobile(case: ExaminedOrder) -> Iterator[Finding]:
    """A number for one agent that several can use."""
    limit = case.entry.agents
    for number in case.numbers:
        groups = number.skill_groups
        if limit is not None and len(groups) > limit.per_number:
            why = (
                f"is in {len(groups)} skill groups ({', '.join(groups)}), but a number of {case.entry.title} serves "
                f"one agent alone{quote(limit.words)}; give it agent: or one skill group of one agent"
            )
            yield number_finding(number, "shared-number", "", number.number, why)


def without_order(instance: str, numbers: Sequence[str]) -> Finding:
    """The finding about numbers of an instance that name no order, at the first of them."""
    count = plural(len(numbers), "number names", "numbers name")
    why = f"names no order, so its contract and its end are unknown; in this instance {count} none"
    path = ("instances", instance, "numbers", numbers[0])
    return Finding("no-order", path, numbers[0], why, Severity.WARNING)


def blind_areas(case: ExaminedOrder) -> Iterator[Finding]:
    """A called region the product's calls do not reach."""
    blind = case.entry.blind_areas
    areas = places_within(blind.areas)
    for index, name in enumerate(case.order.called_regions):
        key, called = f"calledRegions[{index}]", find_place(name)
        if name == NATIONWIDE and areas:
            why = f"takes in {'、'.join(blind.areas)}, where calls of {case.entry.title} do not go"
            yield case.finding("blind-area", key, name, why + quote(blind.words))
        elif called is None and name != NATIONWIDE:
            yield case.unknown_region(key, name)
        elif called is not None and any(area.holds(called) for area in areas):
            why = f"is a blind area of {case.entry.title}: calls do not go there"
            yield case.finding("blind-area", key, name, why + quote(blind.words))
