"""Adopting by the list a vendor delivered."""

from pathlib import Path

import pytest

from ccc_numbers.fleet.adopt.vendor_csv import read_delivered
from ccc_numbers.fleet.errors import FleetError
from tests.fleet.adopt_world import BEFORE, added, adopt, existing
from tests.fleet.drift_world import OTHER, World, live, number


def vendor_file(text: str, encoding: str = "utf-8", name: str = "vendor.csv") -> Path:
    file = Path(name)
    file.write_bytes(text.encode(encoding))
    return file


def test_a_vendors_list_limits_what_is_adopted_and_declares_what_is_to_come(world: World) -> None:
    existing(world)
    world.state["unassigned"] = [{"number": number(7)}]
    world.state["instances"][OTHER]["numbers"].append(live(number(8), usage="Inbound", skillGroups=[]))
    world.simulator.put_state(world.state)
    rows = "".join(f"{index},+86 21-8000{1000 + index},上海\n" for index in (1, 4, 7, 8))
    vendor_file(f"序号,号码,归属地\n{rows}", "gb18030")
    answer = adopt(world, "--csv", "vendor.csv", "--order", "o1", "--files-only")
    assert answer.code == 0, answer.err
    assert added(BEFORE) == [
        '            "02180001004": {} # vendor A',
        '            "02180001007": {} # not in the instance yet',
    ]
    assert (
        f"left out: {number(8)} is in {OTHER}; to move it, declare it by hand with `adopt: true`"
        in answer.out
    )
    assert "the next `pulumi up` adds them: 02180001007" in answer.out
    assert "vendor.csv: 4 numbers corrected to CCC's form" in answer.err


@pytest.mark.parametrize(
    ("text", "encoding", "numbers"),
    [
        ("02180001001\n02180001002\n", "utf-8", [number(1), number(2)]),
        ("number;city\n02180001001;x\n", "utf-8", [number(1)]),
        ("城市\t电话号码\n上海\t2180001001\n", "gb18030", [number(1)]),
        ('\ufeffPhone\n="02180001001"\n', "utf-8", [number(1)]),
        ("号码\r\n０２１８０００１００１\r\n\r\n", "utf-8", [number(1)]),
        ("客户，号码\n甲，02180001001\n", "utf-8", [number(1)]),
        ("订购号码数,号码\n2,02180001001\n2,02180001002\n", "utf-8", [number(1), number(2)]),
        ("号码\n02180001001\n02180001001\n", "utf-16", [number(1)]),
        ("优音通信 2026\n\n号码,城市\n4008001001,–\n", "utf-8", ["4008001001"]),
    ],
)
def test_vendors_lists_are_read_as_they_come(
    world: World, text: str, encoding: str, numbers: list[str]
) -> None:
    assert list(read_delivered(vendor_file(text, encoding)).numbers) == numbers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "号码\n2.18E+10\n",
            'vendor.csv:2: "2.18E+10" was cut by Excel: its last digits are lost',
        ),
        (
            "号码\n02180001001\n0218000100\n",
            'vendor.csv:3: "0218000100" a landline of area 021 has 11 digits',
        ),
        ("城市\n上海\n", "vendor.csv: has no column of numbers; head one with 号码 or number"),
        ("号码\n\n", "vendor.csv: holds no numbers"),
        ("PK\x03\x04", "vendor.csv:1:1: is an Excel workbook; save the sheet as CSV"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused_with_its_line(world: World, text: str, said: str) -> None:
    with pytest.raises(FleetError) as error:
        read_delivered(vendor_file(text))
    assert str(error.value).startswith(said)
