"""Prints the site's reference pages, made from the code, as one JSON object: text by page. mkdocs runs it at each build."""

import ast
import io
import json
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ |= {"TYPER_USE_RICH": "0", "COLUMNS": "100", "CCC_LANG": "en"}

from ccc_numbers.declaration.schema import schema_text
from ccc_numbers.fleet import cli, verbs
from ccc_numbers.messages.markdown import code
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.provider.generate import all_models, examples, schema
from ccc_numbers.simulator.__main__ import _parser as simulator_parser
from ccc_numbers.vendors.ledger import LedgerKind
from components import access

NOTES = Path(__file__).with_name("notes.yaml")
_VARIABLE = re.compile(r"(?:CCC|ALIBABA_CLOUD|PULUMI|GITHUB|GITLAB|CI|ACTIONS)_[A-Z_]+")
_WORD = re.compile(r"[a-z]+(-[a-z]+)*")
_CODES = "Exit codes:"
_OF_OPTIONS = ("Usage:", "Arguments:", "Options:", "Commands:", "usage:", "options:")
_SUBCOMMANDS = re.compile(r"^Commands:\n(?:  .*\n?)+", re.MULTILINE)
_NAMES = re.compile(r"^  (\S+)", re.MULTILINE)
# Where each function that reports a problem takes the problem's rule.
_RULE_AT = {
    "finding": 0,
    "order_finding": 1,
    "number_finding": 1,
    "report": 2,
    "of_file": 2,
    "problem": 3,
    "at": 4,
}


class NotesError(Exception):
    """notes.yaml leaves out what the code has."""


def pages() -> dict[str, str]:
    """Every page by its path in the site."""
    notes = yaml.safe_load(NOTES.read_text("utf-8"))
    package = schema(all_models())
    contents: dict[str, dict[str, object]] = {
        "stack-file": {"shapes": list(_shapes())},
        "commands": {"commands": (commands := list(_commands()))},
        "exit-codes": {"commands": commands},
        "findings": {
            "kinds": list(FindingKind),
            "ledger": _noted(notes, "ledger", [str(kind) for kind in LedgerKind]),
        },
        "rules": {"rules": _noted(notes, "rules", _rules())},
        "resources": {"package": package},
        "environment": {"variables": _noted(notes, "environment", _variables())},
        "ram-actions": {"access": access},
    }
    templates = Environment(  # noqa: S701  # Markdown, no HTML
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {"cell": _cell, "kind": _kind, "examples": examples}
    return {
        f"reference/{name}.md": templates.get_template(f"{name}.md.j2").render(about)
        for name, about in contents.items()
    }


@dataclass(frozen=True)
class Command:
    """One verb of `ccc-numbers`, as its `--help` explains it."""

    name: str
    text: str
    options: str
    codes: str


def _commands() -> Iterator[Command]:
    """Every verb; those with verbs below them once for each of these."""
    for name in verbs._verbs():
        below = _SUBCOMMANDS.search(_help(name))
        for words in [f"{name} {each}" for each in _NAMES.findall(below[0])] if below else [name]:
            parts = _help(words).split("\n\n")
            options = [each for each in parts if each.startswith(_OF_OPTIONS)]
            codes = next((each for each in parts if each.strip().startswith(_CODES)), "")
            text = [textwrap.dedent(each) for each in parts if each not in (*options, codes)]
            yield Command(
                words,
                "\n\n".join(text),
                "\n\n".join(options),
                " ".join(codes.split()).removeprefix(_CODES).strip(),
            )


def _help(words: str) -> str:
    if words == "simulator":  # the verb becomes that program
        return f"{verbs._summary(verbs._verbs()[words])}\n\n{simulator_parser().format_help()}"
    with redirect_stdout(io.StringIO()) as said:
        cli.main([*words.split(), "--help"])
    return re.sub(r"\[/?bold\]", "`", said.getvalue()).strip()


def _shapes() -> Iterator[dict[str, object]]:
    """The mappings of a stack file with their keys, the whole file first."""
    whole = json.loads(schema_text())
    for name, shape in {"Stack": whole, **whole["$defs"]}.items():
        needed = shape.get("required", [])
        keys = [
            {"name": key, "kind": _kind(each), "needed": key in needed, "doc": each.get("description", "")}
            for key, each in shape.get("properties", {}).items()
        ]
        yield {"name": _title(name), "doc": shape.get("description", ""), "keys": keys}


def _title(shape: str) -> str:
    words = re.sub("(?<=[a-z])(?=[A-Z])", " ", shape.removesuffix("Shape"))
    return words.capitalize()


def _kind(of: dict[str, Any]) -> str:
    """The type of a JSON Schema in a few words, with a link where it is one of the page's own."""
    if "oneOf" in of:
        return " or ".join(map(_kind, of["oneOf"]))
    if "anyOf" in of:
        return " or ".join(dict.fromkeys(_kind(each) for each in of["anyOf"] if each != {"type": "null"}))
    if "enum" in of:
        return ", ".join(code(each) for each in of["enum"])
    if target := of.get("$ref"):
        name = re.split("[/:]", target)[-1]
        shown = _title(name) if name.endswith("Shape") else name
        return f"[{shown}](#{shown.lower().replace(' ', '-')})" if target.startswith("#") else shown
    items = of.get("items")
    if items:
        return f"list of {_kind(items)}"
    values = of.get("additionalProperties")
    if isinstance(values, dict):
        return f"mapping to {_kind(values)}"
    kinds = of.get("type", "anything")
    return " or ".join([kinds] if isinstance(kinds, str) else [each for each in kinds if each != "null"])


def _sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in ("ccc_numbers", "components"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file, ast.parse(file.read_text("utf-8"))


def _variables() -> set[str]:
    """The environment variables that the product names."""
    texts = (
        each.value for _, tree in _sources() for each in ast.walk(tree) if isinstance(each, ast.Constant)
    )
    return {each for each in texts if isinstance(each, str) and _VARIABLE.fullmatch(each)}


def _rules() -> set[str]:
    """The rules that a problem in a stack file can break."""
    found = set()
    for file, tree in _sources():
        if file.relative_to(ROOT).parts[1] not in ("declaration", "vendors", "messages", "fleet"):
            continue
        for call in ast.walk(tree):
            if isinstance(call, ast.Call):
                at = _RULE_AT.get(getattr(call.func, "attr", getattr(call.func, "id", "")))
                given = [each.value for each in call.keywords if each.arg == "rule"]
                given += [call.args[at]] if at is not None and len(call.args) > at else []
                words = {
                    each.value
                    for each in given
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
                found |= {each for each in words if _WORD.fullmatch(each)}
    return found


def _noted(notes: dict[str, dict[str, str]], about: str, there: Iterable[str]) -> dict[str, str]:
    """What notes.yaml says of each thing that the code has. Raises NotesError where it says nothing."""
    said = notes[about]
    if lost := sorted(set(there) - said.keys()):
        raise NotesError(f"docs/site/notes.yaml: {about}: says nothing of {', '.join(lost)}")
    return dict(sorted(said.items()))


def _cell(text: str) -> str:
    """Text in a table's cell; code in it stays code."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(pages(), ensure_ascii=False))
