"""Finds in Python source what a person reads: messages for the catalogue, and words that no catalogue can hold."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.messages.docstring import paragraphs
from ccc_numbers.messages.yaml_reader import read_yaml

# Which arguments of a call are messages: by position, and by name.
_CALLS: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "tr": ((0,), ()),
    "trn": ((0, 1), ()),
    "mark": ((0,), ()),
    "suggestion": ((2,), ("otherwise",)),
}
# What typer shows, in the command's room, and pydantic, as part of "is missing: …".
_HELP = ("help", "epilog")
_FIELD, _DESCRIPTION = "Field", "description"
# Our own options take their help first.
_OPTIONS = ("stack", "stacks", "output", "offline")
# Texts for people in data, by file and key.
_DATA = {"readings.yaml": ("read", "why", "otherwise")}
_WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}")
_BESIDE_A_VALUE = re.compile(r"\b[a-z]{2,}[,;:]? |[ ][a-z]{2,}\b")
_NOT_SHOWN = "# not translated"
# A style of a terminal: `bold red`.
_STYLE = re.compile(r"(?:(?:not|bold|dim|red|green|yellow|cyan|magenta|blue) ?)+")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the source. `many` is the form for several, where there is one."""

    one: str
    many: str | None
    line: int


def messages(file: Path) -> Iterator[Message]:
    """Every message of a file, as it is looked up in the catalogue."""
    return (message for _, message in _found(ast.parse(file.read_text("utf-8")), file) if message.one)


def template_messages(file: Path) -> Iterator[Message]:
    """The same for a template of Jinja: what it gives to `_`, `_html` and `_n`."""
    from jinja2 import Environment, nodes  # a development matter, as this module is

    for call in Environment(autoescape=True).parse(file.read_text("utf-8")).find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        texts = [each.value for each in call.args if isinstance(each, nodes.Const)]
        if name in ("_", "_html") and texts:
            yield Message(str(texts[0]), None, call.lineno)
        elif name == "_n" and len(texts) > 1:
            yield Message(str(texts[0]), str(texts[1]), call.lineno)


def data_messages(file: Path) -> Iterator[Message]:
    """The same for a list of our own data: what stands under the keys of `_DATA`."""
    keys = _DATA.get(file.name, ())
    rows = read_yaml(file.read_text("utf-8"), file.name).data if keys else None
    for each in rows if isinstance(rows, list) else ():
        if isinstance(each, dict):
            yield from (Message(str(each[key]), None, 1) for key in keys)


def untranslated(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of words that no catalogue can hold: f-strings and literals with words in them, outside `tr`.

    Docstrings, types and the keys of dictionaries are not shown. A text for a machine or a developer says so at its
    first or last line, or above it: `# not translated: why`; in a comment of its own it is said of the whole file.
    """
    source = file.read_text("utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    if any(line.startswith(_NOT_SHOWN) for line in lines):
        return
    skipped = {id(node) for found, _ in _found(tree, file) for node in ast.walk(found)}
    skipped |= {id(each) for node in ast.walk(tree) for each in _unseen(node)}
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        text = _text(node)
        at = (node.lineno - 2, node.lineno - 1, (node.end_lineno or node.lineno) - 1)
        if text is not None and not any(_NOT_SHOWN in lines[each] for each in at if each >= 0):
            yield node.lineno, text


def _unseen(node: ast.AST) -> Sequence[ast.AST | None]:
    """The strings directly in a node that nobody is shown."""
    match node:
        case ast.Expr(value) | ast.AnnAssign(annotation=ast.Name("TypeAlias"), value=value):
            return [value]
        case ast.FunctionDef(returns=note) | ast.AsyncFunctionDef(returns=note) | ast.arg(annotation=note):
            return [note]
        case ast.JoinedStr(parts):
            return parts
        case ast.Dict(keys):
            return keys
    return []


def _text(node: ast.Constant | ast.JoinedStr) -> str | None:
    """The words of a string, values as `{}`; None where it has none."""
    if isinstance(node, ast.Constant):
        shown = isinstance(node.value, str) and _WORDS.search(node.value) and not _STYLE.fullmatch(node.value)
        return str(node.value) if shown else None
    parts = [str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values]
    text = "".join(parts)
    if _STYLE.fullmatch(text.replace("{}", "")):
        return None
    return text if any(_BESIDE_A_VALUE.search(part) for part in parts) else None


def _found(tree: ast.Module, file: Path) -> Iterator[tuple[ast.AST, Message]]:
    """Each message with its node."""
    of_command, is_verb = "fleet" in file.parts, file.parent.name == "commands"
    if is_verb and file.name != "__init__.py":
        yield from _documented(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _called(node, of_command=of_command)
        elif isinstance(node, ast.FunctionDef):
            if is_verb and any("app.command" in ast.unparse(each) for each in node.decorator_list):
                yield from _documented(node)
            yield from _defaults(node)


def _called(node: ast.Call, *, of_command: bool) -> Iterator[tuple[ast.AST, Message]]:
    name = ast.unparse(node.func).rpartition(".")[2]
    if name in ("trn", "markn") and len(node.args) > 1:
        one, many = (each.value if isinstance(each, ast.Constant) else "" for each in node.args[:2])
        yield node.args[0], Message(str(one), str(many), node.lineno)
        yield node.args[1], Message("", None, node.lineno)
        return
    places, names = _CALLS.get(name, ((), ()))
    texts: list[ast.expr] = [node.args[each] for each in places if each < len(node.args)]
    names += _HELP if of_command else (_DESCRIPTION,) if name == _FIELD else ()
    texts += [each.value for each in node.keywords if each.arg in names]
    if name in _OPTIONS and ast.unparse(node.func).startswith("options.") and node.args:
        texts.append(node.args[0])
    for text in texts:
        yield from _constants(text)
    if of_command and name == _FIELD:  # of a published schema, which is English
        yield from ((each.value, Message("", None, node.lineno)) for each in node.keywords)


def _defaults(node: ast.FunctionDef) -> Iterator[tuple[ast.AST, Message]]:
    """The default of a parameter that is a help text."""
    for parameter, default in zip(reversed(node.args.args), reversed(node.args.defaults), strict=False):
        if parameter.arg in (*_HELP, *_CALLS["suggestion"][1]):
            yield from _constants(default)


def _constants(node: ast.expr) -> Iterator[tuple[ast.AST, Message]]:
    """The text of an argument, or both of `a if b else c`."""
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, Message(node.value, None, node.lineno)


def _documented(node: ast.Module | ast.FunctionDef) -> Iterator[tuple[ast.AST, Message]]:
    for each in paragraphs(ast.get_docstring(node) or ""):
        if not each.startswith(" "):
            yield node.body[0], Message(each, None, 1)
