"""The command itself: it teaches, starts fast, and ends with the right code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from components.declaration.schema import schema_text
from fleet.cli import main

COMMANDS = Path(__file__).parents[2] / "fleet" / "commands"


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "fleet", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": "", "HOME": "", **environment},
    )


def test_help_names_every_verb_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for file in COMMANDS.glob("[a-z]*.py"):
        assert file.stem.replace("_", "-") in said
    assert "0 all well · 1 something differs · 2 could not look" in said


def test_no_verb_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    assert "Usage: ccc-numbers" in said.out + said.err


@pytest.mark.parametrize(
    "verb",
    sorted(file.stem.replace("_", "-") for file in COMMANDS.glob("[a-z]*.py") if file.stem != "simulator"),
)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    said = capsys.readouterr()
    assert f"ccc-numbers {verb}" in said.out
    assert said.err == ""


def test_an_unknown_verb_names_the_nearest_and_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chekc"]) == 2
    said = capsys.readouterr().err
    assert "No such command 'chekc'" in said
    assert "'check'" in said


def test_a_wrong_option_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--bogus"]) == 2
    assert "--bogus" in capsys.readouterr().err


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "ccc-numbers 0.1.0\n"


def test_one_verb_does_not_load_the_others_nor_pulumi() -> None:
    code = (
        "import sys\nfrom fleet.cli import main\n"
        "assert main(['--help']) == 0\n"
        "heavy = {'pulumi', 'grpc', 'pydantic', 'yaml', 'ccc', 'vendors', 'starlette'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert main(['schema']) == 0\n"
        "heavy = {'pulumi', 'grpc', 'ccc.client', 'aliyunsdkcore', 'starlette'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_output_that_is_no_terminal_has_no_colour() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == schema_text()


def test_the_simulators_own_help_is_shown() -> None:
    done = run("simulator", "--help")
    assert done.returncode == 0
    assert "--latency-ms" in done.stdout


def test_the_simulator_takes_its_options_and_dies_with_its_process() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fleet", "simulator", "--port", "0", "--exit-with-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.stdin.close()
        assert process.wait(timeout=30) == 0
