"""The states of stacks: exported, kept in the project, written back, and parts of them."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ccc_numbers.fleet.engine.pulumi import answer, run
from ccc_numbers.fleet.engine.resources import ROSTER, urn_type
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.language import tr

Wire = dict[str, Any]
_OURS = Path(".ccc-numbers")


@dataclass(frozen=True)
class State:
    """An exported state, as text and read. No resources: a stack that Pulumi does not know, or that is empty."""

    stack: str
    text: str

    @cached_property
    def _whole(self) -> Mapping[str, Any]:
        return dict(json.loads(self.text))

    @property
    def deployment(self) -> Mapping[str, Any]:
        return self._whole.get("deployment") or {}

    @property
    def resources(self) -> Sequence[Wire]:
        return self.deployment.get("resources") or ()

    @property
    def places(self) -> tuple[str, ...]:
        """Where CCC was when it was made, as far as its rosters say."""
        rosters = (each for each in self.resources if urn_type(each["urn"]) == ROSTER)
        return tuple(sorted({str(each.get("outputs", {}).get("place", "")) for each in rosters} - {""}))

    def holding(self, resources: Sequence[Wire]) -> "State":
        """The state with these resources."""
        deployment = {**self.deployment, "resources": list(resources)}
        deployment.pop("pending_operations", None)
        return State(self.stack, json_text({**self._whole, "deployment": deployment}))

    def refuse_interrupted(self, place: str = "") -> None:
        """FleetError when a run was stopped in the middle of a change."""
        if self.deployment.get("pending_operations"):
            raise FleetError(
                tr(
                    "the last run on stack {stack} was interrupted in the middle of a change; run `pulumi "
                    "up`{place} first, or `pulumi cancel` and `pulumi refresh`",
                    stack=self.stack,
                    place=place,
                )
            )


def export(project: Path, stack: str) -> State:
    """The state of a stack. Raises FleetError with Pulumi's reason."""
    return State(
        stack,
        # not translated: a command
        answer(project, ["stack", "export", "--stack", stack], "pulumi stack export"),
    )


def export_or_make(project: Path, stack: str, report: Callable[[str], None]) -> State:
    """The same; a stack that Pulumi does not know is made, empty."""
    exported = run(project, ["stack", "export", "--stack", stack])
    if exported.code != 0:
        if "no stack named" not in exported.err:  # not translated: a command
            raise FleetError(f"pulumi stack export: {exported.reason}")  # not translated: a command
        report(tr("making the stack {stack}", stack=stack))
        answer(
            project,
            ["stack", "init", stack, "--no-select"],
            "pulumi stack init",  # not translated: a command
        )
        return export(project, stack)
    return State(stack, exported.out)


def write_back(project: Path, state: State) -> None:
    """Make this the state of its stack. Raises FleetError with Pulumi's reason."""
    file = _folder(project) / f"{state.stack.rsplit('/', 1)[-1]}.json"
    write_text(file, state.text)
    answer(
        project,
        ["stack", "import", "--stack", state.stack, "--file", str(file.resolve())],
        "pulumi stack import",  # not translated: a command
    )
    file.unlink()


def keep(project: Path, state: State) -> Path:
    """Keep a copy of the state in the project; where."""
    kept = _folder(project) / f"{state.stack.rsplit('/', 1)[-1]}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    write_text(kept, state.text)
    return kept


def journal_of(project: Path, stack: str) -> Path:
    """The folder in which the provider notes what a run of the stack has begun; empty when all of it is saved."""
    return project / _OURS / "journal" / stack.rsplit("/", 1)[-1]


def pruned(resource: Wire, stays: Callable[[str], bool]) -> Wire:
    """A resource that depends only on those whose URN `stays`."""
    kept = dict(resource)
    if "dependencies" in kept:
        kept["dependencies"] = [urn for urn in kept["dependencies"] if stays(urn)]
    if "propertyDependencies" in kept:
        kept["propertyDependencies"] = {
            name: [urn for urn in urns or () if stays(urn)]
            for name, urns in kept["propertyDependencies"].items()
        }
    if "deletedWith" in kept and not stays(kept["deletedWith"]):
        del kept["deletedWith"]
    return kept


def _folder(project: Path) -> Path:
    write_text(project / _OURS / ".gitignore", "*\n", folders=True)
    folder = project / _OURS / "states"
    folder.mkdir(exist_ok=True)
    return folder
