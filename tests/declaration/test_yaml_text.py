"""YAML itself: scalars stay as written, and a broken file is one line."""

from pathlib import Path

import pytest

from ccc_numbers.declaration.read import load
from tests.declaration.conftest import Folder


def test_scalars_are_what_was_written_and_not_what_yaml_makes_of_them(folder: Folder) -> None:
    declaration = folder.declared(
        """\
        instances:
          acme:
            defaults: {usage: inbound, flow: 1.50, skillGroups: [007, no, 2026-01-01]}
            numbers:
              0211234567:
              02112345678:
              010_80001001: {}
        """.replace("              0211234567:\n", "").replace("              010_80001001: {}\n", "")
    )
    number = declaration.instances["acme"].numbers["02112345678"]
    assert (number.flow, number.skill_groups) == ("1.50", ("007", "no", "2026-01-01"))


def test_anchors_merges_and_keys_that_only_hold_anchors_are_allowed(folder: Folder) -> None:
    declaration = folder.declared("""\
        x-common:
          night: &night {usage: inbound, flow: night}
          group: &group {skillGroups: [support]}
        instances:
          acme:
            numbers:
              95518: *night
              95519: {<<: *night, flow: late}
              95520: {<<: [*group, *night]}
              95521: &last
                <<: *night
                skillGroups: [vip]
              95522: *last
        """)
    numbers = declaration.instances["acme"].numbers
    assert [(each.flow, each.skill_groups) for each in numbers.values()] == [
        ("night", ()),
        ("late", ()),
        ("night", ("support",)),
        ("night", ("vip",)),
        ("night", ("vip",)),
    ]
    assert str(numbers["95519"].source) == "stacks/acme.yaml:8:7"


def test_a_mistake_behind_an_alias_is_reported_where_it_is_written(folder: Folder) -> None:
    lines = folder.lines("""\
        x-common: &common {usage: inbuond, flow: night}
        instances:
          acme:
            numbers:
              95518: {<<: *common}
        """)
    assert lines == [
        'stacks/acme.yaml:1:27: instances.acme.numbers.95518.usage: "inbuond" is not a usage; '
        'did you mean "inbound"?'
    ]


BROKEN = {
    "an open brace": (
        "instances:\n  acme:\n    numbers: {95518: {usage: inbound\n",
        "4:1: is not valid YAML: a { is not closed, or a comma is missing (in what begins at line 3)",
    ),
    "an open bracket": (
        "instances: {acme: {defaults: {skillGroups: [a, b",
        "2:1: is not valid YAML: a [ is not closed, or a comma is missing (in what begins at line 1)",
    ),
    "an open quotation": (
        'instances:\n  acme:\n    numbers:\n      "95518: {}\n',
        "5:1: is not valid YAML: a quotation mark is opened and never closed (in what begins at line 4)",
    ),
    "a tab": ("instances:\n\tacme: {}\n", "2:1: is not valid YAML: a tab cannot indent; use spaces"),
    "two keys in a line": (
        "instances:\n  acme:\n    defaults: usage: inbound\n",
        "3:20: is not valid YAML: a second `key:` in one line; check the indentation, or put quotes around "
        "a value that holds `: `",
    ),
    "a line too far out": (
        "instances:\n  acme:\n    numbers: {}\n   x: 1\n",
        "4:4: is not valid YAML: there is no key where one is expected; check indentation and brackets "
        "(in what begins at line 2)",
    ),
    "a key without colon": (
        "instances:\n  acme\n  beta: 1\n",
        "3:7: is not valid YAML: a second `key:` in one line; check the indentation, or put quotes around "
        "a value that holds `: `",
    ),
    "a sign that needs quotes": (
        "instances: @acme\n",
        '1:12: is not valid YAML: "@" in this place needs quotes',
    ),
    "a control character": (
        "instances: \x01\n",
        "1:12: is not valid YAML: control characters are not allowed",
    ),
    "two documents": (
        "instances: {acme: {numbers: {95518: {usage: inbound, flow: f}}}}\n---\na: b\n",
        "2:1: a second document starts here; one file holds one",
    ),
    "a key twice": (
        "instances: {}\norders: {}\ninstances: {acme: {numbers: {95518: {usage: inbound, flow: f}}}}\n",
        "3:1: instances: is written twice; first at stacks/acme.yaml:1:1",
    ),
    "a list for a key": (
        "instances: {acme: {numbers: {[1]: {}, 95518: {usage: inbound, flow: f}}}}\n",
        "1:30: instances.acme.numbers: a key must be plain text, not a list or mapping",
    ),
    "a tag": (
        "instances: {acme: {numbers: {95518: {usage: inbound, flow: !flow main}}}}\n",
        '1:60: instances.acme.numbers.95518.flow: "!flow" is a tag, which has no meaning here; '
        "write the value alone",
    ),
    "an alias to nothing": (
        "instances: {acme: {numbers: {95518: {usage: inbound, flow: *night}}}}\n",
        '1:60: instances.acme.numbers.95518.flow: "*night" is used, but no &night stands above it',
    ),
    "an alias to itself": (
        "instances: {acme: {numbers: &n {95518: *n}}}\n",
        '1:40: instances.acme.numbers.95518: "*n" refers to the value it stands in',
    ),
    "a merge of text": (
        "instances: {acme: {numbers: {95518: {<<: inbound}}}}\n",
        "1:42: instances.acme.numbers.95518: << takes a mapping (<<: *name) or a list of them",
    ),
    "a quoted merge": (
        'instances: {acme: {numbers: {95518: {"<<": {}, usage: inbound, flow: f}}}}\n',
        '1:38: instances.acme.numbers.95518: "<<" unknown key; a merge is written without quotes: <<: *name',
    ),
    "endless brackets": (
        "[" * 100_000,
        "1:33: [0][0][0][0]: nested more than 32 deep; nothing here goes that far",
    ),
    "endless hyphens": (
        "- " * 100_000,
        "1:65: [0][0][0][0]: nested more than 32 deep; nothing here goes that far",
    ),
}


