"""Lines of a stack file, added and taken out by their path; every other line stays as people wrote it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from textwrap import dedent, indent

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import visible

STEP = 2
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUTHS = frozenset({"y", "n", "yes", "no", "on", "off"})
Path = Sequence[str]


class CannotInsert(FleetError):
    """The file's form has no place where lines can be added; `lines` are those to add by hand."""

    def __init__(self, message: str, lines: str) -> None:
        super().__init__(tr("{message}; add these lines by hand:", message=message), *lines.split("\n"))


def compose(text: str) -> yaml.Node | None:
    """The nodes of a document, each with its place. Raises yaml.YAMLError."""
    found: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    return found


def documents(text: str) -> list[yaml.Node]:
    """The nodes of each document of a file, with their places in the whole text. Raises yaml.YAMLError."""
    return [node for node in yaml.compose_all(text, Loader=_LOADER) if node is not None]


def child(node: yaml.Node | None, *path: str) -> yaml.Node | None:
    """The value that a path of keys leads to; None when it is not there."""
    for key in path:
        node = next((value for name, value in pairs(node) if name.value == key), None)
    return node


def pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """The entries of a mapping; none for anything else."""
    return node.value if isinstance(node, yaml.MappingNode) else []


def insert(text: str, block: yaml.Node | None, lines: str) -> str:
    """`lines` after the last entry of a block mapping or list, at its own depth."""
    if not isinstance(block, yaml.CollectionNode) or block.flow_style or not block.value:
        raise CannotInsert(tr("the file has no block of entries to add to"), lines)
    after = last_line(block) + 1
    before = text.splitlines(keepends=True)
    # A mapping with an anchor begins at that.
    first = block.value[0][0] if isinstance(block, yaml.MappingNode) else block
    return "".join([*before[:after], indent(lines, " " * first.start_mark.column), *before[after:]])


def paste(text: str, path: Path, lines: str) -> str:
    """`lines` as the last entries of the mapping that `path` leads to, which is made where it is missing or empty."""
    if text and not text.endswith("\n"):
        text += "\n"
    root = compose(text)
    known = next(at for at in range(len(path), -1, -1) if at == 0 or child(root, *path[:at]) is not None)
    for key in reversed(path[known:]):
        lines = f"{key}:\n" + indent(lines, " " * STEP)
    if not pairs(root):
        return text + lines
    mapping = child(root, *path[:known])
    if pairs(mapping) or known == 0:
        return insert(text, mapping, lines)
    return _filled(text, child(root, *path[: known - 1]), path[known - 1], lines)


def _filled(text: str, parent: yaml.Node | None, name: str, lines: str) -> str:
    """The text with `lines` below a key that has nothing (`numbers: {}`, `numbers:`)."""
    key, value = next(pair for pair in pairs(parent) if pair[0].value == name)
    rows = text.splitlines(keepends=True)
    at, row = key.start_mark.line, rows[key.start_mark.line]
    if value.start_mark.line != at or value.end_mark.line != at:
        raise CannotInsert(tr("{name} has no block of entries to add to", name=name), lines)
    rest = (
        row[value.end_mark.column :]
        if value.end_mark.column > key.end_mark.column
        else row[row.index(":") + 1 :]
    )
    rows[at] = row[: key.end_mark.column] + ":" + (f" {rest.strip()}" if rest.strip() else "") + "\n"
    return "".join([*rows[: at + 1], indent(lines, " " * (key.start_mark.column + STEP)), *rows[at + 1 :]])


def put(text: str, path: Path, values: Mapping[str, object]) -> str:
    """The text with these values in the mapping at `path`: written over those that are there, or beside them.

    The caller has to look at what the new text says: a value may be another's by an alias.
    """
    for key, value in values.items():
        mapping, written = child(compose(text), *path), dumped(line({key: value}))[1:-2]
        start, end = (mapping.start_mark.index, mapping.end_mark.index) if mapping else (0, 0)
        if mapping and not pairs(mapping) and text[start:end] in ("", "~", "{}"):
            text = f"{text[:start].rstrip(' ')} {{{written}}}{text[end:]}"
            continue
        if not isinstance(mapping, yaml.MappingNode) or not mapping.value:
            raise CannotInsert(tr("{names} has no entries of its own", names=".".join(path)), written)
        there = child(mapping, key)
        if there is not None:
            first, last = there.start_mark.index, there.end_mark.index
            own = start < first <= last <= end and text[first] not in "&!"
            flow = isinstance(there, yaml.SequenceNode) and there.flow_style
            if not (flow or isinstance(there, yaml.ScalarNode)) or not own:
                raise FleetError(
                    tr(
                        "{names}.{key} is shared by an anchor, or a list of several lines: write it out first",
                        names=".".join(path),
                        key=key,
                    )
                )
            text = text[:first] + written.partition(": ")[2] + text[last:]
        elif mapping.flow_style:
            at = len(text[: end - 1].rstrip())
            last_row = text[:at].rpartition("\n")[2]
            alone = "#" in last_row or text[at - 1] in ",{"
            text = (
                f"{text[: start + 1]}{written}, {text[start + 1 :]}"
                if alone
                else f"{text[:at]}, {written}{text[at:]}"
            )
        else:
            text = text if text.endswith("\n") else f"{text}\n"
            text = insert(text, mapping, f"{written}\n")
    return text


@dataclass(frozen=True, slots=True)
class Block:
    """An entry as it was written, from the left margin, and the comment lines above that are about it alone."""

    text: str
    comment: str = ""


