"""The files of both stacks with a choice moved, proven to declare the same lines in the same way. Writes nothing."""

import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ccc_numbers.declaration.model import Declaration, InstanceDeclaration, NumberDeclaration
from ccc_numbers.declaration.numbers_file import read_numbers_file
from ccc_numbers.declaration.read import load_text
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.essence import NOWHERE, Key, essence
from ccc_numbers.fleet.files import read_text
from ccc_numbers.fleet.move.choice import Choice, overridden
from ccc_numbers.fleet.written_numbers import Defaults, own_keys
from ccc_numbers.fleet.yaml_text import Block, comments_of, cut, dumped, leans_on, line, paste
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import some
from ccc_numbers.messages.problem import shown
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.numbers.plan_number import Binding


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The files that change, before (None: it is new) and after.

    `source_empty`: the source declares nothing any more. `spelt_out` are numbers that say more of their own in the
    target, since its defaults are others.
    """

    before: Mapping[Path, str | None]
    after: Mapping[Path, str]
    source_empty: bool
    spelt_out: tuple[str, ...]


def rewrite(choice: Choice) -> Rewritten:
    """Raises FleetError when no text says exactly what both files say now."""
    source = choice.source.declaration.file
    if not choice.declared:
        return Rewritten({}, {}, not _left(choice.source.declaration), ())
    try:
        return _rewrite(choice)
    except yaml.YAMLError as error:
        raise FleetError(
            tr(
                "{source}: cannot be taken apart: {names}",
                source=shown(source),
                names=" ".join(str(error).split()),
            )
        ) from None


def _rewrite(choice: Choice) -> Rewritten:
    source, target = choice.source.declaration.file, choice.target.declaration.file
    inline = [(id, number) for id, number in choice.alone if number.source.file == shown(source)]
    rows = [number for _, number in choice.alone if number.source.file != shown(source)]
    whole = [
        *(("instances", id) for id in choice.instances if id in choice.declared),
        *(("orders", key) for key in choice.orders),
    ]
    of_numbers = [("instances", id, "numbers", number.number) for id, number in inline]
    left, blocks = cut(read_text(source), [*whole, *of_numbers])
    added = before = read_text(target) if target.exists() else None
    for path, block in zip(whole, blocks, strict=False):
        if anchors := leans_on(block.text):
            raise FleetError(
                tr(
                    "{path} of {source} uses {anchors}, which another file does not have: write it out first",
                    path=path[-1],
                    source=shown(source),
                    anchors=some(sorted(anchors)),
                )
            )
        added = paste(added or "", path[:1], block.comment + block.text)
    entries = {path[-1]: block for path, block in zip(of_numbers, blocks[len(whole) :], strict=True)}
    found = _with_numbers(target, added or "", choice.alone, entries)
    after = {target: found.text, source: left, **_without_rows(choice, rows)}
    declares = _proven(choice, left, found.text, {number.number for number in rows})
    changed = {path: text for path, text in after.items() if path == target or text != read_text(path)}
    return Rewritten(
        {path: before if path == target else read_text(path) for path in changed},
        changed,
        not _left(declares),
        found.spelt_out,
    )


def _left(declaration: Declaration) -> bool:
    """Whether it declares anything at all."""
    return bool(declaration.instances or declaration.orders or declaration.access)


@dataclass(frozen=True, slots=True)
class _Added:
    text: str
    spelt_out: tuple[str, ...] = ()


def _with_numbers(
    target: Path, text: str, numbers: list[tuple[str, NumberDeclaration]], blocks: Mapping[str, Block]
) -> _Added:
    """The target's text with the numbers, as they were written where that says the same there."""
    verbatim = {
        number.number
        for _, number in numbers
        if number.number in blocks and not leans_on(blocks[number.number].text)
    }
    while True:
        made = text
        document = read_yaml(text, shown(target))
        for id, number in numbers:
            block = blocks.get(number.number, Block(""))
            lines = (
                block.text
                if number.number in verbatim
                else _spelt_out(number, block, Defaults.read(document, id))
            )
            made = paste(made, ("instances", id, "numbers"), block.comment + lines)
        if not verbatim:
            break
        said = essence(load_text(made, target).sound)
        same = {
            number.number
            for id, number in numbers
            if number.number in verbatim
            and said.get(("number", id, number.number)) == replace(number, source=NOWHERE)
        }
        if same == verbatim:
            break
        verbatim = same
    return _Added(made, tuple(number.number for _, number in numbers if number.number not in verbatim))


