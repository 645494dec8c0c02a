"""The course of a call: its flow, the flows that one goes on to, the skill groups at their ends. Pure.

CCC documents a flow's definition by one example: `{"activities": [{"type", "id", "properties", "events"}]}`. So what refers
to a flow or a group is found by its value, the id of one that is there, or by a key that is called like one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ccc_numbers.api.rows import ContactFlow, SkillGroup

_GROUP_KEY = re.compile(r"skill_?groups?(_?ids?)?(_?list)?|queue_?ids?(_?list)?", re.IGNORECASE)
_FLOW_KEY = re.compile(r"((contact|sub|survey|next|target)_?)*flow_?ids?(_?list)?", re.IGNORECASE)
_DURING_A_CALL = re.compile(r"[${]")


class Fault(StrEnum):
    """Why a call ends at a link."""

    GONE = "gone"
    UNPUBLISHED = "unpublished"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Link:
    """A flow or a skill group that a call comes to."""

    name: str
    group: bool = False
    fault: Fault | None = None


@dataclass(slots=True)
class Course:
    """Where a call may go: the ways that break, each from the number's flow to the link at fault.

    `groups` are the names of the groups it may reach; `unread` flows whose definition cannot be followed, `open` those that
    choose a flow or a group during the call.
    """

    broken: list[tuple[Link, ...]] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)


def course(flow_id: str, flows: Mapping[str, ContactFlow], groups: Mapping[str, SkillGroup]) -> Course:
    """Follow a number's flow to its ends; each flow once, so that a cycle ends. `flows` and `groups` by id."""
    found, seen = Course(), set[str]()
    by_name = {group.name: group for group in groups.values()}
    waiting: list[tuple[str, tuple[Link, ...]]] = [(flow_id, ())]
    while waiting:
        here, way = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        flow = flows.get(here)
        if flow is None or not flow.published:
            fault = Fault.UNPUBLISHED if flow else Fault.GONE
            found.broken.append((*way, Link(flow.name if flow else here, fault=fault)))
            continue
        way = (*way, Link(flow.name))
        references = _references(flow.definition, flows.keys() | groups.keys())
        if references is None:
            found.unread.add(flow.name)
            continue
        for is_group, said in references:
            group = groups.get(said) or by_name.get(said)
            if _DURING_A_CALL.search(said):
                found.open.add(flow.name)
            elif said in flows or not (is_group or group):
                waiting.append((said, way))
            elif group is None:
                found.broken.append((*way, Link(said.partition("@")[0], group=True, fault=Fault.GONE)))
            else:
                found.groups.add(group.name)
                if group.user_count == 0:
                    found.broken.append((*way, Link(group.name, group=True, fault=Fault.EMPTY)))
    return found


def _references(definition: str, known: "set[str]") -> list[tuple[bool, str]] | None:
    """What a definition refers to, each once: whether it is called a group, and how it is called. None for no JSON object."""
    try:
        parsed = json.loads(definition or "{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(parsed, dict):
        return None
    said = (
        (key, value.strip())
        for key, value in _texts("", parsed)
        if value.strip() in known or _GROUP_KEY.fullmatch(key) or _FLOW_KEY.fullmatch(key)
    )
    return list(dict.fromkeys((bool(_GROUP_KEY.fullmatch(key)), value) for key, value in said if value))


def _texts(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text with the nearest key above it. A text that is JSON itself is opened."""
    waiting: list[tuple[str, object]] = [(key, value)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(str(name), each) for name, each in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(key, each) for each in reversed(value)]
        elif isinstance(value, str):
            inner = _opened(value)
            if inner is None:
                yield key, value
            else:
                waiting.append((key, inner))


def _opened(text: str) -> dict[str, object] | list[object] | None:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None
