"""The nearest name, and the first of many."""

import pytest

from ccc_numbers.messages.names import first_of, nearest, others, some, suggestion

USAGES = ("inbound", "outbound", "bidirectional")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("in", "inbound"),
        ("Inbound", "inbound"),
        ("bidirection", "bidirectional"),
        ("夜间流", "夜间流程"),
        ("上嗨", "上海"),
        ("xyz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_found(wrong: str, meant: str | None) -> None:
    assert nearest(wrong, [*USAGES, "夜间流程", "上海"]) == meant


def test_a_suggestion_names_one_or_the_first_of_all() -> None:
    assert suggestion("outbund", USAGES) == 'did you mean "outbound"?'
    assert suggestion("xyz", USAGES) == "one of: inbound, outbound, bidirectional"
    assert suggestion("xyz", USAGES, "there are", most=2) == "there are: inbound, outbound and 1 more"
    assert suggestion("xyz", [], "there are") == "there are: none"


def test_a_suggestion_shows_no_control_character() -> None:
    assert suggestion("night", ["nigh\x1bt"]) == 'did you mean "nigh\\u001bt"?'


def test_the_first_of_many_end_in_the_number_of_the_others() -> None:
    assert some(["a", "b"]) == "a, b"
    assert some([]) == ""
    assert some([str(n) for n in range(10, 1_025)], most=3) == "10, 11, 12 and 1,012 more"
    assert (others(0), others(3), others(3, "rows")) == ("", "and 3 more", "and 3 more rows")


def test_lines_left_out_are_counted_on_a_line_of_their_own() -> None:
    assert first_of(["a", "b", "c"], 2, "rows") == ["a", "b", "and 1 more rows"]
    assert first_of(["a", "b"], 2) == ["a", "b"]
