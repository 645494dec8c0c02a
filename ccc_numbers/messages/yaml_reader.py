"""Reads YAML into `Document`s.

From parser events, because composing nodes is four times slower and recurses in C: a file of nothing but `[` would
take the whole process down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.problem import Problem, Source
from ccc_numbers.messages.typing_mistakes import full_width, unmerged
from ccc_numbers.messages.yaml_document import BROKEN, EMPTY, Document, Empty, Place, Plain, dotted

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
    """The one YAML document of a file. Never raises for what the text holds; see `Document.problems`."""
    found = read_documents(text, file, most=1)
    return found[0] if found else Document(file)


def read_documents(
    text: str, file: str, *, most: int | None = None, empty: Empty | None = EMPTY
) -> list[Document]:
    """Every YAML document of a file, up to one that cannot be read on. `empty` stands for a missing value."""
    found: list[Document] = []
    builder = None
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                if builder and len(found) == most:
                    message = tr("a second document starts here; one file holds one")
                    builder.problem(_place(event), (), None, message)
                    break
                builder = _Builder(Document(file, empty), empty)
                found.append(builder.document)
            elif builder and not builder.take(event):
                break
    except yaml.YAMLError as error:
        found = found or [Document(file)]
        found[-1].problems.append(_syntax_problem(error, text, file))
        found[-1].data = EMPTY
    return found


class _Builder:
    """Turns events into plain data with places; reports double keys and YAML that the grammar has no use for."""

    def __init__(self, document: Document, empty: Empty | None) -> None:
        self.document = document
        self._empty = empty
        self._stack: list[_Frame] = []
        self._anchors: dict[str, Plain] = {}
        self._open_anchors: set[str] = set()

    def take(self, event: yaml.Event) -> bool:
        """Handle one event; False to stop reading."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            return self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        return True

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text: str = event.value
        plain, at = event.implicit[0], _place(event)
        self._check_tag(event.tag, at)
        if frame := self._before_key():
            frame.key_at = at
            frame.key = self._new_key(frame, text, at, merge=plain and text == "<<")
            return
        value: Plain = text
        if plain and text == "":
            value = self._empty
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
            message = tr("is written twice; first at {place}", place=Source(self.document.file, *first))
            self.problem(at, (*frame.path, text), None, message, rule="duplicate")
            return None
        if text == "<<":  # in quotes: an ordinary key, which the grammar does not know
            message = tr("unknown key; a merge is written without quotes: <<: *name")
            self.problem(at, frame.path, text, message)
            return None
        return text

    def _open(self, event: yaml.CollectionStartEvent) -> bool:
        at, path = _place(event), self._here()
        self._check_tag(event.tag, at)
        is_key = self._before_key() is not None
        if is_key:
            self.problem(at, path, None, tr("a key must be plain text, not a list or mapping"))
        if len(self._stack) >= _DEEPEST:
            message = tr("nested more than {most} deep; nothing here goes that far", most=_DEEPEST)
            self.problem(at, path[:4], None, message)
            self.document.data = EMPTY
            return False
        into: dict[str, Plain] | list[Plain] = {} if isinstance(event, yaml.MappingStartEvent) else []
        places: dict[str | int, tuple[Place, Place]] = {}
        self.document.places[id(into)] = places
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
        value: Plain = BROKEN
        if name in self._open_anchors:
            self.problem(at, path, f"*{name}", tr("refers to the value it stands in"))
        elif name not in self._anchors:
            message = tr(
                "{alias} is used, but no &{name} stands above it", alias=quoted("*" + name), name=name
            )
            self.problem(at, path, None, message)
        else:
            value = self._anchors[name]
        if frame := self._before_key():
            frame.key_at = at
            if isinstance(value, str):
                frame.key = self._new_key(frame, value, at, merge=False)
            elif value is not BROKEN:
                self.problem(at, path, f"*{name}", tr("is not plain text, which a key must be"))
            return
        self._put(value, at)

    def _before_key(self) -> _Frame | None:
        """The mapping whose key comes next, if one does."""
        frame = self._stack[-1] if self._stack else None
        return frame if frame and isinstance(frame.into, dict) and frame.key_at is None else None

    def _put(self, value: Plain, at: Place) -> None:
        if not self._stack:
            self.document.data = value
            self.document.first = at
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
        """Copy the keys that `<<` brings; the mapping's own win, and an earlier merge over a later one."""
        for source in merged if isinstance(merged, list) else [merged]:
            if source is BROKEN:
                self.document.broken.append(frame.path)
                continue
            if not isinstance(source, dict) or not isinstance(frame.into, dict):
                message = tr("<< takes a mapping (<<: *name) or a list of them")
                self.problem(at, frame.path, None, message)
                self.document.broken.append(frame.path)
                continue
            places = self.document.places[id(source)]
            for key, value in source.items():
                if key not in frame.into:
                    frame.into[key] = value
                    frame.places[key] = places[key]

    def _check_tag(self, tag: str | None, at: Place) -> None:
        if tag not in _HARMLESS_TAGS:
            written = tag.replace("tag:yaml.org,2002:", "!!")
            message = tr("is a tag, which has no meaning here; write the value alone")
            self.problem(at, self._here(), written, message)

    def _here(self) -> tuple[str | int, ...]:
        """The path of the value (or key) that comes next."""
        if not self._stack:
            return ()
        frame = self._stack[-1]
        if isinstance(frame.into, list):
            return (*frame.path, len(frame.into))
        return frame.path if frame.key_at is None or frame.key is None else (*frame.path, frame.key)

    def problem(
        self, at: Place, path: Sequence[str | int], value: str | None, message: str, rule: str = "yaml"
    ) -> None:
        source = Source(self.document.file, *at)
        self.document.problems.append(Problem.at(source, dotted(path), value, message, rule))


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


