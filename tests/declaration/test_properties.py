"""Whatever stands in a file: problems of one line each, or a declaration; never a traceback."""

import tempfile
from pathlib import Path

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ccc_numbers.api.rows import Usage
from ccc_numbers.declaration.model import Loaded
from ccc_numbers.declaration.read import load, load_text
from ccc_numbers.numbers.number_text import number_fault

KEYS = st.sampled_from(
    [
        "instances",
        "orders",
        "numbers",
        "defaults",
        "usage",
        "flow",
        "skillGroups",
        "order",
        "numbersFile",
        "protected",
        "removalBudget",
        "adopt",
        "keepOnRemoval",
        "contactFlows",
        "definition",
        "displayName",
        "vendor",
        "product",
        "stage",
        "quantity",
        "prepaid",
        "term",
        "purchased",
        "materials",
        "purchase",
        "rates",
        "contact",
        "regions",
        "catalogue",
        "x-y",
        "acme",
        "o-1",
        "02180001001",
        "4008001001",
        "95518",
        "<<",
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["inbound", "outbound", "main", "1y", "2026-08-01", "10%", "..", "paid", "x.csv", "\x00"]
    ),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=5),
    ),
    max_leaves=25,
)


def assert_told_properly(loaded: Loaded) -> None:
    assert (loaded.declaration is None) == bool(loaded.problems)
    for problem in loaded.problems:
        line = str(problem)
        assert line == "".join(line.splitlines())
        assert line.startswith(f"{problem.file}:{problem.line}:{problem.column}: ")
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message


@given(TREES)
@settings(max_examples=60, deadline=None)
def test_any_yaml_gives_problems_or_a_declaration(tree: object) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True)
    assert_told_properly(load_text(text, Path("stacks/acme.yaml")))


@given(
    st.dictionaries(
        KEYS, st.dictionaries(KEYS, st.dictionaries(KEYS, TREES, max_size=4), max_size=4), max_size=3
    )
)
@settings(max_examples=60, deadline=None)
def test_any_stack_of_known_keys_gives_problems_or_a_declaration(tree: object) -> None:
    text = yaml.safe_dump({"instances": tree, "orders": tree}, allow_unicode=True)
    assert_told_properly(load_text(text, Path("stacks/acme.yaml")))


@given(
    st.text(
        alphabet=st.characters(codec="utf-8") | st.sampled_from("{}[]:,-*&!#|>'\"%@` \n\t\r<~?"), max_size=60
    )
)
@example("? ? ?")
@example("- - ? -\n ?")
@example("&a [*a, &a *a]")
@example("{<<: [{<<: {}}, *a]}")
@settings(max_examples=500, deadline=None)
def test_any_text_gives_problems_or_a_declaration(text: str) -> None:
    assert_told_properly(load_text(text, Path("stacks/acme.yaml")))


@given(st.binary(max_size=80), st.binary(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_bytes_in_either_file_give_problems_or_a_declaration(stack: bytes, table: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.yaml").write_bytes(stack)
        Path(folder, "b.yaml").write_text("instances: {acme: {numbersFile: n.csv}}")
        Path(folder, "n.csv").write_bytes(b"number,usage,flow\n" + table)
        assert_told_properly(load(Path(folder, "a.yaml")))
        assert_told_properly(load(Path(folder, "b.yaml")))


# There are no areas 0400 and 0800: in international form their numbers would be 400 and 800 numbers.
NUMBERS = st.from_regex(
    r"0(10|2[0-9])[0-9]{8}|0[3-9][0-9]{9}|1[3-9][0-9]{9}|400[0-9]{7}", fullmatch=True
).filter(lambda number: not number.startswith(("0400", "0800")))


@given(NUMBERS)
def test_a_number_in_international_form_is_shown_its_own_form(number: str) -> None:
    assert number_fault(number) is None
    assert number_fault("+86" + number.removeprefix("0")) == f"is not written as CCC shows it; write {number}"
    assert number_fault(" ".join(number)) == f"is not written as CCC shows it; write {number}"


@given(
    st.dictionaries(
        NUMBERS.filter(lambda number: not number.startswith("400")),
        st.tuples(
            st.sampled_from(list(Usage)),
            st.text("abc主流程 -", min_size=1, max_size=8).filter(lambda name: name == name.strip()),
            st.lists(st.sampled_from(["sales", "support", "vip"]), min_size=1, unique=True),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=40, deadline=None)
def test_a_written_number_is_declared_as_written(
    wanted: dict[str, tuple[Usage, str, list[str]]],
) -> None:
    numbers = {
        number: {"usage": str(usage), "skillGroups": groups} | ({"flow": flow} if usage.takes_calls else {})
        for number, (usage, flow, groups) in wanted.items()
    }
    text = yaml.safe_dump({"instances": {"acme": {"numbers": numbers}}}, allow_unicode=True)
    declaration = load_text(text, Path("stacks/acme.yaml")).declaration
    assert declaration is not None
    assert {
        each.number: (each.usage, each.flow, list(each.skill_groups))
        for each in declaration.instances["acme"].numbers.values()
    } == {
        number: (usage, flow if usage.takes_calls else None, groups)
        for number, (usage, flow, groups) in wanted.items()
    }
