"""A whole customer in one file: 10,000 numbers are read in about a second."""

from time import process_time

import pytest

from tests.declaration.conftest import Folder

COUNT = 10_000
SECONDS = 4.0  # about 0.7 on the machine this was written on; room for slow and busy ones


def inline() -> str:
    row = "{usage: bidirectional, flow: 主流程, skillGroups: [sales, support]}"
    return "instances:\n  acme:\n    numbers:\n" + "".join(f"      021{i:08d}: {row}\n" for i in range(COUNT))


def table() -> str:
    return "number,usage,flow,skillGroups,order\n" + "".join(
        f"021{i:08d},inbound,主流程,sales;support,\n" for i in range(COUNT)
    )


@pytest.mark.parametrize("form", ["inline", "table"])
def test_ten_thousand_numbers_are_read_quickly(folder: Folder, form: str) -> None:
    folder.write("more.csv", table())
    content = inline() if form == "inline" else "instances: {acme: {numbersFile: more.csv}}"
    before = process_time()
    declaration = folder.declared(content)
    assert process_time() - before < SECONDS
    assert len(declaration.instances["acme"].numbers) == COUNT


def test_ten_thousand_mistakes_are_all_counted(folder: Folder) -> None:
    before = process_time()
    lines = folder.lines(inline().replace("bidirectional", "both"))
    assert process_time() - before < 2 * SECONDS
    assert len(lines) == 101
    assert lines[-1].endswith(f": and {COUNT - 100:,} more of this kind")
