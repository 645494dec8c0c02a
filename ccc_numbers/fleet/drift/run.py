"""One drift run from the files to the report."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from time import monotonic

from ccc_numbers.declaration.clock import Window
from ccc_numbers.declaration.ignore_rules import IgnoreRule
from ccc_numbers.declaration.names import IGNORE_FILE, discover
from ccc_numbers.fleet.drift.accepted import (
    BASELINE_FILE,
    BASELINE_OWNER,
    BaselineEntry,
    apply_baseline,
    apply_rules,
    baseline_text,
    read_baseline,
    read_rules,
)
from ccc_numbers.fleet.drift.compare import compare
from ccc_numbers.fleet.drift.gather import NOTHING, InstanceKey, Snapshot, Unread, gather
from ccc_numbers.fleet.drift.reachability import unfollowed
from ccc_numbers.fleet.drift.report import Coverage, Report, Unseen
from ccc_numbers.fleet.drift.selection import Selection
from ccc_numbers.fleet.drift.since import with_since
from ccc_numbers.fleet.drift.state import state_findings
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.fleet.progress import InstanceProgress
from ccc_numbers.fleet.stacks import Fleet, Stack, numbers_of, read_fleet
from ccc_numbers.fleet.traffic.read import CallReader
from ccc_numbers.fleet.traffic.summary import said, traffic_of
from ccc_numbers.messages.files import inside
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.problem import shown
from ccc_numbers.numbers.finding_kinds import ABOUT_CALLS, ABOUT_REACH, FindingKind, Severity
from ccc_numbers.vendors.ledger import LAPSING_DAYS


class FailOn(StrEnum):
    """The severity from which findings are drift, for the exit code."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"

    @property
    def severity(self) -> Severity | None:
        return None if self is FailOn.NEVER else Severity(self.value)


@dataclass(frozen=True, slots=True)
class DriftOptions:
    """What to look for. `ignore` and `baseline` are files; None takes the project's own, when it has one.

    `kinds` None is all of them; `state` compares with Pulumi's state as well; `offline` asks CCC nothing, so that
    no instance is known and only the files are judged. `reachability` asks CCC whom it offers numbers, and follows flows.
    `traffic`: look at the calls of that time too. `numbers`: report what is about these alone.
    """

    kinds: tuple[FindingKind, ...] | None = None
    lapsing_days: int = LAPSING_DAYS
    ignore: Path | None = None
    baseline: Path | None = None
    state: bool = False
    accepting: bool = False
    offline: bool = False
    fail_on: FailOn = FailOn.WARNING
    reachability: bool = False
    traffic: Window | None = None
    numbers: Selection = field(default_factory=Selection)

    @property
    def unlooked(self) -> frozenset[FindingKind]:
        """The kinds that this run does not look for, whatever there is."""
        without_reach = frozenset() if self.reachability else ABOUT_REACH
        return without_reach if self.traffic else without_reach | ABOUT_CALLS


@dataclass(frozen=True, slots=True)
class DriftRun:
    """A run with its material: the files as read, and CCC as it was seen."""

    fleet: Fleet
    snapshot: Snapshot
    report: Report


def look(
    project: Path,
    names: Sequence[str],
    options: DriftOptions,
    today: date,
    progress: InstanceProgress | None = None,
    verb: str = "drift",
    at: datetime | None = None,
) -> DriftRun:
    """Compare the stacks `names` with CCC. Writes nothing there. `verb` is the command this is done for, `at` the moment whose
    overrides hold, without one that of the environment.

    Raises FleetError for an ignore file or baseline that cannot be read; whatever else goes wrong is in the
    report, so that one customer's mistake does not hide the others' drift.
    """
    begun, looked_at = monotonic(), datetime.now(UTC)
    rules, entries = _accepting(project, options)
    window = options.traffic
    everything = list(dict.fromkeys((*discover(project), *names)))
    fleet = read_fleet(project, everything, at)
    readable = [name for name in names if not fleet.stacks[name].problems]
    stacks = [fleet.stacks[name] for name in readable]
    reader = CallReader.of(project, window) if window else None
    snapshot = (
        NOTHING
        if options.offline
        else asyncio.run(gather(project, stacks, progress, verb, reader, offers=options.reachability))
    )
    findings = compare(fleet, readable, snapshot, today, options.lapsing_days, window)
    findings = list(with_since(project, snapshot, findings, today))
    blind = _unseen(fleet, readable, snapshot)
    notes = _unreadable_others(fleet, names)
    for stack in stacks:
        unseen, chosen = unfollowed(stack, snapshot)
        blind, notes = [*blind, *unseen], [*notes, *chosen]
    if options.state:
        more, stateless = state_findings(project, stacks)
        findings, blind = [*findings, *more], [*blind, *stateless]
    problems = tuple(dict.fromkeys(problem for name in names for problem in fleet.stacks[name].problems))
    if not (blind or problems):
        options.numbers.refuse_unknown(_known(stacks, snapshot))
    wanted = [
        each
        for each in findings
        if (options.kinds is None or each.kind in options.kinds) and options.numbers.takes(each)
    ]
    narrowed = options.kinds is not None or options.numbers
    whole = set(names) == set(everything) and not (narrowed or blind or problems or options.offline)
    reported, ignored = apply_rules(rules, wanted, today, whole=whole, unlooked=options.unlooked)
    reported, again, found = apply_baseline(entries, reported)
    traffic = traffic_of(fleet, readable, snapshot, window) if window else None
    notes = [*([said(traffic)] if traffic else []), *notes]
    lost = {entry for entry in entries - found if entry.kind not in options.unlooked}
    if whole and (gone := len(lost)):
        stale = trn(
            "{count:,} entry of the baseline is no longer true; write it again with `ccc-numbers drift --accept`",
            "{count:,} entries of the baseline are no longer true; write it again with `ccc-numbers drift --accept`",
            gone,
        )
        notes.insert(0, stale)
    report = Report(
        looked_at=looked_at,
        seconds=round(monotonic() - begun, 3),
        stacks=tuple(names),
        findings=tuple(sorted(reported, key=lambda finding: finding.order)),
        ignored=(*ignored, *again),
        unseen=tuple(dict.fromkeys(blind)),
        problems=problems,
        coverage=tuple(_coverage(fleet, readable, snapshot)),
        kinds=options.kinds,
        numbers=options.numbers.numbers or None,
        unlooked=tuple(
            name
            for name, looked in (("traffic", window), ("reachability", options.reachability))
            if not looked
        ),
        notes=tuple(notes),
        fail_on=options.fail_on.severity,
        traffic=traffic,
    )
    return DriftRun(fleet, snapshot, report)


