"""Makes a move: files, states, and the previews that prove it. Whatever fails before the proof is taken back."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ccc_numbers.fleet.engine.states import State, export_or_make, journal_of, keep, write_back
from ccc_numbers.fleet.engine.transfer import Handed, Picked, handed
from ccc_numbers.fleet.engine.up_preview import UpPreview, preview_up, up_without_preview
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import read_text, write_text
from ccc_numbers.fleet.move.choice import Choice
from ccc_numbers.fleet.move.rewrite import Rewritten
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed, some
from ccc_numbers.messages.problem import shown


@dataclass(frozen=True)
class Ready:
    """A move that can be made: the files, and both states as they are. `own_files` are the source's two, with their texts."""

    project: Path
    choice: Choice
    files: Rewritten
    source: State
    target: State
    own_files: Mapping[Path, str]

    @property
    def source_ends(self) -> bool:
        """Whether the source declares nothing any more, and its state holds nothing more: its two files go."""
        return self.files.source_empty and not self.handed.source.resources

    @cached_property
    def handed(self) -> Handed:
        """The states afterwards."""
        choice = self.choice
        wanted = {*choice.orders, *choice.target.declaration.orders} - choice.source.declaration.orders.keys()
        picked = Picked(choice.instances, choice.numbers, {*wanted, *choice.orders})
        return handed(self.source, self.target, picked)


def ready(project: Path, choice: Choice, files: Rewritten, report: Callable[[str], None]) -> Ready:
    """Read both states. Raises FleetError where one of them is not at rest."""
    source, target = (_at_rest(project, stack.name, report) for stack in (choice.source, choice.target))
    own = (choice.source.declaration.file, project / "stacks" / f"Pulumi.{choice.source.name}.yaml")
    texts = {path: read_text(path) for path in own if path.exists()}
    made = Ready(project, choice, files, source, target, texts)
    _ = made.handed  # refuses what cannot be handed on, before anybody is asked
    return made


def _at_rest(project: Path, stack: str, report: Callable[[str], None]) -> State:
    if any(journal_of(project, stack).glob("*.jsonl")):
        raise FleetError(
            tr(
                "the last run on stack {stack} was killed: `pulumi up` there first finishes what it began",
                stack=stack,
            )
        )
    state = export_or_make(project, stack, report)
    state.refuse_interrupted()
    return state


@dataclass(frozen=True, slots=True)
class Moved:
    """How many resources moved, what an `up` of each stack would still do, and where the old states are kept."""

    count: int
    left: Mapping[str, UpPreview]
    kept: tuple[Path, ...]


def move(ready: Ready, report: Callable[[str], None]) -> Moved:
    """Make it and prove it. Raises FleetError; see the module."""
    choice, states = ready.choice, ready.handed
    stacks = [choice.target.name, *([] if ready.source_ends else [choice.source.name])]
    kept = tuple(keep(ready.project, each) for each in (ready.source, ready.target))
    with _taken_back(ready, kept):
        report(tr("writing the files"))
        # The target first: a number that nobody declares for a moment would be one to remove.
        for path, text in ready.files.after.items():
            write_text(path, text)
        report(tr("writing both states"))
        for before, after in ((ready.target, states.target), (ready.source, states.source)):
            if after.resources != before.resources:
                write_back(ready.project, after)
        if ready.source_ends:
            for path in ready.own_files:
                path.unlink(missing_ok=True)
        report(tr("previewing what `pulumi up` would do now"))
        left = {stack: _proven(ready, stack) for stack in stacks}
    for stack, found in left.items():
        if found.reaches_ccc:
            continue
        report(
            tr(
                "bringing roster, latch and outputs of {stack} up to date, which exist only in Pulumi's state",
                stack=stack,
            )
        )
        try:
            up_without_preview(ready.project, stack)
            if found.bookkeeping:
                report(tr("previewing once more, as the proof"))
                left[stack] = _proven(ready, stack)
        except FleetError as error:
            raise FleetError(
                *error.lines,
                tr("everything has moved; `pulumi up` of {stack} brings its roster up to date", stack=stack),
            ) from None
    return Moved(states.count, left, kept)


def _proven(ready: Ready, stack: str) -> UpPreview:
    """The preview of a stack. Raises FleetError when it would change a line that moved."""
    found = preview_up(ready.project, stack)
    choice = ready.choice
    below = tuple(f"{instance}/" for instance in choice.instances)
    changed = [
        each
        for each in (*found.others, *found.joining)
        if (name := each.split(" ", 2)[2]) in choice.numbers or name.startswith(below)
    ]
    if changed:
        raise FleetError(
            tr(
                "`pulumi up` of {stack} would then change a line that moves ({changed}), so there is work "
                "waiting on it: run `pulumi up` of {name} first",
                stack=stack,
                changed=some(changed),
                name=choice.source.name,
            )
        )
    return found


@contextmanager
def _taken_back(ready: Ready, kept: tuple[Path, ...]) -> Iterator[None]:
    """Whatever ends this block early leaves files and states as they were, or says how to go on."""
    try:
        yield
    except BaseException as error:
        why = error.lines if isinstance(error, FleetError) else ()
        try:
            _take_back(ready)
        except (FleetError, OSError) as again:
            choice = ready.choice
            raise FleetError(
                *why,
                tr("the move was begun, and taking it back failed: {again}", again=again),
                tr(
                    "run the same command again to finish it; the states of before are in {names} (`pulumi stack "
                    "import --file`), the files of before in git; CCC was not written, no line of {name} is cut",
                    names=listed(map(shown, kept)),
                    name=choice.source.name,
                ),
            ) from None
        if isinstance(error, FleetError):
            raise FleetError(*why, tr("nothing was moved: files and states are as they were")) from None
        raise


def _take_back(ready: Ready) -> None:
    # The source first, as when they were written: each number is declared by somebody at any time.
    texts: dict[Path, str | None] = {**ready.own_files, **ready.files.before}
    for path, text in texts.items():
        path.unlink(missing_ok=True) if text is None else write_text(path, text)
    for state in (ready.source, ready.target):
        now = export_or_make(ready.project, state.stack, lambda _: None)
        if now.resources != state.resources:
            write_back(ready.project, state)
