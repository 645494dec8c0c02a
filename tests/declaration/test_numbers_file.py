"""`numbersFile`: a table of numbers, and every way a table goes wrong."""

import pytest

from ccc_numbers.api.rows import Usage
from tests.declaration.conftest import Folder

STACK = """\
instances:
  acme:
    keepOnRemoval: true
    defaults: {usage: bidirectional, flow: main, skillGroups: [sales], order: o-1}
    numbersFile: more.csv
orders:
  o-1: {vendor: A, product: p, stage: paid, quantity: 9}
  o-2: {vendor: A, product: p, stage: paid, quantity: 9}
"""
HEADER = "number,usage,flow,skillGroups,order\n"


def test_empty_cells_are_defaults_and_a_hyphen_is_none(folder: Folder) -> None:
    folder.write(
        "more.csv",
        "\ufeffnumber,usage,flow,skillGroups,order,adopt,keepOnRemoval,agent\r\n"
        "# the first batch\r\n"
        "02180001001,,,,,,,\r\n"
        "02180001002,outbound,-,sales;support,-,true,false,\r\n"
        "\r\n"
        '"02180001003",inbound,"night, late",-,o-2,,,\r\n'
        "02180001004,,,sales | support,,,,\r\n"
        "13900001001,outbound,,,,,,li@acme\r\n",
    )
    numbers = folder.declared(STACK).instances["acme"].numbers
    first, second, third, fourth, fifth = numbers.values()
    assert (first.usage, first.flow, first.skill_groups, first.order) == (
        Usage.BIDIRECTIONAL,
        "main",
        ("sales",),
        "o-1",
    )
    assert (first.adopt, first.keep_on_removal) == (False, True)
    assert (second.flow, second.skill_groups, second.order) == (None, ("sales", "support"), None)
    assert (second.adopt, second.keep_on_removal) == (True, False)
    assert (third.flow, third.skill_groups, third.order) == ("night, late", (), "o-2")
    assert fourth.skill_groups == ("sales", "support")
    assert (fifth.agent, fifth.skill_groups) == ("li@acme", ())
    assert str(third.source) == "stacks/more.csv:6:1"


def test_columns_stand_in_any_order_and_some_may_be_left_out(folder: Folder) -> None:
    folder.write("more.csv", "flow,number\nnight,02180001001\n")
    (number,) = folder.declared(STACK).instances["acme"].numbers.values()
    assert (number.number, number.flow, number.source.column) == ("02180001001", "night", 7)


ROWS = {
    "an unknown usage": (
        "02180001001,in,,,",
        '2:13: row 2, column usage: "in" is not a usage; did you mean "inbound"?',
    ),
    "a zero eaten by a spreadsheet": (
        "2180001001,,,,",
        '2:1: row 2, column number: "2180001001" has lost its leading zero; write 02180001001',
    ),
    "a number in a spreadsheet's own form": (
        "2.18E+09,,,,",
        "2:1: row 2, column number: \"2.18E+09\" holds '.'; a number has digits only, leading zero kept, "
        "such as 02180001001",
    ),
    "no number": (",inbound,,,", "2:1: row 2, column number: is empty; each row begins with a number"),
    "too few cells": (
        "02180001001,inbound,main",
        "2:1: row 2: has 3 cells; the header names 5 columns",
    ),
    "groups separated by commas": (
        "02180001001,,,sales,support,o-1",
        '2:1: row 2: "o-1" is a cell too many: the row has 6, the header names 5 columns; '
        "several skill groups are separated by ; or |",
    ),
    "a separator too many": (
        "02180001001,,,sales;,",
        "2:15: row 2, column skillGroups: names an empty skill group; take out the separator too many",
    ),
    "a 400 number left to the defaults": (
        "4008001001,,,,",
        '2:1: row 2, column usage: "bidirectional" cannot be the usage of a 400 number, which only takes calls; '
        "write inbound (from defaults)",
    ),
    "no flow": (
        "02180001001,inbound,-,,",
        "2:21: row 2, column flow: is missing; an inbound number without a flow is a dead line",
    ),
    "a flow on an outbound number": (
        "02180001001,outbound,main,,",
        '2:22: row 2, column flow: "main" can never answer: the number is outbound; '
        "take the flow out or write usage: bidirectional",
    ),
    "nobody to call": (
        "02180001001,outbound,,-,",
        "2:23: row 2, column skillGroups: is missing; an outbound number without a skill group is a dead line: "
        "nobody can call out with it",
    ),
    "an unknown order, after a quoted comma": (
        '02180001001,,"a, b",,o-11',
        '2:22: row 2, column order: "o-11" is not an order of this file; did you mean "o-1"?',
    ),
    "a number twice": (
        "02180001001,,,,\n02180001001,,,,",
        '3:1: row 3, column number: "02180001001" is declared twice in this stack; first at stacks/more.csv:2:1',
    ),
    "a quotation mark left open": (
        '02180001001,"inbound,,,',
        "2:1: row 2: opens a quotation mark that is never closed",
    ),
    "text after a quotation": (
        '02180001001,"inbound"x,,,',
        "2:1: row 2: has text after a closing quotation mark",
    ),
}


