"""Rules about the use of the numbers: forbidden business and blind areas."""

from __future__ import annotations

from collections.abc import Iterator

from ccc_numbers.vendors.findings import Finding
from ccc_numbers.vendors.places import NATIONWIDE, find_place, places_within
from ccc_numbers.vendors.rules.case import ExaminedOrder, quote
from ccc_numbers.vendors.wording import forbidden_business, hits


def forbidden_scene(case: ExaminedOrder) -> Iterator[Finding]:
    """A scene that names a business the vendor does not serve."""
    scene = case.order.scene
    if scene is None:
        return
    for hit in hits(scene, forbidden_business(case.entry), heed_negation=True):
        word, group = hit.forbidden.word.word, hit.forbidden.group
        named = f"{word} ({group})" if group and group != word else word
        why = f'says "{hit.said}", and {case.entry.title} is not for {named}{quote(hit.forbidden.words)}'
        yield case.finding("forbidden-business", "scene", scene, why)


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