def cut(text: str, paths: Iterable[Path]) -> tuple[str, list[Block]]:
    """The text without these entries, and each as a block. A mapping that loses all of them is `{}`.

    Raises FleetError for an entry that does not have lines of its own.
    """
    root, rows = compose(text), text.splitlines(keepends=True)
    blocks, gone, left = [], set[int](), dict[int, tuple[yaml.Node, int]]()
    for path in paths:
        spans, parent = _spans(root, rows, path)
        comment, entry = ("".join(rows[start:end]) for start, end in spans)
        blocks.append(Block(dedent(entry), dedent(comment)))
        gone.update(line for span in spans for line in range(*span))
        holder = next((k for k, v in pairs(child(root, *path[:-2])) if v is parent), None)
        if holder is not None:
            _, count = left.get(holder.start_mark.line, (holder, len(parent.value)))
            left[holder.start_mark.line] = holder, count - 1
    for line, (holder, count) in left.items():
        if count == 0:
            colon = rows[line].index(":", holder.end_mark.column)
            rows[line] = f"{rows[line][: colon + 1]} {{}}{rows[line][colon + 1 :]}"
    kept = [row for line, row in enumerate(rows) if line not in gone]
    return "".join(kept), blocks


def _spans(
    root: yaml.Node | None, rows: Sequence[str], path: Path
) -> tuple[list[tuple[int, int]], yaml.MappingNode]:
    """The lines of the comment above an entry and of the entry itself, and the mapping that it is in."""
    parent = child(root, *path[:-1])
    key, value = next(((k, v) for k, v in pairs(parent) if k.value == path[-1]), (None, None))
    if key is None or value is None or not isinstance(parent, yaml.MappingNode):
        raise FleetError(
            tr(
                "{names} is not written there itself (a merge or an alias brings it): write it out first",
                names=".".join(path),
            )
        )
    first, column = key.start_mark.line, key.start_mark.column
    if parent.flow_style or rows[first][:column].strip():
        raise FleetError(
            tr(
                "{names} shares its line with others: give each entry a line of its own first",
                names=".".join(path),
            )
        )
    end = _end(rows, last_line(value) + 1, column)
    above = first
    while above > 0 and _is_comment(rows[above - 1], column):
        above -= 1
    alone = (
        end >= len(rows)
        or not rows[end].strip()
        or _indent(rows[end]) < column
        or rows[end].lstrip().startswith("#")
    )
    return [(above if alone else first, first), (first, end)], parent


def _end(rows: Sequence[str], line: int, column: int) -> int:
    """The line after an entry and the comments below it that are deeper than its key."""
    end = line
    while line < len(rows) and (
        not rows[line].strip() or (rows[line].lstrip().startswith("#") and _indent(rows[line]) > column)
    ):
        line += 1
        if rows[line - 1].strip():
            end = line
    return end


def _is_comment(row: str, column: int) -> bool:
    return row.lstrip().startswith("#") and _indent(row) == column


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())


def last_line(node: yaml.Node) -> int:
    """The line (from 0) on which the content of a node ends; comments and blank lines after it do not count."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        key, value = node.value[-1]
        return max(int(key.end_mark.line), last_line(value))
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return last_line(node.value[-1])
    end = node.end_mark
    # A block scalar ends where the next thing begins.
    block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") and end.column == 0
    return int(end.line) - 1 if block else int(end.line)


def comments_of(entry: str) -> list[str]:
    """The comments in an entry, without their `#`."""
    masked = list(entry)
    for token in yaml.scan(entry, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.ScalarToken):
            masked[token.start_mark.index : token.end_mark.index] = "x" * (
                token.end_mark.index - token.start_mark.index
            )
    found = (row.partition("#") for row in "".join(masked).split("\n"))
    starts = [len(before) if sharp else None for before, sharp, _ in found]
    rows = entry.split("\n")
    return [row[at + 1 :].strip() for row, at in zip(rows, starts, strict=True) if at is not None]


def leans_on(entry: str) -> set[str]:
    """The anchors outside of it that an entry refers to: `*night`."""
    tokens = list(yaml.scan(entry, Loader=yaml.SafeLoader))
    own = {each.value for each in tokens if isinstance(each, yaml.AnchorToken)}
    return {
        f"*{each.value}" for each in tokens if isinstance(each, yaml.AliasToken) and each.value not in own
    }


def line(values: Mapping[str, object]) -> CommentedMap:
    """A mapping for one line: `{flow: 主流程, skillGroups: [sales]}`."""
    made = CommentedMap()
    for key, value in values.items():
        if isinstance(value, list):
            value = CommentedSeq(map(scalar, value))
            value.fa.set_flow_style()
        made[key] = scalar(value)
    made.fa.set_flow_style()
    return made


def scalar(value: object) -> object:
    """In double quotes: a name with invisible characters, which they alone can hold, and one that YAML 1.1 takes for a truth."""
    if isinstance(value, str) and (visible(value) != value or value.lower() in _TRUTHS):
        return DoubleQuotedScalarString(value)
    return value


class _Representer(RoundTripRepresenter):
    """Writes an explicit nothing as `~`."""

    def none(self, _: None) -> object:
        return self.represent_scalar("tag:yaml.org,2002:null", "~")


_Representer.add_representer(type(None), _Representer.none)


def dumped(data: CommentedMap) -> str:
    """YAML of a mapping, without broken lines."""
    writer, text = YAML(), StringIO()
    writer.Representer = _Representer
    writer.width = 10_000
    writer.dump(data, text)
    return text.getvalue()
