"""Choosing catalogue entries by what somebody needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from ccc_numbers.vendors.catalogue.model import Direction, Entry, Shape
from ccc_numbers.vendors.places import Place, places_within
from ccc_numbers.vendors.words import business_search


@dataclass(frozen=True, slots=True)
class Need:
    """The requirements for a product; None means any."""

    direction: Direction | None = None
    region: Place | None = None
    business: str | None = None
    vendor: str | None = None
    product: str | None = None


def select(entries: Iterable[Entry], need: Need) -> tuple[Entry, ...]:
    """The entries that meet the need, those that promote the business first."""
    found = [entry for entry in entries if _meets(entry, need)]
    return tuple(sorted(found, key=lambda entry: not promotes(entry, need.business)))


def promotes(entry: Entry, business: str | None) -> bool:
    """Whether the vendor names this business as what the product is for."""
    promoted = entry.business.promoted
    if business is None or promoted is None:
        return False
    return any(each in business or business in each for each in promoted.businesses)


def serves(entry: Entry, business: str) -> bool:
    """Whether the catalogue forbids no part of this business."""
    return not any(hit.sure and not hit.denied for hit in business_search(entry)(business))


def available(entry: Entry, region: Place) -> bool:
    """Whether the vendor sells numbers of this region, from stock or on application. A 400 number has no region."""
    if entry.shape is Shape.HOTLINE_400 or entry.regions.supply != "stock":
        return True
    return any(
        region.holds(place) or place.holds(region) for place in places_within(entry.regions.stock_cities)
    )


def _meets(entry: Entry, need: Need) -> bool:
    return (
        (need.direction is None or entry.direction.covers(need.direction))
        and (need.region is None or available(entry, need.region))
        and (need.business is None or serves(entry, need.business))
        and need.vendor in {None, entry.vendor, entry.company}
        and need.product in {None, entry.product, entry.name}
    )
