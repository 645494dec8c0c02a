"""Pulumi's engine for one stack at a time, through its Automation API, with its errors cut to what matters."""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi import automation as auto
from pulumi.automation.errors import ConcurrentUpdateError

from ccc_numbers.declaration import clock
from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.fleet.engine.events import EventLog
from ccc_numbers.fleet.engine.plan_file import does_nothing
from ccc_numbers.fleet.engine.pulumi import pulumi_path, reasons
from ccc_numbers.fleet.engine.way_back import CUT, PROTECTED, way_back
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ccc_numbers.fleet.engine.changes import Verb

_LOCKED_BY = re.compile(r"created by (\S+) \(pid \d+\) at (\S+)")  # not translated: Pulumi's words


class Locked(FleetError):
    """Another update holds the lock of this stack."""


class Engine:
    """Pulumi's `up` for the project in a folder. Called from several threads, each with a stack of its own.

    `refresh` looks at everything in the state as well, also at what is declared no more. `at`: the moment whose overrides
    hold for the plan and for what is then done, without one the present. `targets`: by stack, the URNs of the only
    resources to work on; without, all of it.
    """

    verb: Verb = "apply"

    def __init__(
        self,
        project: Path,
        *,
        refresh: bool = False,
        at: datetime | None = None,
        targets: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        pulumi_path()
        self.project = project
        self._folder = project.resolve()
        self._refresh = refresh or None
        self._environment = clock.pinned(at)
        self._targets = targets
        self._stacks: dict[str, auto.Stack] = {}

    @cached_property
    def _command(self) -> auto.PulumiCommand:
        """Asks the CLI for its version, once for all stacks."""
        return auto.PulumiCommand()

    def plan(self, stack: str, save: Path, log: EventLog) -> None:
        """Preview, and save the plan. Raises FleetError."""
        with _explained(self._folder, stack, log):
            self._stack(stack, log).preview(
                plan=str(save.resolve()),
                on_event=log.take,
                color="never",
                refresh=self._refresh,
                target=self._targets_of(stack),
            )

    def does_nothing(self, plan: Path) -> bool:
        """Whether a saved plan changes nothing at all, not even bookkeeping."""
        return does_nothing(plan)

    def apply(self, stack: str, plan: Path, log: EventLog) -> None:
        """Do what the plan says and nothing else. Raises FleetError."""
        with _explained(self._folder, stack, log):
            self._stack(stack, log).up(
                plan=str(plan.resolve()),
                on_event=log.take,
                color="never",
                suppress_outputs=True,
                show_secrets=False,
                # One number that fails keeps nobody from the others; the next run repairs it.
                continue_on_error=True,
                refresh=self._refresh,
                target=self._targets_of(stack),
            )

    def _targets_of(self, stack: str) -> list[str] | None:
        # No target at all means everything to the engine: a stack without one must not come here.
        return None if self._targets is None else list(self._targets[stack])

    def _stack(self, name: str, log: EventLog) -> auto.Stack:
        """The stack, opened once, for that takes as long as a small preview."""
        if name not in self._stacks:
            # Before Pulumi copies them into history and logs: a refused setting may hold a password.
            if refused := stack_file(Path(self._folder), name).refused:
                raise FleetError(*map(str, refused))
            log.step = tr("opening the state")
            opts = auto.LocalWorkspaceOptions(env_vars=self._environment, pulumi_command=self._command)
            self._stacks[name] = _without_questions(self._opened(name, opts))
        log.step = tr("starting")
        return self._stacks[name]

    def _opened(self, name: str, opts: auto.LocalWorkspaceOptions) -> auto.Stack:
        """The stack, made in the state if it is new."""
        return auto.create_or_select_stack(name, work_dir=str(self._folder), opts=opts)


class Destroyer(Engine):
    """Pulumi's `destroy`: it has no plans of its own to save."""

    verb: Verb = "destroy"

    def plan(self, stack: str, save: Path, log: EventLog) -> None:
        """Show what a destroy would delete. Raises FleetError, for an instance that is protected too."""
        try:
            with _explained(self._folder, stack, log):
                self._stack(stack, log).destroy(preview_only=True, on_event=log.take, color="never")
        except FleetError:
            if log.protected:
                raise FleetError(*(_protected(stack, each) for each in sorted(log.protected))) from None
            raise

    def does_nothing(self, plan: Path) -> bool:
        return False

    def apply(self, stack: str, plan: Path, log: EventLog) -> None:
        """Destroy what the stack has. Raises FleetError."""
        with _explained(self._folder, stack, log):
            self._stack(stack, log).destroy(
                on_event=log.take,
                color="never",
                suppress_outputs=True,
                show_secrets=False,
                continue_on_error=True,
            )

    def _opened(self, name: str, opts: auto.LocalWorkspaceOptions) -> auto.Stack:
        return auto.select_stack(name, work_dir=str(self._folder), opts=opts)


def _without_questions(stack: auto.Stack) -> auto.Stack:
    """The stack without what the SDK asks after each run: three more starts of the CLI, whose answers nobody here reads."""
    unknown = auto.UpdateSummary("", datetime.min, "", {}, {}, "")
    stack.outputs = dict  # type: ignore[method-assign]
    stack.info = lambda _=False: unknown  # type: ignore[method-assign,assignment]
    return stack


def _protected(stack: str, instance: str) -> str:
    return tr(
        "{instance} is protected, so nothing was removed. If its numbers are to go, set `protected: "
        "false` on it in stacks/{stack}.yaml and deploy that first; or, for this once: pulumi destroy "
        "--ignore-protect --stack {stack}",
        instance=instance,
        stack=stack,
    )


@contextmanager
def _explained(folder: Path, stack: str, log: EventLog) -> Iterator[None]:
    """Raise every failure of the CLI as a FleetError with the lines a person needs, never its whole output."""
    try:
        yield
    except auto.CommandError as error:
        locked = _LOCKED_BY.search(str(error))
        if locked or isinstance(error, ConcurrentUpdateError):
            holder = (
                tr("by {who} since {when}", who=locked[1], when=locked[2])
                if locked
                else tr("by another update")
            )
            raise Locked(
                tr(
                    "the state is locked {holder}: wait for it to end and run this again; if nothing runs there any "
                    "more: pulumi cancel --stack {stack}",
                    holder=holder,
                    stack=stack,
                )
            ) from None
        # What the SDK makes of it: the exit code, all of stdout, all of stderr.
        lines = log.errors or reasons(str(error).rsplit("stderr:", 1)[-1])
        raise FleetError(*lines, *_way_on(folder, stack, "\n".join(lines))) from None


def _way_on(folder: Path, stack: str, said: str) -> list[str]:
    """What to do where the state itself is in the way."""
    replaced = PROTECTED.search(said)
    found = way_back(stack, folder) if replaced or CUT.search(said) else []
    if found or not replaced:
        return found
    # Not tainted: it is the run itself that asks for the replacement.
    return [
        tr(
            "run it without --replace and --target-replace; if the replacement is meant, allow it first: "
            "pulumi state unprotect {urn} --stack {stack} --yes",
            urn=shlex.quote(replaced[1]),
            stack=stack,
        )
    ]
