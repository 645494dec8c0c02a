"""A call centre and the stack that declares it, alike until a test changes one of them by hand."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccc_numbers.fleet.cli import main
from tests.support.simulator import Simulator, start_simulator

INSTANCE, OTHER = "acme-support", "acme-billing"
NUMBER = "02180001001"


def number(index: int) -> str:
    """The index-th number; number(1) is NUMBER."""
    return f"0218000{1000 + index}"


def live(number: str, **changes: Any) -> dict[str, Any]:
    """A number in the instance, bound as the stack declares."""
    bound = {
        "number": number,
        "usage": "Bidirectional",
        "contactFlow": "主流程",
        "skillGroups": ["sales"],
        "provider": "A",
    }
    return {key: value for key, value in {**bound, **changes}.items() if value is not None}


def instance(*numbers: Mapping[str, Any]) -> dict[str, Any]:
    """An instance with two published flows, one that never was, and two skill groups with agents."""
    return {
        "status": "RUNNING",
        "contactFlows": [
            {"name": "主流程", "type": "MAIN_FLOW", "published": True, "definition": '{"a": 1}'},
            {"name": "夜间流程", "type": "MAIN_FLOW", "published": True},
            {"name": "草稿", "type": "MAIN_FLOW", "published": False},
        ],
        "skillGroups": [
            {"name": "sales", "displayName": "销售组", "users": 3},
            {"name": "vip", "displayName": "贵宾组", "users": 1},
        ],
        "users": [{"login": "wang"}, {"login": "li"}],
        "numbers": [dict(number) for number in numbers],
    }


@dataclass(frozen=True)
class Answer:
    """What `ccc-numbers` answered."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON form."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """(kind, subject) of each finding."""
        return [(each["kind"], each["subject"]) for each in self.report["findings"]]

    def the(self, kind: str) -> dict[str, Any]:
        """The one finding of a kind."""
        found: dict[str, Any]
        (found,) = [each for each in self.report["findings"] if each["kind"] == kind]
        return found


@dataclass
class World:
    """One stack `acme` of one instance; `state` and `declared` may be changed until `set` puts them in place."""

    root: Path
    simulator: Simulator
    capsys: pytest.CaptureFixture[str]
    state: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, Any] = field(default_factory=dict)

    def begin(self, count: int = 3) -> None:
        """`count` numbers, declared and bound alike."""
        numbers = [number(index) for index in range(1, count + 1)]
        self.state = {
            "instances": {INSTANCE: instance(*map(live, numbers)), OTHER: instance()},
            "unassigned": [],
        }
        defaults = {"usage": "bidirectional", "flow": "主流程", "skillGroups": ["sales"]}
        self.declared = {
            "instances": {INSTANCE: {"defaults": defaults, "numbers": {each: {} for each in numbers}}}
        }
        self.set()

    @property
    def here(self) -> dict[str, Any]:
        """The instance as the simulator shall have it."""
        found: dict[str, Any] = self.state["instances"][INSTANCE]
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its numbers."""
        found: list[dict[str, Any]] = self.here["numbers"]
        return found

    @property
    def numbers(self) -> dict[str, Any]:
        """The numbers the stack declares."""
        found: dict[str, Any] = self.declared["instances"][INSTANCE]["numbers"]
        return found

    def set(self) -> None:
        """Put both in place."""
        self.simulator.put_state(deepcopy(self.state))
        self.stack("acme", self.declared)

    def edit(self) -> dict[str, Any]:
        """Take the simulator's state as it is now, to change it by hand and `set` it."""
        self.state = self.simulator.state()
        return self.state

    def stack(self, name: str, declared: Mapping[str, Any] | str, **config: object) -> None:
        """A stack's two files."""
        settings = {"endpoint": self.simulator.url, **config}
        own = yaml.safe_dump({"config": {f"ccc:{key}": value for key, value in settings.items()}})
        text = (
            declared
            if isinstance(declared, str)
            else yaml.safe_dump(dict(declared), allow_unicode=True, sort_keys=False)
        )
        (self.root / "stacks" / f"Pulumi.{name}.yaml").write_text(own, "utf-8")
        (self.root / "stacks" / f"{name}.yaml").write_text(text, "utf-8")

    def run(self, *words: str) -> Answer:
        """Run `ccc-numbers` with these words."""
        self.capsys.readouterr()
        code = main(words)
        said = self.capsys.readouterr()
        return Answer(code, said.out, said.err)

    def drift(self, *words: str) -> Answer:
        """Run `ccc-numbers drift` for its JSON form."""
        return self.run("drift", *words, "--output", "json")


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """One for the whole file: each test puts its own state."""
    with start_simulator({}) as running:
        yield running


@pytest.fixture
def world(
    tmp_path: Path,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> World:
    """A project in the working folder, its stack as CCC holds it."""
    for name in (
        "CCC_ENDPOINT",
        "CCC_REGION",
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text(
        "name: ccc-numbers\nruntime: python\nstackConfigDir: stacks\n", "utf-8"
    )
    simulator.faults([])
    found = World(tmp_path, simulator, capsys)
    found.begin()
    return found
