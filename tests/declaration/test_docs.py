"""docs/declaration.md explains every key, and its examples are right."""

import re
from pathlib import Path

from ccc_numbers.declaration import grammar
from ccc_numbers.declaration.mapping import Shape
from tests.declaration.conftest import Folder

DOCS = Path(__file__).parents[2] / "docs" / "declaration.md"


def test_every_key_of_the_grammar_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)[`:]", DOCS.read_text("utf-8")))
    shapes = [each for each in vars(grammar).values() if isinstance(each, type) and issubclass(each, Shape)]
    keys = {field.alias for shape in shapes for field in shape.model_fields.values()} - {None}
    assert keys - explained == set()


def test_the_examples_are_right(folder: Folder) -> None:
    stack, table = re.findall(r"```(?:yaml|csv)\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    folder.write("acme-numbers.csv", table)
    assert len(folder.declared(stack).instances["acme-support"].numbers) == 6


def test_the_messages_shown_are_those_people_get(folder: Folder) -> None:
    messages = re.findall(r"(is not a usage; .*|has lost .*)\n", DOCS.read_text("utf-8"))
    lines = folder.lines("instances: {a: {numbers: {2180001004: {}, 02180001001: {usage: in, flow: f}}}}")
    assert len(messages) == len(lines) == 2
    assert all(any(line.endswith(message) for line in lines) for message in messages)