@pytest.mark.parametrize(("row", "line"), ROWS.values(), ids=ROWS.keys())
def test_a_mistake_in_a_row_is_one_line_with_row_and_column(folder: Folder, row: str, line: str) -> None:
    folder.write("more.csv", f"{HEADER}{row}\n")
    assert folder.lines(STACK) == [f"stacks/more.csv:{line}"]


FILES: dict[str, tuple[bytes | None, str]] = {
    "not there": (None, 'stacks/acme.yaml:5:18: instances.acme.numbersFile: "more.csv" does not exist'),
    "empty": (b"", "stacks/more.csv:1:1: is empty; the first row is number,usage,flow,skillGroups,order"),
    "a header alone": (
        HEADER.encode(),
        'stacks/acme.yaml:5:18: instances.acme.numbersFile: "more.csv" has no numbers in it',
    ),
    "no header": (
        b"02180001001,inbound,main,sales,\n",
        "stacks/more.csv:1:1: row 1: is not a header; the first row is number,usage,flow,skillGroups,order",
    ),
    "no number column": (
        b"usage,flow\ninbound,main\n",
        "stacks/more.csv:1:1: row 1: has no column number; the first row is number,usage,flow,skillGroups,order",
    ),
    "a misspelt column": (
        b"number,skillgroup,flow\n02180001001,sales,-\n",
        'stacks/more.csv:1:8: row 1, column 2: "skillgroup" is not a column; did you mean "skillGroups"?',
    ),
    "a column twice": (
        b"number,flow,flow\n02180001001,a,b\n",
        'stacks/more.csv:1:13: row 1, column 3: "flow" names a column twice',
    ),
    "a merge that nobody finished": (
        b"number,flow\n<<<<<<< HEAD\n02180001001,a\n=======\n02180001001,b\n>>>>>>> x\n",
        "stacks/more.csv:2:1: row 2: `<<<<<<<` is the mark of a merge conflict: choose one of the two sides and "
        "remove the marks",
    ),
    "a workbook": (
        b"PK\x03\x04",
        'stacks/acme.yaml:5:18: instances.acme.numbersFile: "more.csv" is an Excel workbook; save the sheet as CSV',
    ),
    "no text at all": (
        b"number,flow\n\xff\xff\xff",
        'stacks/acme.yaml:5:18: instances.acme.numbersFile: "more.csv" is neither UTF-8 nor GBK text',
    ),
}


@pytest.mark.parametrize(("content", "line"), FILES.values(), ids=FILES.keys())
def test_a_file_without_a_table_of_numbers_is_one_line(
    folder: Folder, content: bytes | None, line: str
) -> None:
    if content is not None:
        folder.write("more.csv", content)
    assert folder.lines(STACK) == [line]


def test_a_number_in_the_file_and_in_the_stack_is_declared_twice(folder: Folder) -> None:
    folder.write("more.csv", f"{HEADER}02180001001,,,,\n")
    lines = folder.lines(STACK.replace("orders:", "    numbers: {02180001001: {}}\norders:"))
    assert lines == [
        'stacks/more.csv:2:1: row 2, column number: "02180001001" is declared twice in this stack; '
        "first at stacks/acme.yaml:6:15"
    ]


def test_the_file_stays_inside_the_stacks_folder(folder: Folder) -> None:
    assert folder.lines(STACK.replace("more.csv", "../more.csv")) == [
        'stacks/acme.yaml:5:18: instances.acme.numbersFile: "../more.csv" leads out of "stacks"; '
        "keep the file below it"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "，"])
def test_a_vendors_list_is_taken_as_excel_saves_it(folder: Folder, encoding: str, separator: str) -> None:
    rows = [
        ["序号", "电话号码", "城市", "用途", "IVR流程", "技能组"],
        ["1", '="02180001009"', "上海", "inbound", "夜间流程", "-"],
    ]
    text = "\r\n".join(separator.join(row) for row in rows) + "\r\n"
    folder.write("more.csv", text.encode(encoding))
    number = folder.declared(STACK).instances["acme"].numbers["02180001009"]
    assert (str(number.usage), number.flow, number.skill_groups) == ("inbound", "夜间流程", ())


def test_a_lost_zero_in_a_vendors_list_is_refused(folder: Folder) -> None:
    folder.write("more.csv", "号码;城市\n2180001001;上海\n".encode("gbk"))
    (line,) = folder.lines(STACK)
    assert line.startswith("stacks/more.csv:2:1:")
