"""Each escaper by itself, on every hostile name."""

import io
import json
import re

import pytest
from rich.table import Table

from ccc_numbers.messages.html import environment, prose, script_data, stylesheet, zh
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.markdown import code, inline
from ccc_numbers.messages.spreadsheet import csv_text
from ccc_numbers.messages.terminal import Terminal, Text
from ccc_numbers.messages.visible import cut, visible
from tests.messages.hostile import NAMES
from tests.messages.rules import commands, formulas, invisible, live_markdown, text_of_markdown


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_visible_name_is_one_line_that_hides_nothing(name: str) -> None:
    said = visible(name)
    assert invisible(said, allowed="") == []
    assert said or not name
    assert visible(said) == said


def test_what_was_hidden_is_shown_as_an_escape() -> None:
    assert visible("a\x1b[31mb\r\nc\u202ed\ud800e") == "a\\x1b[31mb\\r\\nc\\u202ed\\ud800e"
    assert visible("主流程\u3000备用 é ☎\ufe0f") == "主流程\u3000备用 é ☎\ufe0f"
    assert visible("e" + "\u0301" * 500) == "e" + "\u0301" * 4 + "…"
    assert visible("主\u200b流程") != visible("主流程")
    assert cut("x" * 10_000, 300) == "x" * 300 + "… (9,700 more characters)"


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_markdown_shows_a_name_and_nothing_else(name: str) -> None:
    for text in (
        inline(name),
        f"- {inline(name)}",
        f"| x |\n|---|\n| {inline(name)} |",
        f"> {inline(name)}",
        code(name),
    ):
        assert invisible(text.replace("\u200b", "")) == []
        assert live_markdown(text) == []
    assert text_of_markdown(f"x{inline(name)}").replace("\n", "") == f"x{visible(name)}".rstrip()


def test_markdown_of_a_name_in_a_cell_stays_in_its_cell() -> None:
    rows = "".join(f"| {inline(name)} | {code(name)} | end |\n" for name in NAMES)
    for row in rows.splitlines():
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 4, row


@pytest.mark.parametrize("width", [20, 40, 120, 200])
def test_no_name_does_anything_to_a_log(width: int) -> None:
    stream = io.StringIO()
    console = Terminal(stream, width=width)
    for name in NAMES:
        console.print(name)
        console.print(Text(name, style="red").append(name), soft_wrap=True)
        table = Table("a", "b", title=name, box=None)
        table.add_row(name, Text(name))
        console.print(table)
    assert invisible(stream.getvalue()) == []
    assert commands(stream.getvalue()) == []


def test_no_name_does_anything_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = _Screen()
    console = Terminal(screen, width=120)
    for name in NAMES:
        console.print(name)
        console.print(Text(name, style="bold red"))
    styles = re.compile(r"\x1b\[[0-9;]*m")
    assert styles.search(screen.getvalue())
    assert invisible(styles.sub("", screen.getvalue())) == []
    # The only styles are those we asked for.
    assert set(styles.findall(screen.getvalue())) == {"\x1b[1;31m", "\x1b[0m"}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_json_keeps_a_name_and_writes_no_invisible_byte(name: str) -> None:
    text = json_text({"name": name, name: [name]})
    assert invisible(text) == []
    assert commands(text) == []
    assert json.loads(text) == {"name": name, name: [name]}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_html_shows_a_name_as_text(name: str) -> None:
    page = environment("ccc_numbers.fleet.report")
    page.filters |= {"zh": zh, "prose": prose}
    made = page.from_string('<p title="{{ x }}">{{ x }}</p>').render(x=name)
    assert re.fullmatch(r'<p title="[^"<>]*">[^<>]*</p>', made), made
    assert invisible(made) == []
    assert not re.search(r"<(?!/?(span|code)\b)", str(zh(name)) + str(prose(name)))
    data = script_data([name])
    assert "<" not in data
    assert invisible(data) == []
    assert json.loads(data) == [name]


def test_no_cell_of_a_spreadsheet_is_a_formula_or_a_line() -> None:
    text = csv_text([[name, f"x{name}", 1, None] for name in NAMES])
    assert formulas(text) == []
    assert invisible(text) == []
    assert text.count("\n") == len(NAMES)


def test_a_style_sheet_cannot_end_its_element() -> None:
    assert stylesheet("a > b { color: red }") == "a > b { color: red }"
    with pytest.raises(ValueError, match="cannot hold"):
        stylesheet("a {} </style><script>1</script>")
