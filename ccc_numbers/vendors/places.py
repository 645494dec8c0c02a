"""Chinese places and the telephone area codes that belong to them.

`area_codes.csv` is taken from the `phonenumbers` library's geocoder (one misspelt city put right), and a test
compares every row with it.
The geocoder itself is not imported at run time: it costs 180 MB and three seconds, the table 700 lines.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted
from ccc_numbers.vendors.districts import District, districts_named

NATIONWIDE = "全国"

PROVINCES: tuple[str, ...] = (
    *("北京", "天津", "上海", "重庆", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "江苏", "浙江"),
    *("安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "四川", "贵州"),
    *("云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆"),
)
_PROVINCE_SUFFIXES = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")
_BEYOND = ("香港", "澳门", "台湾")
_CITY_SUFFIXES = ("市", "地区", "盟")


@dataclass(frozen=True, slots=True)
class Place:
    """A province, or a city in one. `city` is None for a province or a municipality as a whole."""

    province: str
    city: str | None = None

    def __str__(self) -> str:
        return self.province if self.city is None else f"{self.province}{self.city}"

    def holds(self, other: Place) -> bool:
        """Whether `other` lies in this place."""
        return self.province == other.province and (self.city is None or self.city == other.city)


@dataclass(frozen=True, slots=True)
class AreaCode:
    """One area code as dialled (`021`, `0510`) and the places that share it."""

    code: str
    places: tuple[Place, ...]

    def serves(self, place: Place) -> bool:
        """Whether a number with this code can belong to `place`."""
        return any(place.holds(here) or here.holds(place) for here in self.places)

    def __str__(self) -> str:
        return f"{self.code} ({'、'.join(map(str, self.places))})"


@cache
def area_codes() -> dict[str, AreaCode]:
    """Every geographic area code of mainland China, by the code as dialled. Not to be changed by callers."""
    text = resources.files("ccc_numbers.vendors").joinpath("area_codes.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: AreaCode(row["code"], _places_of(row["place"])) for row in rows}


def area_code_of(number: str) -> AreaCode | None:
    """The area code a landline number begins with; None when the number begins with none that exists."""
    length = 3 if number[1:2] in {"1", "2"} else 4
    return area_codes().get(number[:length])


def find_place(name: str) -> Place | None:
    """The place of this name (`上海`, `上海市`, `江苏`, `江苏无锡`, `无锡`); None when it is unknown.

    A district or county (`昆山`, `浦东新区`) is in the city whose area code it has; None when there are several.
    """
    province, rest = _split_province(name.strip())
    if not rest:
        return None if province is None else Place(province)
    if city := _find_city(province, rest):
        return city
    found = {_place_of(each) for each in _districts(province, rest)}
    return found.pop() if len(found) == 1 else None


def _find_city(province: str | None, name: str) -> Place | None:
    wanted = _short_city(name)
    for known in sorted(_cities(), key=str):
        if province in {None, known.province} and _same_city(wanted, known.city or ""):
            return known
    return None


def _districts(province: str | None, name: str) -> tuple[District, ...]:
    found = districts_named(name)
    return tuple(each for each in found if province is None or each.province.startswith(province))


def _place_of(district: District) -> Place | None:
    """The city a district belongs to, or the province where it belongs to none."""
    province, _ = _split_province(district.province)
    if province is None:
        return None
    own = _find_city(province, district.city or district.name)
    return own or (None if district.city else Place(province))


def nearest_places(name: str) -> tuple[str, ...]:
    """Up to three known places spelled much like `name`, provinces first among equals."""
    names = [*PROVINCES, *(place.city for place in sorted(_cities(), key=str) if place.city)]
    plain = name.removesuffix("市").removesuffix("省")
    score = {known: difflib.SequenceMatcher(None, plain, known).ratio() for known in names}
    near = [known for known in names if score[known] >= 0.5]
    return tuple(sorted(dict.fromkeys(near), key=lambda known: -score[known])[:3])


def places_hint(name: str) -> str:
    """`did you mean "上海" or "上饶"?`, or nothing when no known place is near."""
    if name.startswith(_BEYOND):
        return tr("the numbers on sale are of mainland China")
    if several := _districts(*_split_province(name.strip())):
        return tr("there are several: {names}", names="、".join(map(str, several)))
    near = tr(" or ").join(map(quoted, nearest_places(name)))
    return tr("did you mean {near}?", near=near) if near else ""


def places_within(names: Iterable[str]) -> tuple[Place, ...]:
    """The known places among `names`, unknown ones left out."""
    return tuple(place for place in map(find_place, names) if place is not None)


@cache
def _cities() -> frozenset[Place]:
    return frozenset(place for code in area_codes().values() for place in code.places)


def _places_of(text: str) -> tuple[Place, ...]:
    """`江苏省无锡市` or `陕西省西安市、咸阳市` as places."""
    province, rest = _split_province(text)
    if province is None:
        return ()
    cities = [_short_city(city) for city in rest.split("、") if city]
    return tuple(Place(province, city) for city in cities) or (Place(province),)


def _split_province(text: str) -> tuple[str | None, str]:
    for province in PROVINCES:
        if not text.startswith(province):
            continue
        rest = text[len(province) :]
        suffix = next((suffix for suffix in _PROVINCE_SUFFIXES if rest.startswith(suffix)), "")
        return province, rest[len(suffix) :]
    return None, text


def _short_city(name: str) -> str:
    for suffix in _CITY_SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name.removesuffix(suffix)
    return name


def _same_city(wanted: str, known: str) -> bool:
    """`大理` is how people call `大理白族自治州`."""
    return wanted == known or (len(wanted) > 1 and known.startswith(wanted) and known.endswith("州"))
