"""Names that are attacks, in what the plugin tells the real CLI."""

import pytest

from ccc_numbers.messages.visible import visible
from tests.messages.hostile import NAMES
from tests.messages.rules import commands, invisible
from tests.provider.conftest import Begin
from tests.support.worlds import bound, declaration, instance, number, numbers, seed

# The CLI stops at the first few errors, so each name has a run of its own.
PICKED = (
    "<{%boom%}>",
    "<{%fg 1%}>red<{%reset%}>",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "a\n::error::second line",
    "##[error]broken",
    "admin\u202efdp.exe",
    "%s%n%x",
)


@pytest.mark.parametrize("name", PICKED, ids=ascii)
def test_an_error_shows_the_name_of_a_flow_as_text(begin: Begin, name: str) -> None:
    assert name in NAMES
    here = instance([bound(number(1), flow=name)])
    here["contactFlows"] += [{"name": name, "type": "MAIN_FLOW", "published": True}]
    stack, simulator = begin(seed([], support=here))
    stack.declare(declaration(numbers(1)))
    before = simulator.state()
    refused = stack.preview("--color", "always")
    assert refused.code != 0
    # An error of CCC's is a sentence: its line breaks are spaces.
    assert f"flow {visible(' '.join(name.split()))}, skill groups sales" in refused.text
    assert invisible(refused.text, "\n\t\x1b\r\u200b") == []
    assert "panic" not in refused.text
    assert commands(refused.text) == []
    assert simulator.state() == before


def test_an_error_lists_the_flows_as_text(begin: Begin) -> None:
    here = instance()
    here["contactFlows"] = [
        {"name": name, "type": "MAIN_FLOW", "published": True} for name in NAMES if name.strip()
    ]
    stack, _ = begin(seed(numbers(1), support=here))
    stack.declare(declaration(numbers(1)))
    refused = stack.preview()
    assert refused.code != 0
    assert any("flow" in error for error in refused.errors)
    assert invisible(refused.text, "\n\t\u200b") == []
    assert commands(refused.text) == []
