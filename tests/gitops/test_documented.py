"""Every command of `docs/gitops.md`, run in its order as it stands there, on an S3-compatible state."""

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.gitops.clone import set_up
from tests.gitops.fleet import ROOT, Fleet
from tests.gitops.repository import Repository
from tests.gitops.services import object_store
from tests.gitops.team import staffed
from tests.support import worlds
from tests.support.documented import Block, Typist, blocks
from tests.support.simulator import Simulator, start_simulator

DOCUMENT = ROOT / "docs" / "gitops.md"
A1, A2, A3 = worlds.numbers(3)
B1, B2 = worlds.numbers(2, start=11)
_OSS = "endpoint=https://s3.oss-cn-shanghai.aliyuncs.com&region=oss-cn-shanghai"


@dataclass
class Person:
    """Somebody who types what the document says, in one shell that remembers what was exported."""

    fleet: Fleet
    store: str
    ccc: Simulator
    typist: Typist

    def types(self, block: Block) -> None:
        """Run a block; each of its commands has to work."""
        self.typist.types(block, {_OSS: self._own_store})

    @property
    def _own_store(self) -> str:
        """The store of this machine, which stands for the one of the document."""
        return self.store.partition("?")[2].removesuffix("&response_checksum_validation=when_required")


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    instances = {
        "acme": staffed(worlds.instance()),
        "beta": staffed(worlds.instance()),
    }
    seed = {"instances": instances, "unassigned": [{"number": each} for each in (A1, A2, A3, B1, B2)]}
    with start_simulator(seed) as ccc, object_store() as store:
        fleet = Fleet.new(tmp_path, ALIBABA_CLOUD_ACCESS_KEY_ID="simulator")
        fleet.environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "simulator"
        for name in ("pipelines", "tools", "requirements.lock"):
            (fleet.folder / name).symlink_to(ROOT / name)
        set_up(fleet.folder)
        fleet.stack("acme", ccc.url, {A1: {}, A2: {}, A3: {}})
        fleet.stack("beta", ccc.url, {B1: {}})
        repository = Repository.new(fleet.folder)
        repository.write(".gitignore", "/.venv\n/.tools\n/out\n")
        repository.commit("Begin")
        repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
        yield Person(fleet, store, ccc, Typist(fleet.folder, fleet.environment, tmp_path / "notes"))


def test_every_command_of_the_document_works(person: Person) -> None:
    edits: dict[str, Callable[[], None]] = {
        f"the line of {A3} is moved from stacks/acme.yaml to stacks/beta.yaml": lambda: _move_number(person),
    }
    for block in blocks(DOCUMENT):
        if block.then:
            edits.pop(block.then)()
        person.types(block)
        if "apply acme beta" in block.commands:
            assert sorted(person.ccc.numbers("beta")) == [A3, B1]
            assert sorted(person.ccc.numbers("acme")) == [A1, A2]
            person.ccc.reset()
    assert edits == {}
    # Since the number was moved, nothing has been written to CCC: neither the instance's move nor the customer's did.
    assert not any(action.startswith(("Add", "Remove", "Modify")) for action in person.ccc.calls())


def test_of_two_at_once_one_works_and_the_other_says_why_not(person: Person) -> None:
    """Locks in an object store, raced for real."""
    person.types(blocks(DOCUMENT)[0])
    person.fleet.process(["pulumi", "stack", "init", "acme"])
    up = ["pulumi", "up", "--stack", "acme", "--yes", "--skip-preview", "--non-interactive", "--color=never"]
    with ThreadPoolExecutor(2) as pool:
        both: list[subprocess.CompletedProcess[str]] = list(pool.map(person.fleet.process, (up, up)))
    one, other = sorted(both, key=lambda each: each.returncode)
    assert one.returncode == 0, one.stdout + one.stderr
    assert "the stack is currently locked by 1 lock(s)" in other.stderr
    assert sorted(person.ccc.numbers("acme")) == [A1, A2, A3]


def _move_number(person: Person) -> None:
    _edit(person, "acme", lambda stack: stack["instances"]["acme"]["numbers"].pop(A3))
    _edit(person, "beta", lambda stack: stack["instances"]["beta"]["numbers"].update({A3: {}}))


def _edit(person: Person, stack: str, change: Callable[[dict[str, Any]], object]) -> None:
    file = f"stacks/{stack}.yaml"
    declared = yaml.safe_load((person.fleet.folder / file).read_text("utf-8"))
    change(declared)
    person.fleet.write(file, declared)
