"""Typed access to property bags, and the checks every resource type makes of its inputs."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ccc_numbers.messages.names import suggestion
from ccc_numbers.provider.resource import Change
from ccc_numbers.provider.wire import UNKNOWN, Bag


def text(bag: Bag, key: str) -> str:
    """A string property; absent, of another type, or not known yet is ""."""
    value = bag.get(key)
    return value if isinstance(value, str) and value != UNKNOWN else ""


def texts(bag: Bag, key: str) -> tuple[str, ...]:
    """A list of strings; absent is ()."""
    value = bag.get(key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def flag(bag: Bag, key: str) -> bool:
    """A boolean; absent is False."""
    return bag.get(key) is True


def shape_problems(
    inputs: Bag,
    kinds: Mapping[str, type],
    required: Collection[str],
    subject: str,
    maps: Collection[str] = (),
) -> Iterator[str]:
    """Unknown keys, missing keys and wrong types. Values not known yet fit everything. `maps`: lists of maps."""
    for key, value in inputs.items():
        if key not in kinds:
            yield f'{subject}: unknown property "{key}"; {suggestion(key, kinds, "there are")}'
        elif value != UNKNOWN and not isinstance(value, kinds[key]):
            yield f'{subject}: "{key}" must be a {_NAMES[kinds[key]]}, not {value!r}'
        elif isinstance(value, list) and key not in maps and not all(isinstance(item, str) for item in value):
            yield f'{subject}: "{key}" must be a list of strings'
    for key in required:
        if inputs.get(key) in (None, ""):
            yield f'{subject}: "{key}" is required'


def field_changes(old: Bag, new: Bag, keys: Iterable[str], sets: Collection[str] = ()) -> dict[str, Change]:
    """How the fields `keys` differ between old properties and new inputs; order does not matter in `sets`.

    An absent field, an empty list and False are the same: nothing is declared. Maps are compared key by key:
    `materials.script.sha256`.
    """
    same = {
        key for key in sets if sorted(texts(old, key)) == sorted(texts(new, key)) and new.get(key) != UNKNOWN
    }
    return {_path(steps): change for steps, change in _changes(old, new, keys) if steps[0] not in same}


def list_changes(key: str, before: Sequence[str], after: Sequence[str]) -> dict[str, Change]:
    """Which places of a list differ, so that a preview names the very items that come and go."""
    had, has = set(before), set(after)
    gone = {index for index, item in enumerate(before) if item not in has}
    come = {index for index, item in enumerate(after) if item not in had}
    return {
        f"{key}[{index}]": Change.UPDATE
        if index in gone and index in come
        else Change.DELETE
        if index in gone
        else Change.ADD
        for index in sorted(gone | come)
    }


def _changes(old: Bag, new: Bag, keys: Iterable[str]) -> Iterator[tuple[tuple[str, ...], Change]]:
    for key in keys:
        before, after = old.get(key) or None, new.get(key) or None
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            for steps, change in _changes(before, after, {**before, **after}):
                yield (key, *steps), change
        else:
            yield (key,), Change.ADD if before is None else Change.DELETE if after is None else Change.UPDATE


def _path(steps: Sequence[str]) -> str:
    """A property path as Pulumi writes it: `contact.phone`, `materials["form 1.pdf"]`."""
    path = steps[0]
    for step in steps[1:]:
        path += f".{step}" if re.fullmatch(r"\w+", step) else f"[{json.dumps(step, ensure_ascii=False)}]"
    return path


_NAMES = {str: "string", list: "list", bool: "boolean", float: "number", dict: "map"}
