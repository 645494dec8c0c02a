"""What two stacks of one account may do to its numbers, in a few lines: the model that random days are held against.

Nothing here knows how the provider decides. It knows the files, where each number was before a verb and is after it, and what
the stack's state remembered when the verb began.
"""

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ccc_numbers.provider.wire import bag
from tests.support.engine import State
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, OTHER

SHOP, STRANGER = "acme-shop", "acme-stranger"
STACKS = {"acme": (INSTANCE, OTHER), "shop": (SHOP,)}
DEFAULTS = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]}
WORDS = {"bidirectional": "Bidirectional", "inbound": "Inbound", "outbound": "Outbound"}

Row = tuple[str, str | None, tuple[str, ...]]
Place = tuple[str, Row | None]
FREE: Place = ("", None)
Truth = dict[str, Place]


def truth(simulator: Simulator) -> Truth:
    """Where every number of the account is and how it is bound."""
    state = simulator.state()
    found: Truth = {row["number"]: FREE for row in state["unassigned"]}
    for place, each in state["instances"].items():
        for row in each["numbers"]:
            assert row["number"] not in found, "a number in two places"
            groups = tuple(sorted(row.get("skillGroups", ())))
            found[row["number"]] = (place, (row["usage"], row.get("contactFlow"), groups))
    return found


@dataclass
class Files:
    """The stack files, as people edit them. `numbers`: stack -> instance -> number -> its settings."""

    project: Path
    url: str
    numbers: dict[str, dict[str, dict[str, dict[str, Any]]]] = field(default_factory=dict)
    instances: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self) -> None:
        for stack, places in self.numbers.items():
            said = {
                place: {"protected": False, "defaults": DEFAULTS, "numbers": listed}
                | self.instances.get(place, {})
                for place, listed in places.items()
            }
            self._write(f"{stack}.yaml", {"instances": said})
            self._write(f"Pulumi.{stack}.yaml", {"config": {"ccc:endpoint": self.url}})

    def _write(self, name: str, said: object) -> None:
        text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
        (self.project / "stacks" / name).write_text(text, "utf-8")

    def place_of(self, stack: str, number: str) -> str | None:
        return next((place for place, listed in self.numbers[stack].items() if number in listed), None)

    def owners(self, number: str) -> list[str]:
        return [stack for stack in self.numbers if self.place_of(stack, number)]

    def settings(self, stack: str, number: str) -> dict[str, Any]:
        return self.numbers[stack][str(self.place_of(stack, number))][number]

    def wanted(self, stack: str, number: str) -> Place:
        """What is declared of a number, as `truth` has it."""
        said = DEFAULTS | self.settings(stack, number)
        usage = str(said["usage"])
        flow = None if usage == "outbound" else str(said["flow"])
        return str(self.place_of(stack, number)), (WORDS[usage], flow, tuple(sorted(said["skillGroups"])))

    def declared(self, stack: str) -> list[str]:
        return [number for listed in self.numbers[stack].values() for number in listed]

    def gives(self, place: str, number: str) -> bool:
        """Whether some file declares the instance without the number."""
        return any(place in each and number not in each[place] for each in self.numbers.values())


@dataclass(frozen=True)
class Remembered:
    """What a stack's state, and the journal of its killed runs, say when a verb begins."""

    managed: Set[tuple[str, str]]
    """Number and instance, for everything that the stack knows it has put, or was about to put, somewhere."""
    rosters: Mapping[str, Set[str]]
    begun: Set[str]

    @classmethod
    def of(cls, state: State, journal: Path) -> "Remembered":
        managed: set[tuple[str, str]] = set()
        rosters: dict[str, set[str]] = {}
        for entry in state.entries.values():
            inputs, outputs = bag(entry.inputs), bag(entry.outputs)
            for said in (inputs, outputs):
                listed = said.get("numbers") or [said.get("number")]
                assert isinstance(listed, list)
                managed |= {(str(number), str(said.get("instanceId"))) for number in listed if number}
            if "InstanceRoster" in entry.urn or "InstanceLatch" in entry.urn:
                listed = inputs.get("numbers") or []
                assert isinstance(listed, list)
                rosters.setdefault(str(inputs["instanceId"]), {str(n) for n in listed})
        lines = [
            json.loads(line) for file in journal.glob("*.jsonl") for line in file.read_text().splitlines()
        ]
        begun = {(str(number), str(place)) for number, place, _ in lines}
        return cls(frozenset(managed | begun), rosters, {number for number, _ in begun})


def faults_of_a_verb(
    files: Files, stack: str, known: Remembered, before: Truth, after: Truth, *, destroying: bool = False
) -> list[str]:
    """What a verb of this stack did that it may not do: a line for each number."""
    found = [f"{n} was lost" for n in before.keys() - after.keys()]
    found += [
        said
        for number in before
        if before[number] != after.get(number, FREE)
        and (
            said := _wrong(files, stack, known, number, before[number], after[number], destroying=destroying)
        )
    ]
    return found


def _wrong(
    files: Files, stack: str, known: Remembered, number: str, was: Place, now: Place, *, destroying: bool
) -> str:
    """Why this number may not have changed like that, "" where it may."""
    mine, here = files.place_of(stack, number), f"{number}: {was} became {now}"
    others = [each for each in files.owners(number) if each != stack]
    if others:
        return f"{here}, which {others[0]} declares"
    if mine is None or destroying:
        if (number, was[0]) not in known.managed:
            return f"{here}, and this stack never had it there"
        return "" if now == FREE else f"{here}, though nobody declares it"
    if was[0] == mine:
        return "" if now[0] == mine else f"{here}, though it is declared there"
    if was == FREE:
        return "" if now[0] == mine else f"{here}, but is declared for {mine}"
    said = files.settings(stack, number)
    if not (said.get("adopt") or files.gives(was[0], number) or (number, was[0]) in known.managed):
        return f"{here}, which nobody gave away"
    return "" if now[0] in (mine, "") else f"{here}, but is declared for {mine}"


def beyond_budget(files: Files, stack: str, known: Remembered, before: Truth, after: Truth) -> list[str]:
    """Instances that are still declared and lost more numbers than their removal budget allows."""
    found = []
    for place in files.numbers[stack]:
        had = known.rosters.get(place, set()) - known.begun
        gone = {n for n in had if before.get(n, FREE)[0] == place and after.get(n) == FREE}
        gone -= set(files.declared(stack))
        if len(gone) > int(files.instances.get(place, {}).get("removalBudget", 1)):
            found.append(f"{sorted(gone)} were taken out of {place}, beyond its budget")
    return found
