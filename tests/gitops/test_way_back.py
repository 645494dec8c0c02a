"""A state that stops every command: which file, which resource, and the command that leads out, with the real CLI."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.gitops.fleet import Fleet, seed
from tests.support import worlds
from tests.support.simulator import start_simulator

A1, A2 = worlds.numbers(2)
LATCH = "ccc-numbers::ccc:components:InstanceNumbers$ccc:index:InstanceLatch::acme-latch"


def _command(said: str, begin: str) -> str:
    """The command a line ends with."""
    (line,) = [line for line in said.splitlines() if begin in line]
    return line[line.index(begin) :].strip()


def _ran(fleet: Fleet, command: str) -> "subprocess.CompletedProcess[str]":
    done = fleet.process(["sh", "-c", command])
    assert done.returncode == 0, done.stderr
    return done


def test_a_state_that_stops_every_command_names_the_way_back(tmp_path: Path) -> None:
    fleet = Fleet.new(tmp_path)
    with start_simulator(seed({"acme": [A1, A2]})) as simulator:
        fleet.stack("acme", simulator.url, {A1: {}}, protected=True)
        assert fleet.pulumi("stack", "init", "acme").returncode == 0
        assert fleet.pulumi("up", "--yes", "--skip-preview", "--stack", "acme").returncode == 0
        fleet.stack("acme", simulator.url, {A1: {}, A2: {}}, protected=True)
        assert fleet.pulumi("up", "--yes", "--skip-preview", "--stack", "acme").returncode == 0
        file = tmp_path / "state/.pulumi/stacks/ccc-numbers/acme.json"
        whole = file.read_bytes()

        # Killed while the checkpoint was written.
        for cut in (b"", whole[: len(whole) // 2], b"\0" * 300):
            file.write_bytes(cut)
            told = fleet.run("plan", "acme", "--output", "json")
            assert told.returncode == 1
            command = _command(told.stdout, "cp ").rstrip('",')
            assert command == f"cp {file}.bak {file}"
            assert f"the state file {file} is cut or damaged, its .bak beside it is whole" in told.stdout
            beside = fleet.process([sys.executable, "-m", "ccc_numbers.fleet.engine.way_back", "acme"])
            assert beside.stderr.strip().endswith(command)
        _ran(fleet, command)
        assert fleet.run("plan", "acme").returncode == 0
        assert list(simulator.numbers("acme")) == [A1, A2]

        # The latch of a protected instance is marked by hand.
        assert fleet.pulumi("up", "--yes", "--skip-preview", "--stack", "acme").returncode == 0
        urn = f"urn:pulumi:acme::{LATCH}"
        assert fleet.pulumi("state", "taint", urn, "--yes", "--stack", "acme").returncode == 0
        told = fleet.run("plan", "acme")
        assert told.returncode == 1
        assert "acme-latch is tainted and protected, so no update can run" in told.stdout.replace("\n", " ")
        beside = fleet.process([sys.executable, "-m", "ccc_numbers.fleet.engine.way_back", "acme"])
        command = _command(beside.stderr, "pulumi state untaint")
        assert command == f"pulumi state untaint '{urn}' --stack acme --yes"
        _ran(fleet, command)
        assert fleet.run("plan", "acme").returncode == 0
        assert fleet.process([sys.executable, "-m", "ccc_numbers.fleet.engine.way_back", "acme"]).stderr == ""
        assert list(simulator.numbers("acme")) == [A1, A2]


@pytest.mark.parametrize("backup", [True, False])
def test_a_cut_state_without_a_whole_bak(tmp_path: Path, backup: bool) -> None:
    fleet = Fleet.new(tmp_path)
    fleet.write("stacks/Pulumi.acme.yaml", {"config": {"ccc:region": "cn-shanghai"}})
    assert fleet.pulumi("stack", "init", "acme").returncode == 0
    root = tmp_path / "state/.pulumi"
    file = root / "stacks/ccc-numbers/acme.json"
    kept = root / "backups/ccc-numbers/acme/acme.1.json"
    if backup:
        kept.parent.mkdir(parents=True)
        kept.write_bytes(file.read_bytes())
    file.write_bytes(b"")
    file.with_name("acme.json.bak").write_bytes(b"{")
    said = fleet.process([sys.executable, "-m", "ccc_numbers.fleet.engine.way_back", "acme"]).stderr
    if backup:
        _ran(fleet, _command(said, "cp "))
        assert fleet.pulumi("stack", "export", "--stack", "acme").returncode == 0
    else:
        assert "there is no whole copy of it. Losing it loses no number: move it away" in said


def test_an_empty_note_beside_a_whole_state_is_named(tmp_path: Path) -> None:
    fleet = Fleet.new(tmp_path)
    fleet.write("stacks/Pulumi.acme.yaml", {"config": {"ccc:region": "cn-shanghai"}})
    assert fleet.pulumi("stack", "init", "acme").returncode == 0
    file = tmp_path / "state/.pulumi/stacks/ccc-numbers/acme.json"
    note = file.with_name("acme.json.attrs")
    note.write_bytes(b"")
    assert "EOF" in fleet.pulumi("stack", "export", "--stack", "acme").stderr
    said = fleet.process([sys.executable, "-m", "ccc_numbers.fleet.engine.way_back", "acme"]).stderr
    assert f"the state file {file} is whole" in said
    _ran(fleet, _command(said, "rm "))
    assert fleet.pulumi("stack", "export", "--stack", "acme").returncode == 0
