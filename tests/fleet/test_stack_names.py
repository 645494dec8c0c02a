"""A stack's name reaches shells, paths and CI matrices: what cannot be one is refused before."""

import json
from pathlib import Path

import pytest

from ccc_numbers.declaration.names import full_name_fault, name_fault
from ccc_numbers.fleet.cli import main
from tests.fleet.fleet_files import Fleet, numbers
from tests.gitops.repository import Repository

HOSTILE = [
    "--help",
    "-x",
    "$(id)",
    "`id`",
    "a b",
    "a\nb",
    "a;id",
    "a'b",
    'a"b',
    "客服",
    "a\u202eb",
    "a" * 101,
    "..",
    "",
]


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fleet:
    """A project with one stack, `acme`."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: ccc-numbers\n")
    found = Fleet(tmp_path, capsys)
    found.stack("acme", numbers("acme", "95518"))
    return found


@pytest.mark.parametrize("name", ["acme", "acme-1", "ACME_1.prod", "_x", "4", "a" * 100])
def test_a_plain_name_is_taken(name: str) -> None:
    assert name_fault(name) is None
    assert full_name_fault(f"organization/project/{name}") is None


@pytest.mark.parametrize("name", [*HOSTILE, "../x", "/etc/x", "a/b/c/d", "a//b", "x/-y"])
def test_a_name_that_a_shell_or_a_path_takes_otherwise_is_refused_with_the_reason(name: str) -> None:
    fault = full_name_fault(name)
    assert fault
    assert fault.startswith("is not a stack's name: it ")
    assert fault.isprintable()


@pytest.mark.parametrize(
    "verb", ["check", "drift", "heal", "plan", "apply", "report --out=r", "orders", "matrix"]
)
@pytest.mark.parametrize("name", ["--help", "$(id)", "../x", "a\nb"])
def test_every_verb_refuses_such_a_stack(fleet: Fleet, verb: str, name: str) -> None:
    run = fleet.run(*verb.split(), "--", name)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("ccc-numbers: stack ")
    assert "is not a stack's name" in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("numbers", "--stack=--help"),
        ("vendors", "--stack=$(id)"),
        ("orders", "request", "o-1", "--stack=../x"),
        ("adopt", "acme", "--stack=a\nb"),
    ],
)
def test_every_option_that_takes_a_stack_refuses_it_too(fleet: Fleet, words: tuple[str, ...]) -> None:
    run = fleet.run(*words)
    assert (run.code, run.out) == (2, "")
    assert "is not a stack's name" in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize("name", ["$(id)", "--help", "a b", "a\nb"])
def test_a_file_of_such_a_name_is_a_problem_of_check(fleet: Fleet, name: str) -> None:
    (fleet.root / "stacks" / f"Pulumi.{name}.yaml").write_text("config: {}\n")
    run = fleet.run("check")
    shown = name.replace("\n", "\\n")
    [line] = [line for line in run.out.splitlines() if "is not a stack's name" in line]
    assert run.code == 2
    assert line.startswith(f'stacks/Pulumi.{shown}.yaml:1:1: "{shown}" is not a stack\'s name: it ')
    assert fleet.run("check", "acme").code == 0
    found = json.loads(fleet.run("check", "-o", "json").out)
    assert [each["rule"] for each in found["problems"]] == ["stack-name"]
    for form in ("sarif", "markdown"):
        assert "is not a stack's name" in fleet.run("check", "-o", form).out


@pytest.mark.parametrize(
    "verb", [("drift",), ("plan",), ("apply", "--all"), ("heal",), ("report", "--out=r"), ("orders",)]
)
def test_no_verb_passes_such_a_file_by_in_silence(fleet: Fleet, verb: tuple[str, ...]) -> None:
    (fleet.root / "stacks" / "Pulumi.$(id).yaml").write_text("config: {}\n")
    run = fleet.run(*verb)
    assert (run.code, run.out) == (2, "")
    assert "stacks/Pulumi.$(id).yaml:1:1: " in run.err


@pytest.mark.parametrize("form", ["github", "gitlab", "list"])
@pytest.mark.parametrize("how", [("--all",), ("--since", "HEAD")])
def test_such_a_file_never_becomes_an_entry_of_a_matrix(
    form: str,
    how: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outputs = tmp_path / "outputs"
    monkeypatch.setenv("GITHUB_OUTPUT", str(outputs))
    repository = Repository.new(tmp_path / "project")
    for path in ("Pulumi.yaml", "stacks/Pulumi.acme.yaml", "stacks/acme.yaml"):
        repository.write(path, "")
    repository.commit()
    repository.write("stacks/Pulumi.$(id).yaml", "config: {}\n")
    assert main(["matrix", *how, "-o", form, "--project", str(repository.folder)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert 'Pulumi.$(id).yaml:1:1: "$(id)" is not a stack\'s name: it holds "$"' in said.err
    assert not outputs.exists()


def test_such_a_file_can_be_taken_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is not among those removed either, which a pipeline is told line by line."""
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    repository = Repository.new(tmp_path / "project")
    for path in ("Pulumi.yaml", "stacks/Pulumi.acme.yaml", "stacks/Pulumi.x\nstacks=evil.yaml"):
        repository.write(path, "")
    repository.commit()
    (repository.folder / "stacks" / "Pulumi.x\nstacks=evil.yaml").unlink()
    assert main(["matrix", "--since", "HEAD", "--project", str(repository.folder)]) == 0
    assert "evil" not in capsys.readouterr().err + (tmp_path / "outputs").read_text()
