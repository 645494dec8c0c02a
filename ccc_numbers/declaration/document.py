"""Reads YAML into a `Document`.

Built from parser events, because composing nodes is four times slower and recurses in C: a file of
nothing but `[` would take the whole process down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from ccc_numbers.declaration.problem import Problem, Source
from ccc_numbers.declaration.tree import BROKEN, EMPTY, Document, Empty, Place, Plain, dotted
from ccc_numbers.declaration.yaml_faults import syntax_problem
from ccc_numbers.messages.names import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["EMPTY", "Document", "Empty", "Plain", "dotted", "read_yaml"]

_DEEPEST = 32
_NULLS = frozenset({"~", "null", "Null", "NULL"})
_HARMLESS_TAGS = (None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(slots=True)
class _Frame:
    """A container being read."""

    into: dict[str, Plain] | list[Plain]
    path: tuple[str | int, ...]
    places: dict[str | int, tuple[Place, Place]]
    anchor: str | None
    is_key: bool
    at: Place
    key: str | None = None
    key_at: Place | None = None
    merges: list[tuple[Plain, Place]] = field(default_factory=list)


def read_yaml(text: str, file: str) -> Document:
    """Read one YAML document. Never raises for what the text holds; see `Document.problems`."""
    document = Document(file)
    builder = _Builder(document)
    try:
        for event in _events(text):
            if not builder.take(event):
                break
    except yaml.YAMLError as error:
        document.problems.append(syntax_problem(error, text, file))
        document.data = EMPTY
    return document


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


class _Builder:
    """Turns events into plain data, noting places, double keys and what the grammar has no use for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._stack: list[_Frame] = []
        self._anchors: dict[str, Plain] = {}
        self._open_anchors: set[str] = set()
        self._documents = 0

    def take(self, event: yaml.Event) -> bool:
        """Handle one event; False when reading on makes no sense."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            return self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._problem(_place(event), (), None, "a second document starts here; one file holds one")
                return False
        return True

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text: str = event.value
        plain = event.implicit[0]
        at = _place(event)
        self._check_tag(event.tag, at)
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key_at is None and isinstance(frame.into, dict):
            frame.key_at = at
            frame.key = self._new_key(frame, text, at, merge=plain and text == "<<")
            return
        value: Plain = text
        if plain and text == "":
            value = EMPTY
        elif plain and text in _NULLS:
            value = None
        if event.anchor:
            self._anchors[event.anchor] = value
        self._put(value, at)

    def _new_key(self, frame: _Frame, text: str, at: Place, *, merge: bool) -> str | None:
        if merge:
            return "<<"
        if text in frame.places:
            first = frame.places[text][0]
            message = f"is written twice; first at {Source(self._document.file, *first)}"
            self._problem(at, (*frame.path, text), None, message, rule="duplicate")
            return None
        if text == "<<":  # in quotes: an ordinary key, which the grammar does not know
            self._problem(at, frame.path, text, "unknown key; a merge is written without quotes: <<: *name")
            return None
        return text

    def _open(self, event: yaml.CollectionStartEvent) -> bool:
        at, path = _place(event), self._here()
        self._check_tag(event.tag, at)
        parent = self._stack[-1] if self._stack else None
        is_key = parent is not None and isinstance(parent.into, dict) and parent.key_at is None
        if is_key:
            self._problem(at, path, None, "a key must be plain text, not a list or mapping")
        if len(self._stack) >= _DEEPEST:
            self._problem(at, path[:4], None, f"nested more than {_DEEPEST} deep; nothing here goes that far")
            self._document.data = EMPTY
            return False
        into: dict[str, Plain] | list[Plain] = {} if isinstance(event, yaml.MappingStartEvent) else []
        places: dict[str | int, tuple[Place, Place]] = {}
        self._document.places[id(into)] = places
        if event.anchor:
            self._open_anchors.add(event.anchor)
        self._stack.append(_Frame(into, path, places, event.anchor, is_key, at))
        return True

    def _close(self) -> None:
        frame = self._stack.pop()
        for merged, at in frame.merges:
            self._merge(frame, merged, at)
        if frame.anchor:
            self._open_anchors.discard(frame.anchor)
            self._anchors[frame.anchor] = frame.into
        if frame.is_key:
            parent = self._stack[-1]
            parent.key, parent.key_at = None, frame.at
        else:
            self._put(frame.into, frame.at)

    def _alias(self, event: yaml.AliasEvent) -> None:
        at, path = _place(event), self._here()
        name: str = event.anchor or ""
        frame = self._stack[-1] if self._stack else None
        value: Plain = BROKEN
        if name in self._open_anchors:
            self._problem(at, path, f"*{name}", "refers to the very thing it stands in")
        elif name not in self._anchors:
            near = quoted("*" + name)
            self._problem(at, path, None, f"{near} is used, but no &{name} stands above it")
        else:
            value = self._anchors[name]
        if frame is not None and isinstance(frame.into, dict) and frame.key_at is None:
            frame.key_at = at
            if isinstance(value, str):
                frame.key = self._new_key(frame, value, at, merge=False)
            elif value is not BROKEN:
                self._problem(at, path, f"*{name}", "is not plain text, which a key must be")
            return
        self._put(value, at)

    def _put(self, value: Plain, at: Place) -> None:
        if not self._stack:
            self._document.data = value
            self._document.first = at
            return
        frame = self._stack[-1]
        if isinstance(frame.into, list):
            frame.places[len(frame.into)] = (at, at)
            frame.into.append(value)
            return
        if frame.key == "<<":
            frame.merges.append((value, at))
        elif frame.key is not None and frame.key_at is not None:
            frame.into[frame.key] = value
            frame.places[frame.key] = (frame.key_at, at)
        frame.key = frame.key_at = None

    def _merge(self, frame: _Frame, merged: Plain, at: Place) -> None:
        """Copy what `<<` brings; what the mapping says itself wins, an earlier merge over a later one."""
        for source in merged if isinstance(merged, list) else [merged]:
            if source is BROKEN:
                self._document.broken.append(frame.path)
                continue
            if not isinstance(source, dict) or not isinstance(frame.into, dict):
                self._problem(at, frame.path, None, "<< takes a mapping (<<: *name) or a list of them")
                self._document.broken.append(frame.path)
                continue
            places = self._document.places[id(source)]
            for key, value in source.items():
                if key not in frame.into:
                    frame.into[key] = value
                    frame.places[key] = places[key]

    def _check_tag(self, tag: str | None, at: Place) -> None:
        if tag not in _HARMLESS_TAGS:
            written = tag.replace("tag:yaml.org,2002:", "!!")
            self._problem(
                at, self._here(), written, "is a tag, which has no meaning here; write the value alone"
            )

    def _here(self) -> tuple[str | int, ...]:
        """The way to the value (or key) that comes next."""
        if not self._stack:
            return ()
        frame = self._stack[-1]
        if isinstance(frame.into, list):
            return (*frame.path, len(frame.into))
        return frame.path if frame.key_at is None or frame.key is None else (*frame.path, frame.key)

    def _problem(
        self, at: Place, path: Sequence[str | int], value: str | None, message: str, rule: str = "yaml"
    ) -> None:
        source = Source(self._document.file, *at)
        self._document.problems.append(Problem.at(source, dotted(path), value, message, rule))


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