def _known(stacks: Iterable[Stack], snapshot: Snapshot) -> set[str]:
    """The numbers that somebody may ask about: declared, or in an instance that was read."""
    declared = (number for stack in stacks for _, number in numbers_of(stack.declaration))
    live = (number for view in snapshot.views.values() for number in view.numbers)
    return {*(each.number for each in declared), *live}


def _coverage(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot) -> list[Coverage]:
    """How much of each instance some stack declares; an instance of two stacks counts for the first."""
    rows: list[Coverage] = []
    counted: set[InstanceKey] = set()
    for name in stacks:
        stack = fleet.stacks[name]
        for instance in stack.declaration.instances.values():
            view, live, managed, absent = snapshot.view(name, instance.id), None, None, None
            if view is not None:
                numbers = () if view.place in counted else tuple(view.numbers)
                counted.add(view.place)
                live = len(numbers)
                managed = sum(bool(fleet.owners_of(stack.world, number)) for number in numbers)
                absent = len(instance.numbers.keys() - view.numbers.keys())
            rows.append(Coverage(name, instance.id, len(instance.numbers), live, managed, absent))
    return rows


def _unseen(fleet: Fleet, stacks: Iterable[str], snapshot: Snapshot) -> list[Unseen]:
    """Every stack without an account and every instance that could not be read."""
    found: list[Unseen] = []
    for name in stacks:
        if name in snapshot.failed:
            found.append(Unseen(name, None, snapshot.failed[name]))
        for instance in fleet.stacks[name].declaration.instances:
            place = InstanceKey(snapshot.accounts.get(name, ""), instance)
            unread = snapshot.unread.get(place) or _without_calls(snapshot.calls_unread.get(place))
            if unread is not None:
                detail = unread.detail if unread.detail != unread.reason else None
                found.append(Unseen(name, instance, unread.reason, detail))
    return found


def _without_calls(unread: Unread | None) -> Unread | None:
    """Why the calls of an instance could not be read."""
    return unread and Unread(tr("its calls: {reason}", reason=unread.reason), unread.detail)


def _accepting(
    project: Path, options: DriftOptions
) -> tuple[tuple[IgnoreRule, ...], frozenset[BaselineEntry]]:
    """The ignore file and the baseline: those named, or the project's own where it has them."""
    rules = options.ignore or _own(project, IGNORE_FILE)
    entries = options.baseline or _own(project, BASELINE_FILE)
    if options.accepting and entries is not None and not entries.exists():
        entries = None
    return read_rules(rules) if rules else (), read_baseline(entries) if entries else frozenset()


def accept(project: Path, report: Report, options: DriftOptions) -> Path:
    """Write the baseline that accepts everything a run found; the file."""
    path = options.baseline or project / BASELINE_FILE
    before = read_baseline(path) if path.exists() else frozenset()
    again = [each.finding for each in report.ignored if each.owner == BASELINE_OWNER]
    kinds = frozenset(FindingKind if report.kinds is None else report.kinds) - options.unlooked
    text = baseline_text(before, [*report.findings, *again], report.stacks, kinds)
    write_text(path, text)
    return path


def _own(project: Path, name: str) -> Path | None:
    """The project's own file, where it has one. FleetError for a link to what is not the project's."""
    path = project / name
    found = inside(project, name) if path.exists() else None
    if isinstance(found, str):
        raise FleetError(f"{shown(path)}: {found}")
    return found


def _unreadable_others(fleet: Fleet, names: Sequence[str]) -> list[str]:
    """Stacks that were not asked for, yet their files matter: what they declare is not unmanaged."""
    broken = [
        name
        for name, stack in fleet.stacks.items()
        if stack.problems and name not in names and stack.file.declaration.exists()
    ]
    return [
        tr(
            "stack {name} cannot be read: numbers that it declares may be reported as unmanaged here; "
            "`ccc-numbers check {name}` says why",
            name=name,
        )
        for name in broken
    ]
