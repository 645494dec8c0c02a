"""YAML with every scalar as it was written, and the line and column of everything.

`3000` stays the text `3000` (pydantic makes the exact number of it), `0.10` never passes through a float.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from ccc_numbers.vendors.errors import CatalogueError

Path = tuple[str, ...]
Plain = dict[str, "Plain"] | list["Plain"] | str | None
"""The content of a YAML file when no scalar is interpreted."""


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its data, and for each path in it (line, column), counted from 1."""

    file: str
    data: Plain
    places: dict[Path, tuple[int, int]] = field(repr=False)

    def place(self, path: Path) -> tuple[int, int]:
        """Where `path` stands; where its nearest parent stands when it does not."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def error(self, path: Path, message: str) -> CatalogueError:
        return CatalogueError(self.file, *self.place(path), ".".join(path), message)


def documents(file: str, text: str) -> tuple[Document, ...]:
    """Every document of a file; raises `CatalogueError` for text that is not YAML."""
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise CatalogueError(file, line, column, "", f"not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise CatalogueError(file, 1, 1, "", f"not YAML: {' '.join(str(error).split())}") from error
    found = []
    for node in nodes:
        places: dict[Path, tuple[int, int]] = {}
        found.append(Document(file, _plain(file, node, (), places), places))
    return tuple(found)


def _plain(file: str, node: yaml.Node | None, path: Path, places: dict[Path, tuple[int, int]]) -> Plain:
    if node is None:
        return None
    places.setdefault(path, _place(node))
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, item, (*path, str(index)), places) for index, item in enumerate(node.value)]
    assert isinstance(node, yaml.MappingNode)
    data: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*path, key)
        if key in data:
            raise CatalogueError(file, *_place(key_node), ".".join(here), "stands here a second time")
        places[here] = _place(key_node)
        data[key] = _plain(file, value_node, here, places)
    return data


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
