"""The command itself: it teaches, starts fast, and ends with the right code."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccc_numbers import __version__
from ccc_numbers.declaration.schema import schema_text
from ccc_numbers.fleet.cli import main

COMMANDS = Path(__file__).parents[2] / "ccc_numbers" / "fleet" / "commands"


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ccc_numbers", *words],
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


@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_plan_and_apply_have_the_same_rules(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    said = capsys.readouterr().out
    for option in ("--max-changes", "--max-removals", "--fail-fast", "--output", "--summary", "--mask"):
        assert f" {option} " in said
    assert main([verb, "--max-changes", "-1"]) == 2
    assert "--max-changes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["chekc"], 'ccc-numbers: unknown command "chekc"; did you mean "check"?'),
        (
            ["check", "--outptu", "json"],
            'ccc-numbers check: unknown option "--outptu"; did you mean "--output"?',
        ),
        (["report"], "ccc-numbers report: --out is missing"),
        (["report", "--out"], "ccc-numbers: --out needs a value"),
        (["numbers", "acme"], "ccc-numbers numbers: one word too many: acme"),
        (["orders", "request"], "ccc-numbers orders request: KEY is missing"),
        (
            ["report", "--out", "x", "-o", "csv"],
            'ccc-numbers report: --output: unknown value "csv"; one of: table, json',
        ),
        (
            ["report", "--out", "x", "--lapsing", "soon"],
            'ccc-numbers report: --lapsing: "soon" is not a whole number',
        ),
        (
            ["report", "--out", "x", "--lapsing", "0"],
            "ccc-numbers report: --lapsing: 0 is too small; the least is 1",
        ),
    ],
)
def test_a_wrong_word_is_named_in_one_line_and_ends_with_two(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said, help = capsys.readouterr().err.splitlines()
    assert said == expected
    assert help.startswith(expected.partition(":")[0])


def test_a_wrong_word_is_named_in_the_readers_language() -> None:
    assert run("report", CCC_LANG="zh").stderr.startswith("ccc-numbers report: 缺少 --out\n")


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"ccc-numbers {__version__}\n"


@pytest.mark.parametrize(
    ("line", "at", "offered"),
    [("ccc-numbers dri", "1", "drift"), ("ccc-numbers plan --detailed", "2", "--detailed-exit-code")],
)
def test_the_shell_completes_verbs_and_their_options(line: str, at: str, offered: str) -> None:
    done = run(_CCC_NUMBERS_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=at)
    assert done.stdout.split() == [offered], done.stderr


@pytest.mark.parametrize("words", [("plan", "nobody"), ("plan", "--bogus")])
def test_with_a_detailed_exit_code_two_never_means_that_it_went_wrong(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "stacks").mkdir()
    place = ("--project", str(tmp_path))
    assert main([*words, *place]) == 2
    assert main([*words, "--detailed-exit-code", *place]) == 1


def test_one_verb_does_not_load_the_others_nor_pulumi() -> None:
    code = (
        "import sys\nfrom ccc_numbers.fleet.cli import main\n"
        "assert main(['--help']) == 0\n"
        "heavy = {'pulumi', 'grpc', 'pydantic', 'yaml', 'ccc', 'vendors', 'starlette'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert main(['schema']) == 0\n"
        "heavy = {'pulumi', 'grpc', 'ccc_numbers.api.client', 'aliyunsdkcore', 'starlette'} & set(sys.modules)\n"
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


@pytest.mark.parametrize("verb", ["check", "drift", "heal", "plan", "orders", "report"])
def test_an_unexpected_error_ends_with_two_in_one_line(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 would mean that something differs."""

    def broken(_: object) -> Path:
        raise RuntimeError("lost redis://team:pa55word@cache/0")

    monkeypatch.setattr(importlib.import_module(f"ccc_numbers.fleet.commands.{verb}"), "find_project", broken)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert main([verb, *(["--out", "site"] if verb == "report" else [])]) == 2
    said = capsys.readouterr()
    (file,) = tmp_path.iterdir()
    assert said.err == (
        f"ccc-numbers: internal error (RuntimeError), so the result is unknown; its details are in {file}\n"
    )
    details = file.read_text("utf-8")
    assert "RuntimeError: lost redis://…@cache/0" in details
    assert "test_cli.py" in details
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("words", [("check",), ("schema",)])
def test_an_output_nobody_reads_is_not_a_difference(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "ccc_numbers", *words],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
        cwd=COMMANDS.parents[2],
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (2, "")


@pytest.mark.parametrize(
    "module", ["typer", "ccc_numbers.fleet.verbs", "ccc_numbers.fleet.commands.drift", "pydantic", "yaml"]
)
def test_an_interruption_while_modules_are_read_is_quiet(module: str) -> None:
    """The first lines are those of the installed command, with Ctrl-C pressed as `module` is looked for."""
    code = f"""
import os, signal, sys
class Pressed:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Pressed())
sys.argv = ["ccc-numbers", "drift"]
from ccc_numbers.fleet.cli import main
sys.exit(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == schema_text()


def test_the_simulators_own_help_is_shown() -> None:
    done = run("simulator", "--help")
    assert done.returncode == 0
    assert "--latency-ms" in done.stdout


def test_the_simulator_takes_its_options_and_dies_with_its_process() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ccc_numbers", "simulator", "--port", "0", "--exit-with-stdin"],
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
