"""Typed access to property bags, and how two of them differ."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum

from ccc_numbers.provider.wire import UNKNOWN, Bag


class Change(Enum):
    """How one property differs, in the words of Pulumi's detailed diff."""

    ADD = "ADD"
    DELETE = "DELETE"
    UPDATE = "UPDATE"
    REPLACE = "UPDATE_REPLACE"


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