@pytest.mark.parametrize(("content", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_yaml_is_one_line(folder: Folder, content: str, line: str) -> None:
    assert folder.lines(content) == [f"stacks/acme.yaml:{line}"]


BYTES = {
    "GBK": (
        "orders: # 订单".encode("gbk"),
        "stacks/acme.yaml:1:11: is not UTF-8 but looks like GBK; save it as UTF-8",
    ),
    "UTF-16": ("instances: {}".encode("utf-16"), "stacks/acme.yaml:1:1: is UTF-16; save it as UTF-8"),
    "neither": (b"instances:\n  \xff\xff", "stacks/acme.yaml:2:3: is not UTF-8; save it as UTF-8"),
    "a zero byte": (
        b"a: \x00",
        "stacks/acme.yaml:1:4: is not valid YAML: control characters are not allowed",
    ),
}


@pytest.mark.parametrize(("content", "line"), BYTES.values(), ids=BYTES.keys())
def test_a_file_in_another_encoding_is_one_line(folder: Folder, content: bytes, line: str) -> None:
    assert folder.lines(content) == [line]


def test_a_byte_order_mark_is_accepted(folder: Folder) -> None:
    folder.declared("\ufeffinstances: {acme: {numbers: {95518: {usage: inbound, flow: f}}}}\n".encode())


def test_a_file_that_cannot_be_had_is_one_line(folder: Folder) -> None:
    folder.write("acme.yaml", "")
    for name, line in {
        "stacks/acne.yaml": 'stacks/acne.yaml:1:1: does not exist; did you mean "acme.yaml"?',
        "stacks": "stacks:1:1: is a folder, not a file",
        "none/acme.yaml": 'none/acme.yaml:1:1: does not exist; neither does its folder "none"',
    }.items():
        assert [str(problem) for problem in load(Path(name)).problems] == [line]


def test_an_alias_bomb_is_harmless(folder: Folder) -> None:
    lines = ["x-a: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"x-{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    lines += ["instances: {acme: {numbers: {95518: {usage: inbound, flow: *a11}}}}"]
    assert folder.lines("\n".join(lines)) == [
        "stacks/acme.yaml:13:60: instances.acme.numbers.95518.flow: expected a name, found a list"
    ]


@pytest.mark.parametrize(
    ("written", "place", "sign"),
    [
        ("instances：\n  acme:\n    numbers: {}\n", "1:10", "`：`"),
        ("instances:\n  acme:\n    flow：主流程\n    numbers: {}\n", "3:9", "`：`"),
        ("instances:\n  acme:\n    defaults: {usage: inbound，flow: 主流程}\n", "3:30", "`，`"),
        ("instances:\n  acme:\n    defaults: ｛usage: inbound｝\n", "3:15", "`｛`"),
        ('instances:\n  acme:\n    numbers:\n      "02180001001"：{}\n', "4:20", "`：`"),
        ("instances:\n  acme:\n    defaults：{usage: inbound}\n    numbers: {}\n", "3:5", "`：`"),
    ],
)
def test_full_width_punctuation_is_named_with_its_column(
    folder: Folder, written: str, place: str, sign: str
) -> None:
    found = [line for line in folder.lines(written) if "full-width" in line]
    assert len(found) == 1
    assert found[0].startswith(f"stacks/acme.yaml:{place}: ")
    assert sign in found[0]


def test_full_width_signs_in_names_are_not_blamed_for_another_mistake(folder: Folder) -> None:
    text = 'instances:\n  acme:\n    defaults: {flow: "主，流程：夜间", skillGroups: [a，b]}\n    numbers: {"1": {}\n'
    (line,) = folder.lines(text)
    assert "a { is not closed" in line


def test_a_merge_that_nobody_finished_is_named_at_its_mark(folder: Folder) -> None:
    text = (
        "instances:\n  acme:\n<<<<<<< HEAD\n    numbers: {}\n=======\n    numbers: {a: {}}\n>>>>>>> theirs\n"
    )
    (line,) = folder.lines(text)
    assert line.startswith("stacks/acme.yaml:3:1: `<<<<<<<` is the mark of a merge conflict")
