"""Plans and applies many stacks at once: in which order, and when to stop."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers.declaration.names import discover
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.engine.automation import Engine, Locked
from ccc_numbers.fleet.engine.changes import Verb, still_declared
from ccc_numbers.fleet.engine.events import EventLog
from ccc_numbers.fleet.engine.plan_file import misfits, read_plan
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.board import Board, board
from ccc_numbers.fleet.gitops.pipeline import check_surroundings
from ccc_numbers.fleet.gitops.saved_plans import SavedPlan, plan_path
from ccc_numbers.fleet.gitops.touched import digests, stack_texts
from ccc_numbers.fleet.plan.result import Outcome, Result, StackProgress
from ccc_numbers.fleet.stacks import FileClaims, Fleet, read_fleet
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import first_of

_LOCK_PAUSE_SECONDS = 5.0
_MISFITS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class StopRules:
    """When a run stops. Changes and removals are counted over all its stacks, before the first one is made."""

    max_changes: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Refuse more changes than N, over all stacks.")
    ] = None
    max_removals: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Refuse more removals than N, over all stacks.")
    ] = None
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Start no stack after a failure.")] = False
    lock_wait: float = 0.0
    """Seconds to wait for a locked state."""

    def broken_by(self, results: Iterable[Result]) -> str | None:
        """Why these plans together may not be applied."""
        planned = list(results)
        for what, count, limit in (
            ("changes", sum(len(each.changes) for each in planned), self.max_changes),
            ("removals", sum(each.removals for each in planned), self.max_removals),
        ):
            if limit is not None and count > limit:
                return tr(_TOO_MANY[what], count=count, limit=limit)
        return None


_TOO_MANY = {
    "changes": mark(
        "{count} changes in all stacks together, and --max-changes allows {limit}; nothing was changed. If that is "
        "meant, say --max-changes {count}, or do fewer stacks at once"
    ),
    "removals": mark(
        "{count} removals in all stacks together, and --max-removals allows {limit}; nothing was changed. If that is "
        "meant, say --max-removals {count}, or do fewer stacks at once"
    ),
}


@dataclass(frozen=True, slots=True)
class StackTask:
    """One stack to work on: where its plan is saved, the digests of its files, the plan that was reviewed."""

    stack: str
    plan: Path
    files: Mapping[str, str] = field(default_factory=dict)
    reviewed: SavedPlan | None = None


Report = Callable[[Result], None]
Agree = Callable[[Sequence[Result]], bool]
Owner = Callable[[str, str], str | None]
"""The other stack that declares a number, by stack and number; None when no other does."""
Work = Callable[[StackTask, EventLog], Result]


class FleetRun:
    """One run. `report` is called with each result; `progress` may be read at any time from another thread."""

    def __init__(
        self, engine: Engine, rules: StopRules, jobs: int, owner: Owner = lambda _stack, _number: None
    ) -> None:
        self._engine = engine
        self._rules = rules
        self._jobs = jobs
        self._owner = owner
        self._stop = threading.Event()
        self._logs: dict[str, EventLog] = {}
        self._plans: dict[str, EventLog] = {}
        self._results: dict[str, Result] = {}
        self._stacks: list[str] = []

    def plan(self, tasks: Sequence[StackTask], report: Report) -> list[Result]:
        """Plan all; the results in the order of the tasks. A broken rule refuses all of them."""
        return self._kept_to_rules(self._all(tasks, self._plan, "plan", report))

    def apply(
        self, tasks: Sequence[StackTask], report: Report, agree: Agree = lambda _: True
    ) -> list[Result]:
        """Plan all, compare with the rules and the reviewed plans, then do exactly what was planned.

        Nothing is done unless `agree`, which is shown the plans, says so.
        """
        planned = self._kept_to_rules(self._all(tasks, self._plan, "plan", lambda _: None))
        if self._rules.fail_fast and any(not each.well for each in planned):
            planned = [_left_out(each) if each.well else each for each in planned]
        if any(each.well and each.changes for each in planned) and not agree(planned):
            planned = [_unconfirmed(each) if each.well else each for each in planned]
        planned = [replace(each, verb=self._engine.verb) for each in planned]
        todo = []
        for task, each in zip(tasks, planned, strict=True):
            if each.well and not self._engine.does_nothing(task.plan):
                todo.append(task)
            else:
                report(each)
        applied = {each.stack: each for each in self._all(todo, self._apply, self._engine.verb, report)}
        return [applied.get(each.stack, each) for each in planned]

    def progress(self) -> list[StackProgress]:
        return [self._progress_of(stack) for stack in self._stacks]

    def _progress_of(self, stack: str) -> StackProgress:
        result, log = self._results.get(stack), self._logs.get(stack)
        if result is not None:
            error = result.errors[0] if result.errors else None
            return StackProgress(stack, "", result.counts, result.seconds, result.outcome, error)
        if log is None:
            return StackProgress(stack)
        counts = Result(stack, "plan", Outcome.DONE, log.changes).counts
        return StackProgress(stack, log.step, counts, log.seconds)

    def _kept_to_rules(self, results: list[Result]) -> list[Result]:
        reason = self._rules.broken_by(results)
        if reason is None:
            return results
        return [
            replace(each, outcome=Outcome.REFUSED, errors=(reason,)) if each.well else each
            for each in results
        ]

    def _all(self, tasks: Sequence[StackTask], work: Work, verb: Verb, report: Report) -> list[Result]:
        self._stacks = [task.stack for task in tasks]
        self._results, self._logs = {}, {}

        def one(task: StackTask) -> Result:
            result = self._one(task, work, verb)
            self._results[task.stack] = result
            report(result)
            return result

        with ThreadPoolExecutor(self._jobs, thread_name_prefix="stack") as pool:
            try:
                return list(pool.map(one, tasks))
            except BaseException:
                self._stop.set()  # those under way end in order; the CLI has had the same Ctrl-C
                raise

    def _one(self, task: StackTask, work: Work, verb: Verb) -> Result:
        if self._stop.is_set():
            return _left_out(Result(task.stack, verb, Outcome.LEFT_OUT, files=task.files))
        log = EventLog(None if verb == "plan" else self._plans[task.stack])
        self._logs[task.stack] = log
        if verb == "plan":
            self._plans[task.stack] = log
        try:
            result = self._patiently(task, work, log)
        except FleetError as error:
            result = Result(task.stack, verb, Outcome.FAILED, log.changes, error.lines)
        if not result.well and self._rules.fail_fast:
            self._stop.set()
        return replace(
            result,
            verb=verb,
            changes=still_declared(result.changes, partial(self._owner, task.stack)),
            seconds=round(log.seconds, 1),
            warnings=log.warnings,
            files=task.files,
            instances=log.instances,
        )

    def _patiently(self, task: StackTask, work: Work, log: EventLog) -> Result:
        until = time.monotonic() + self._rules.lock_wait
        while True:
            try:
                return work(task, log)
            except Locked:
                if time.monotonic() + _LOCK_PAUSE_SECONDS > until:
                    raise
                log.step = tr("waiting for the lock")
                self._stop.wait(_LOCK_PAUSE_SECONDS)

    def _plan(self, task: StackTask, log: EventLog) -> Result:
        self._engine.plan(task.stack, task.plan, log)
        if task.reviewed is not None:
            wrong = list(misfits(read_plan(task.reviewed.plan), read_plan(task.plan)))
            if wrong:
                lines = _refusal(task.files, task.reviewed.summary.files, wrong)
                return Result(task.stack, "plan", Outcome.REFUSED, log.changes, lines)
        return Result(task.stack, "plan", Outcome.DONE, log.changes)

    def _apply(self, task: StackTask, log: EventLog) -> Result:
        self._engine.apply(task.stack, task.plan, log)
        # The run ended well: so did every step of it, those too that the engine has no word for.
        return Result(
            task.stack, "apply", Outcome.DONE, tuple(replace(each, done=True) for each in log.changes)
        )


def _left_out(result: Result) -> Result:
    return replace(
        result, outcome=Outcome.LEFT_OUT, errors=(tr("left out, because another stack failed (--fail-fast)"),)
    )


def _unconfirmed(result: Result) -> Result:
    return replace(result, outcome=Outcome.LEFT_OUT, errors=(tr("not confirmed"),))


def _refusal(files: Mapping[str, str], reviewed: Mapping[str, str], wrong: Sequence[str]) -> tuple[str, ...]:
    paths = sorted(files.keys() | reviewed.keys()) if reviewed else []
    changed = ", ".join(path for path in paths if files.get(path) != reviewed.get(path))
    since = (
        tr("changed since: {changed}", changed=changed)
        if changed
        else tr("CCC or the state changed meanwhile")
    )
    first = tr("the plan no longer fits, nothing was changed; {since}. Plan and review it again", since=since)
    return first, *first_of(wrong, _MISFITS_SHOWN)


def run_many(
    work: Callable[[FleetRun, Sequence[StackTask], Board], list[Result]],
    engine: Engine,
    stacks: Sequence[str],
    plans: Path,
    rules: StopRules,
    jobs: int | None,
    masking: Callable[[str], str],
    *,
    reviewed: Mapping[str, SavedPlan] = {},
    reason: str | None = None,
) -> list[Result]:
    """Work on the stacks with the board on stderr; plans go to the folder `plans`. Raises FleetError."""
    project = engine.project
    check_surroundings(os.environ, project, stacks)
    plans.mkdir(parents=True, exist_ok=True)
    texts = stack_texts(project)
    tasks = [
        StackTask(stack, plan_path(plans, stack), digests(project, stack, texts), reviewed.get(stack))
        for stack in stacks
    ]
    run = FleetRun(engine, rules, jobs or default_jobs(), _Owners(project).owner)
    with board(err(), run.progress, masking, several=len(tasks) > 1) as report:
        results = work(run, tasks, report)
    return [replace(each, reason=reason) for each in results]


class _Owners:
    """Which other stack declares a number. The files are read when somebody asks, and once."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def owner(self, stack: str, number: str) -> str | None:
        """The other stack of the account that declares the number; None when no other does."""
        return (
            FileClaims(self._fleet, self._fleet.stacks[stack]).owner(number)
            if stack in self._fleet.stacks
            else None
        )

    @cached_property
    def _fleet(self) -> Fleet:
        return read_fleet(self._project, discover(self._project))


def default_jobs() -> int:
    """Stacks at a time: each is a CLI, a language host, a program and a plugin, which wait much of the time."""
    return min(max(2 * (os.cpu_count() or 1), 2), 16)
