"""The grammar as JSON Schema, made from the models that read it; `schema.json` ships for editors."""

import json
from pathlib import Path

from ccc_numbers.declaration.grammar import StackShape

_NAMES_OF_KEYS = ("$defs", "properties")
SHIPPED = Path(__file__).with_name("schema.json")


def schema_text() -> str:
    """The schema of a stack file as indented JSON."""
    schema = _simple(StackShape.model_json_schema(by_alias=True))
    # Keys that only hold anchors, as `shape.py` allows them.
    schema["patternProperties"] = {"^x-": {}}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A stack of ccc-numbers"  # not translated: the schema that ships
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _simple(schema: dict[str, object]) -> dict[str, object]:
    """Without pydantic's own additions: made-up titles, null defaults, a choice of one thing or null."""
    kept: dict[str, object] = {}
    for key, value in schema.items():
        if key in _NAMES_OF_KEYS and isinstance(value, dict):
            kept[key] = {name: _simple(each) for name, each in value.items()}
        elif key not in ("title", "anyOf") and not (key == "default" and value is None):
            kept[key] = _simple(value) if isinstance(value, dict) else value
    choices = schema.get("anyOf")
    if isinstance(choices, list):
        kept |= _or_nothing([_simple(each) for each in choices])
    return kept


def _or_nothing(choices: list[dict[str, object]]) -> dict[str, object]:
    others = [choice for choice in choices if choice != {"type": "null"}]
    if len(others) == 1 and "type" in others[0] and "enum" not in others[0]:
        kind = others[0]["type"]
        return {**others[0], "type": [*(kind if isinstance(kind, list) else [kind]), "null"]}
    return {"anyOf": choices}
