"""The benchmarks run, every subject of them, and say what they found in the promised form."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.rounds import NAMES
from bench.subject import Verb

ROOT = Path(__file__).parents[2]
COUNT = 3
VERBS = (Verb.UP, Verb.REFRESH, Verb.DESTROY)


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """The JSON object of one small run."""
    path = f"{ROOT / '.venv' / 'bin'}:{ROOT / '.tools' / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "bench", f"--sizes={COUNT}", "--repeat=1", "--latency-ms=1", "--verb=refresh"],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "times the engine alone" in done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_every_subject_is_measured_with_the_verbs_asked_for(measured: dict[str, Any]) -> None:
    names = [name for name in NAMES if name != "terraform" or shutil.which("terraform")]
    found = {(row["subject"], row["verb"]) for row in measured["rows"]}
    assert found == {(name, str(verb)) for name in names for verb in VERBS}
    assert all(row["seconds"] > 0 and row["runs"] == [row["seconds"]] for row in measured["rows"])


def test_rows_say_whose_time_it_is_and_what_was_called(measured: dict[str, Any]) -> None:
    row = next(row for row in measured["rows"] if (row["subject"], row["verb"]) == ("ccc", "up"))
    assert row["numbers"] == COUNT
    assert {"engine", "program", "plugin", "simulator"} <= row["cpuSeconds"].keys()
    assert row["pluginPeakMb"] > 10
    assert row["timesEngineAlone"] > 0
    assert row["calls"]["AddPhoneNumbers"] == 1


def test_the_calls_are_within_their_bounds(measured: dict[str, Any]) -> None:
    bounds = [
        figure for figure in measured["figures"] if "calls" in figure["name"] or "writes" in figure["name"]
    ]
    assert len(bounds) == 2 * len(VERBS)
    assert [figure for figure in bounds if not figure["met"]] == []


def test_startup_is_told_apart(measured: dict[str, Any]) -> None:
    assert measured["startupSeconds"].keys() == {
        "interpreter",
        "import pulumi",
        "program",
        "plugin ccc",
        "plugin noop",
    }