def _spelt_out(number: NumberDeclaration, block: Block, defaults: Defaults) -> str:
    """The number's line with all that the defaults do not say, and the comments of its entry."""
    binding = Binding(number.usage, number.flow, frozenset(number.skill_groups))
    said = dict(own_keys(binding, number.agent, number.order, defaults))
    said |= {"adopt": True} if number.adopt else {}
    said |= {"keepOnRemoval": True} if number.keep_on_removal else {}
    said |= {"ignoreChanges": sorted(map(str, number.ignored))} if number.ignored else {}
    row = dumped(CommentedMap({DoubleQuotedScalarString(number.number): line(said)})).rstrip("\n")
    comments = comments_of(block.text) if block.text else []
    if len(comments) == 1 and len(block.text.strip().splitlines()) == 1:
        return f"{row} # {comments[0]}\n"
    return "".join(f"# {each}\n" for each in comments) + row + "\n"


def _without_rows(choice: Choice, numbers: list[NumberDeclaration]) -> dict[Path, str]:
    """The numbersFiles without these rows, each proven to hold all other rows as before."""
    gone: dict[Path, set[int]] = {}
    for number in numbers:
        gone.setdefault(Path(number.source.file), set()).add(number.source.line)
    found: dict[Path, str] = {}
    moving = {number.number for number in numbers}
    by_hand = tr(
        "take the rows out by hand, or move the whole instance (ccc-numbers move INSTANCE --from {name} "
        "--to {name2})",
        name=choice.source.name,
        name2=choice.target.name,
    )
    for path, lines in gone.items():
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise FleetError(
                tr(
                    "{path}: is not UTF-8, and would not stay as it is; {by_hand}",
                    path=shown(path),
                    by_hand=by_hand,
                )
            ) from None
        rows = list(io.StringIO(text, newline=""))  # broken where the reader breaks them
        found[path] = "".join(row for at, row in enumerate(rows, 1) if at not in lines)
        with tempfile.TemporaryDirectory(prefix="ccc-numbers-") as scratch:
            copy = Path(scratch) / path.name
            copy.write_bytes(found[path].encode())
            left, problems = read_numbers_file(copy)
        were, _ = read_numbers_file(path)
        if (
            problems
            or not left
            or [each.said for each in left] != [each.said for each in were if each.number not in moving]
        ):
            raise FleetError(
                tr(
                    "{path}: cannot lose {moving} alone; {by_hand}",
                    path=shown(path),
                    moving=some(sorted(moving)),
                    by_hand=by_hand,
                )
            )
    return found


def _proven(choice: Choice, left: str, added: str, of_sheets: set[str]) -> Declaration:
    """What the source then declares. FleetError unless both texts together say exactly what the files do."""
    before, there = essence(choice.source.declaration), essence(choice.target.declaration)
    leaves = {key for key in before if _leaves(choice, key)}
    there |= {key: before[key] for key in leaves}
    for id, _ in choice.alone:
        there.setdefault(
            ("instance", id), InstanceDeclaration(id, None, None, True, False, {}, {}, {}, NOWHERE)
        )
    stays = {key: each for key, each in before.items() if key not in leaves}
    made = _declares(choice.target.declaration.file, added, there, set())
    if gained := list(overridden(replace(choice.target, declaration=made), choice.numbers)):
        raise FleetError(*gained)
    return _declares(choice.source.declaration.file, left, stays, of_sheets)


def _declares(path: Path, text: str, expected: Mapping[Key, object], apart: set[str]) -> Declaration:
    """The declaration of a text, which is `expected`; numbers `apart` are in a numbersFile that is proven for itself."""
    loaded = load_text(text, path)
    said = {key: each for key, each in essence(loaded.sound).items() if key[-1] not in apart}
    if _left(loaded.sound) and loaded.declaration is None:
        raise FleetError(*(tr("{each}; nothing was moved", each=each) for each in loaded.problems[:5]))
    if said != expected:
        differing = sorted(
            key[-1] for key in said.keys() | expected.keys() if said.get(key) != expected.get(key)
        )
        raise FleetError(
            tr(
                "{path}: cannot be rewritten without changing {differing} (an anchor, or a form of its own): "
                "write it out first; nothing was moved",
                path=shown(path),
                differing=some(differing),
            )
        )
    return loaded.sound


def _leaves(choice: Choice, key: Key) -> bool:
    kind, name = key[0], key[-1]
    if kind in ("number", "order"):
        return name in (choice.numbers if kind == "number" else choice.orders)
    return len(key) > 1 and key[1] in choice.instances
