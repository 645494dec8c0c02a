"""Places and area codes, held against the library they were taken from."""

import json
import subprocess
import sys

import pytest

from ccc_numbers.vendors.places import (
    Place,
    area_code_of,
    area_codes,
    find_place,
    nearest_places,
    places_hint,
)
from tests.vendors.support import entry

# The geocoder takes 180 MB and seconds to import: it runs in a process of its own, and ends with it.
ASK = """
import json, sys, phonenumbers
from phonenumbers import geocoder
codes = ["10", *(f"2{i}" for i in range(10)), *map(str, range(300, 1000))]
say = lambda code: geocoder.description_for_valid_number(phonenumbers.parse(f"+86{code}80001001"), "zh")
json.dump({f"0{code}": say(code) for code in codes}, sys.stdout)
"""


def test_the_table_is_the_librarys() -> None:
    answer = subprocess.run([sys.executable, "-c", ASK], capture_output=True, check=True, text=True).stdout
    known = {code: text for code, text in json.loads(answer).items() if text not in {"", "中国"}}
    known = {code: text.replace("株州", "株洲") for code, text in known.items()}  # a misprint of the library
    assert {code: find_all(text) for code, text in known.items()} == {
        code: set(each.places) for code, each in area_codes().items()
    }


def find_all(text: str) -> set[Place]:
    """Read the library's text the plain way: `X省Y市、Z市`."""
    from ccc_numbers.vendors.places import _places_of

    found = set(_places_of(text))
    assert found, text
    return found


def test_every_stock_city_has_an_area_code() -> None:
    for city in entry("landline-aftersales").regions.stock_cities:
        place = find_place(city)
        assert place is not None
        assert [code for code in area_codes().values() if code.serves(place)]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("昆山", Place("江苏", "苏州")),
        ("江苏省苏州市昆山市", Place("江苏", "苏州")),
        ("义乌", Place("浙江", "金华")),
        ("浦东", Place("上海")),
        ("北京朝阳", Place("北京")),
        ("朝阳", Place("辽宁", "朝阳")),
        ("石河子", Place("新疆", "石河子")),
        ("南京鼓楼", Place("江苏", "南京")),
        ("鼓楼", None),
        ("香港", None),
    ],
)
def test_a_district_is_in_the_city_whose_code_it_has(name: str, place: Place | None) -> None:
    assert find_place(name) == place


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("鼓楼", "江苏省南京市鼓楼区、江苏省徐州市鼓楼区、福建省福州市鼓楼区"),
        ("香港", "of mainland China"),
        ("上嗨", 'did you mean "上海"'),
    ],
)
def test_a_place_that_is_not_one_gets_a_hint(name: str, hint: str) -> None:
    assert hint in places_hint(name)


@pytest.mark.parametrize(
    ("number", "code", "city"),
    [
        ("02180001001", "021", "上海"),
        ("01080001001", "010", "北京"),
        ("051080001001", "0510", "无锡"),
        ("02480001001", "024", "铁岭"),
        ("047180001001", "0471", "呼和浩特"),
        ("08988000100", "0898", "三亚"),
    ],
)
def test_an_area_code_serves_its_cities(number: str, code: str, city: str) -> None:
    found, place = area_code_of(number), find_place(city)
    assert found is not None
    assert place is not None
    assert found.code == code
    assert found.serves(place)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("上海", Place("上海")),
        ("上海市", Place("上海")),
        ("江苏", Place("江苏")),
        ("江苏省无锡市", Place("江苏", "无锡")),
        ("无锡", Place("江苏", "无锡")),
        ("大理", Place("云南", "大理白族自治州")),
        ("海南", Place("海南")),
        ("乌鲁木齐", Place("新疆", "乌鲁木齐")),
        ("内蒙古自治区", Place("内蒙古")),
        ("全国", None),
        ("上嗨", None),
        ("", None),
    ],
)
def test_a_place_is_found_as_people_write_it(name: str, place: Place | None) -> None:
    assert find_place(name) == place


def test_a_misspelt_place_has_near_ones() -> None:
    assert nearest_places("上嗨")[0] == "上海"
    assert nearest_places("xyz") == ()


def test_a_code_of_another_city_does_not_serve() -> None:
    found, shanghai = area_code_of("051080001001"), find_place("上海")
    assert found is not None
    assert shanghai is not None
    assert not found.serves(shanghai)
    assert area_code_of("030080001001") is None
