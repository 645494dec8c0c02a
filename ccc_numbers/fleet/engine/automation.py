"""Pulumi's engine for one stack at a time, through its Automation API; what it says is cut to what matters."""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pulumi import automation as auto
from pulumi.automation.errors import ConcurrentUpdateError

from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.fleet.engine.events import EventLog
from ccc_numbers.fleet.engine.pulumi import pulumi_path, reasons
from ccc_numbers.fleet.engine.way_back import CUT, PROTECTED, way_back

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCKED_BY = re.compile(r"created by (\S+) \(pid \d+\) at (\S+)")


class EngineError(Exception):
    """The engine did not do it; `lines` say why, one each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Locked(EngineError):
    """Somebody else is at this stack."""


class Engine(Protocol):
    """What a run over many stacks asks for. Called from several threads, each with a stack of its own."""

    def plan(self, stack: str, save: Path, log: EventLog) -> None:
        """Preview, and save what it found. Raises EngineError."""

    def apply(self, stack: str, plan: Path, log: EventLog) -> None:
        """Do what the plan says and nothing else. Raises EngineError."""


class PulumiEngine:
    """The real one, for the project in a folder."""

    def __init__(self, project: Path) -> None:
        pulumi_path()
        self._folder = project.resolve()
        self._stacks: dict[str, auto.Stack] = {}

    def plan(self, stack: str, save: Path, log: EventLog) -> None:
        with _explained(self._folder, stack, log):
            self._stack(stack, log).preview(plan=str(save.resolve()), on_event=log.take, color="never")

    def apply(self, stack: str, plan: Path, log: EventLog) -> None:
        with _explained(self._folder, stack, log):
            self._stack(stack, log).up(
                plan=str(plan.resolve()),
                on_event=log.take,
                color="never",
                suppress_outputs=True,
                show_secrets=False,
                # One number that fails keeps nobody from the others; the next run repairs it.
                continue_on_error=True,
            )

    def _stack(self, name: str, log: EventLog) -> auto.Stack:
        """The stack, made in the state if it is new; opened once, for that takes as long as a small preview."""
        if name not in self._stacks:
            # Before Pulumi copies them into history and logs: a refused setting may hold a password.
            if refused := stack_file(Path(self._folder), name).refused:
                raise EngineError(*map(str, refused))
            log.at("opening the state")
            self._stacks[name] = auto.create_or_select_stack(name, work_dir=str(self._folder))
        log.at("starting")
        return self._stacks[name]


@contextmanager
def _explained(folder: Path, stack: str, log: EventLog) -> Iterator[None]:
    """Every failure of the CLI as an EngineError with the lines a person needs, never its whole output."""
    try:
        yield
    except ConcurrentUpdateError as error:
        raise Locked(_locked(stack, str(error))) from None
    except auto.CommandError as error:
        if _LOCKED_BY.search(str(error)):
            raise Locked(_locked(stack, str(error))) from None
        # What the SDK makes of it: the exit code, all of stdout, all of stderr.
        lines = log.errors or reasons(str(error).rsplit("stderr:", 1)[-1])
        raise EngineError(*lines, *_way_on(folder, stack, "\n".join(lines))) from None


def _way_on(folder: Path, stack: str, said: str) -> list[str]:
    """What to do where the state itself stands in the way."""
    replaced = PROTECTED.search(said)
    if not (replaced or CUT.search(said)):
        return []
    if found := way_back(stack, folder):
        return found
    if replaced is None:
        return []
    # Not tainted: it is the run itself that asks for the replacement.
    return [
        "run it without --replace and --target-replace; if the replacement is meant, allow it first: "
        f"pulumi state unprotect {shlex.quote(replaced[1])} --stack {stack} --yes"
    ]


def _locked(stack: str, text: str) -> str:
    found = _LOCKED_BY.search(text)
    holder = f"by {found[1]} since {found[2]}" if found else "by another update"
    return (
        f"the state is locked {holder}: wait for it to end and run this again; "
        f"if nothing runs there any more: pulumi cancel --stack {stack}"
    )
