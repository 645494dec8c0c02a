"""Text leaves by the rooms that clean it, and by no other way: read from the source, so that nobody can forget."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The simulator's text goes to whoever tests with it, by its own console.
ROOMS = (
    *(
        f"ccc_numbers/{room}"
        for room in ("api", "declaration", "fleet", "messages", "numbers", "provider", "vendors")
    ),
    "components",
)


def _commands(*verbs: str) -> set[str]:
    return {f"ccc_numbers/fleet/commands/{verb}.py" for verb in verbs}


# Each way out, and the only files that may use it. All others use what `messages` and fleet.console have for it.
ALLOWED: dict[str, set[str]] = {
    # `chinese_lines` has rich break lines: it shows nothing.
    "import rich.text": {"ccc_numbers/messages/terminal.py", "ccc_numbers/messages/chinese_lines.py"},
    "import rich.markup": set(),
    "markup=True": set(),
    "Console()": set(),
    "Terminal()": {"ccc_numbers/fleet/console.py", "ccc_numbers/fleet/drift/output/forms.py"},
    "print()": set(),
    # Whole forms, as the modules that make them wrote them.
    "echo()": _commands(
        *(
            "adopt",
            "check",
            "comment",
            "drift",
            "guarded",
            "heal",
            "issue",
            "matrix",
            "move",
            "numbers",
            "orders",
            "probe",
            "proposal",
            "rebase",
            "report",
            "reviewed",
            "schema",
            "upgrade",
            "session",
        ),
        "vendors",
    )
    | {"ccc_numbers/fleet/gitops/output.py", "ccc_numbers/fleet/verbs.py"},
    # The same, a FleetError, and the port that the engine waits for.
    "sys.stdout": {
        "ccc_numbers/fleet/console.py",
        "ccc_numbers/provider/server.py",
        "ccc_numbers/fleet/orders/ledger_output.py",
        *_commands("check", "drift"),
    },
    # `way_back` and `catalogue` are programs of their own for `make`; they name files.
    "sys.stderr": {
        "ccc_numbers/fleet/console.py",
        "ccc_numbers/fleet/cli.py",
        "ccc_numbers/fleet/engine/way_back.py",
        "ccc_numbers/messages/catalogue.py",
    },
    "import markupsafe": {"ccc_numbers/messages/html.py", "ccc_numbers/fleet/report/render.py"},
    "import html": set(),
    "Environment()": {
        "ccc_numbers/messages/html.py",
        # Markdown: each expression has a filter; see below.
        "ccc_numbers/fleet/drift/output/markdown.py",
        # Papers for a vendor, made of the customer's own file.
        "ccc_numbers/vendors/application/bundle.py",
        # Python, of the project's own words.
        "ccc_numbers/provider/generate.py",
        # A new repository, of names that were checked.
        "ccc_numbers/fleet/repository/render.py",
        # Templates are read for their messages, and not filled in.
        "ccc_numbers/messages/extraction.py",
    },
    "csv.writer": {"ccc_numbers/messages/spreadsheet.py"},
    "csv.DictWriter": set(),
    # JSON that no person reads (requests, policies, files), or whose text is cleaned further on.
    "dumps()": {
        *(
            "ccc_numbers/messages/json_text.py",
            "ccc_numbers/messages/html.py",
            "ccc_numbers/messages/names.py",
            "ccc_numbers/messages/language.py",
            "ccc_numbers/api/sdk.py",
            "components/access.py",
        ),
        *("ccc_numbers/declaration/schema.py", "ccc_numbers/fleet/adopt/state.py"),
        *(
            "ccc_numbers/fleet/commands/session.py",
            "ccc_numbers/fleet/drift/output/json_form.py",
            "ccc_numbers/fleet/engine/events.py",
        ),
        *(
            "ccc_numbers/fleet/gitops/http.py",
            "ccc_numbers/fleet/gitops/matrix.py",
            "ccc_numbers/provider/properties.py",
        ),
        *("ccc_numbers/provider/generate.py", "ccc_numbers/provider/journal.py"),
        "ccc_numbers/vendors/application/bundle.py",
    },
    "dump_json()": {"ccc_numbers/fleet/plan/form.py", "ccc_numbers/fleet/gitops/saved_plans.py"},
    # The cache of calls is read by nobody but its own module.
    "model_dump_json()": {
        "ccc_numbers/fleet/drift/since.py",
        "ccc_numbers/fleet/answers.py",
        "ccc_numbers/fleet/drift/output/json_form.py",
        "ccc_numbers/fleet/traffic/cache.py",
    },
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8"))


def ways(tree: ast.Module) -> set[str]:
    """The ways out that a file uses, as ALLOWED calls them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found.add(f"import {node.module}")
        elif isinstance(node, ast.Import):
            found |= {f"import {each.name}" for each in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
        elif isinstance(node, ast.Call):
            # A console's own print is a method; Python's is not.
            attribute = isinstance(node.func, ast.Attribute) and node.func.attr != "print"
            called = node.func.attr if attribute else getattr(node.func, "id", "")  # type: ignore[attr-defined]
            found.add(f"{called}()")
            found |= {f"{each.arg}={ast.unparse(each.value)}" for each in node.keywords}
    return found & ALLOWED.keys()


def test_text_leaves_by_its_own_rooms_alone() -> None:
    used: dict[str, set[str]] = {way: set() for way in ALLOWED}
    for name, tree in sources():
        for way in ways(tree):
            used[way].add(name)
    assert {way: files - ALLOWED[way] for way, files in used.items() if files - ALLOWED[way]} == {}
    # Nobody keeps a permission that he no longer needs.
    assert {way: ALLOWED[way] - files for way, files in used.items() if ALLOWED[way] - files} == {}


@pytest.mark.parametrize(
    ("source", "way"),
    [
        ("from rich.text import Text", "import rich.text"),
        ("csv.writer(file)", "csv.writer"),
        ("from markupsafe import Markup", "import markupsafe"),
        ("Console()", "Console()"),
        ("jinja2.Environment()", "Environment()"),
        ("print(name)", "print()"),
        ("sys.stdout.write(name)", "sys.stdout"),
        ("typer.echo(name)", "echo()"),
        ("json.dumps(name, ensure_ascii=False)", "dumps()"),
        ("console.print(name, markup=True)", "markup=True"),
    ],
)
def test_a_way_past_the_rooms_is_found(source: str, way: str) -> None:
    assert ways(ast.parse(source)) == {way}


_OURS = re.compile(
    r"\b(count|counts|unread|ignored|kind|severity|means|more_\w+|length|looked_at|seconds|declared|live|managed"
    r"|each|verdict)\b|mark\[|rest\.stack|^ _\(\"[^{]*\"\) $"
)


def test_every_expression_of_markdown_is_escaped_or_ours() -> None:
    for file in (ROOT / "ccc_numbers/fleet/drift/output/templates").glob("*.md.j2"):
        for expression in re.findall(r"\{\{(.*?)\}\}", file.read_text("utf-8")):
            escaped = re.search(r"\| (md|code)\b", expression)
            assert escaped or _OURS.search(expression), f"{file.name}: {expression}"


def test_no_template_of_html_takes_text_for_markup() -> None:
    for folder in (
        "ccc_numbers/fleet/report/templates",
        "ccc_numbers/simulator/console/templates",
    ):
        for file in (ROOT / folder).glob("*.html.j2"):
            assert not re.search(r"\|\s*safe\b|autoescape\s+false", file.read_text("utf-8")), file
