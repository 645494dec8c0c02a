"""Files that are no files, or too large: one line each, at once, and never another file's content."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ccc_numbers.declaration.read import load, load_stack
from ccc_numbers.declaration.stack import stack_file
from tests.declaration.conftest import Folder

ACME = """\
instances:
  acme-support:
    defaults: {usage: inbound, flow: 主流程}
    numbersFile: numbers.csv
"""
HEAD = "number,usage,flow,skillGroups,order\n"


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)  # from the working folder: the name of a socket has to be short


def _folder(path: Path) -> None:
    path.mkdir()


ODD = [(_pipe, "a named pipe"), (_socket, "a socket"), (_folder, "a folder")]


def _make(folder: Folder, name: str, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as there:
        there.chdir(folder.root / "stacks")
        make(folder.root / "stacks" / name)


@pytest.mark.parametrize(("make", "what"), ODD)
def test_a_path_that_is_not_a_file_is_reported_at_once(
    folder: Folder, make: Callable[[Path], None], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe nobody writes into used to hang for ever."""
    _make(folder, "numbers.csv", make, monkeypatch)
    _make(folder, "flow.json", make, monkeypatch)
    flow = '    contactFlows: {夜间流程: {definition: flow.json}}\n    numbers: {"02180001001": {}}\n'
    lines = folder.lines(ACME + flow)
    assert lines == [
        f'stacks/acme.yaml:4:18: instances.acme-support.numbersFile: "numbers.csv" is {what}, not a file',
        "stacks/acme.yaml:5:39: instances.acme-support.contactFlows.夜间流程.definition: "
        f'"flow.json" is {what}, not a file',
    ]


@pytest.mark.parametrize(("make", "what"), ODD)
def test_a_stack_file_that_is_not_a_file(
    folder: Folder, make: Callable[[Path], None], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(folder, "acme.yaml", make, monkeypatch)
    (problem,) = load(Path("stacks/acme.yaml")).problems
    assert str(problem) == f"stacks/acme.yaml:1:1: is {what}, not a file"
    _make(folder, "Pulumi.acme.yaml", make, monkeypatch)
    (problem,) = stack_file(folder.root, "acme").problems
    assert str(problem) == f"stacks/Pulumi.acme.yaml:1:1: is {what}, not a file"


@pytest.mark.parametrize("name", ["acme.yaml", "Pulumi.acme.yaml"])
def test_a_stack_file_that_leads_out_of_the_project_is_not_read(
    folder: Folder, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A pull request could have had `check` quote a runner's files."""
    secret = tmp_path_factory.mktemp("elsewhere") / "environment"
    secret.write_text("TOKEN=pa55word\n", "utf-8")
    (folder.root / "stacks" / name).symlink_to(secret)
    (problem,) = load_stack(folder.root, "acme").problems
    assert str(problem).startswith(f"stacks/{name}:1:1: leads out of ")
    assert "pa55word" not in str(problem)


def test_a_link_within_the_project_may_be_a_stack_file(folder: Folder) -> None:
    shared = folder.root / "shared.yaml"
    shared.write_text('instances: {a: {numbers: {"02180001001": {usage: inbound, flow: x}}}}\n', "utf-8")
    (folder.root / "stacks" / "acme.yaml").symlink_to(shared)
    assert load_stack(folder.root, "acme").declaration is not None


def test_a_file_beyond_its_bound_is_not_read(folder: Folder) -> None:
    folder.write("numbers.csv", HEAD.encode() + b"#" * (16 * 1024 * 1024))
    folder.write("flow.json", b'{"a": "' + b"x" * (1024 * 1024) + b'"}')
    flow = '    contactFlows: {夜间流程: {definition: flow.json}}\n    numbers: {"02180001001": {}}\n'
    lines = folder.lines(ACME + flow)
    assert [line.rpartition('" ')[2] for line in lines] == ["is larger than 16 MiB", "is larger than 1 MiB"]
    assert folder.lines("#" * (4 * 1024 * 1024 + 1)) == ["stacks/acme.yaml:1:1: is larger than 4 MiB"]


def test_a_row_too_many_is_named(folder: Folder) -> None:
    rows = "".join(f"021{20_000_000 + index}\n" for index in range(100_002))
    folder.write("numbers.csv", f"number\n{rows}")
    assert folder.lines(ACME) == [
        "stacks/numbers.csv:100002:1: row 100002: is one too many: a file holds at most 100,000 rows"
    ]


def test_the_largest_sound_file_is_read_in_bounded_memory(folder: Folder) -> None:
    rows = "".join(f"021{20_000_000 + index},inbound,夜间流程,,\n" for index in range(100_000))
    folder.write("numbers.csv", HEAD + rows)
    folder.write("acme.yaml", ACME)
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom ccc_numbers.declaration.read import load\n"
        "limit = 1024 * 1024 * 1024\nresource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "found = load(Path('stacks/acme.yaml'))\nassert not found.problems\n"
        "print(len(found.sound.instances['acme-support'].numbers))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert (done.returncode, done.stdout) == (0, "100000\n"), done.stderr
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 600 * 1024


def test_problems_beyond_a_hundred_of_a_kind_are_counted(folder: Folder) -> None:
    folder.write("numbers.csv", HEAD + "x\n" * 2_000 + "02180001001,both,,,\n")
    lines = folder.lines(ACME)
    assert len(lines) == 101
    assert lines[99] == "stacks/numbers.csv:101:1: row 101: has 1 cells; the header names 5 columns"
    assert lines[100] == "stacks/numbers.csv:102:1: and 1,901 more of this kind"
    (more,) = [problem for problem in load(Path("stacks/acme.yaml")).problems if problem.count > 1]
    assert (more.count, more.rule, more.severity) == (1_901, "csv", "error")


@pytest.mark.parametrize(
    ("definition", "why"),
    [
        ('{"a": ' + "9" * 4_301 + "}", "holds a whole number of thousands of digits, which no flow needs"),
        ("[" * 100_000, "is nested too deeply for a flow"),
    ],
)
def test_a_definition_python_itself_cannot_read(folder: Folder, definition: str, why: str) -> None:
    folder.write("flow.json", definition)
    flow = '    contactFlows: {夜间流程: {definition: flow.json}}\n    numbers: {"02180001001": {}}\n'
    assert folder.lines(ACME.replace("    numbersFile: numbers.csv\n", "") + flow) == [
        f"stacks/flow.json:1:1: {why}"
    ]
