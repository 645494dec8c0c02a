"""What every resource type of the plugin is: six verbs over plain property bags."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ccc_numbers.provider.properties import Change
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag


@dataclass(frozen=True)
class Diff:
    """Property path -> how it differs. Empty means there is nothing to do.

    The engine shows the new inputs beside the old inputs for these paths, but for those in
    `of_outputs` it shows the old outputs. `remarks` are for people, each shown once.
    """

    changes: dict[str, Change] = field(default_factory=dict)
    of_outputs: frozenset[str] = frozenset()
    remarks: Sequence[str] = ()

    @property
    def replaces(self) -> list[str]:
        """The paths that cannot be changed in place."""
        return [path for path, change in self.changes.items() if change is Change.REPLACE]


@dataclass(frozen=True)
class Live:
    """What Read found: the inputs a program would have to give for it, and all properties."""

    id: str
    inputs: Bag
    outputs: Bag


class Refused(Exception):
    """Everything wrong with the properties of a component, one line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Unfinished(Exception):
    """The object exists, but work on it is not done: the engine saves it and repairs it on the next `up`."""

    def __init__(self, resource_id: str, outputs: Bag, reason: str) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.outputs = outputs


class Resource(Protocol):
    """One resource type. Check and Diff are called one after the other for the whole stack: no network there."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        """Everything wrong with the inputs `new`, one line each. `old` is empty for a new resource."""

    def diff(self, old: Bag, new: Bag) -> Diff:
        """What has to change: `old` are the properties in state (after a refresh: the live ones), `new` inputs."""

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        """Bring it about, or take over what is already so: its id and properties."""

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        """The live object, None when there is none. `outputs` and `inputs` are empty on an import."""

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        """Change it in place: its properties then."""

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        """Take it away; already gone is fine."""