_PARSER_WORDS = {
    "mapping values are not allowed in this context": mark(
        "a second `key:` in one line; check the indentation, or put quotes around a value that holds `: `"
    ),
    "did not find expected key": mark(
        "there is no key where one is expected; check indentation and brackets"
    ),
    "did not find expected ',' or '}'": mark("a { is not closed, or a comma is missing"),
    "did not find expected ',' or ']'": mark("a [ is not closed, or a comma is missing"),
    "did not find expected node content": mark("a bracket is not closed, or a value is missing"),
    "found unexpected end of stream": mark("a quotation mark is opened and never closed"),
    "could not find expected ':'": mark("a key without its `:`"),
}


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """The parser's error in words about the file: half-written brackets, tabs, control characters."""
    if conflict := unmerged(text):
        return Problem(file, conflict[0], 1, "", None, conflict[1], "yaml")
    if isinstance(error, yaml.MarkedYAMLError):
        at = error.problem_mark or error.context_mark
        line, column = (at.line + 1, at.column + 1) if at else (1, 1)
        what = tr(_PARSER_WORDS.get(error.problem or "", error.problem or mark("cannot be read")))
        lines = text.splitlines()
        if sign := full_width(lines, line):
            return _invalid(file, *sign[0], sign[1])
        if "cannot start any token" in what:  # not translated: the parser's words
            character = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
            what = (
                tr("a tab cannot indent; use spaces")
                if character == "\t"
                else tr("{character} in this place needs quotes", character=quoted(character))
            )
        if error.context and error.context_mark and error.context_mark.line + 1 != line:
            what = tr("{what} (in what begins at line {line})", what=what, line=error.context_mark.line + 1)
        return _invalid(file, line, column, what)
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        return _invalid(file, line, column, error.reason)
    return _invalid(file, 1, 1, str(error))


def _invalid(file: str, line: int, column: int, why: str) -> Problem:
    return Problem(file, line, column, "", None, tr("is not valid YAML: {why}", why=why), "yaml")
