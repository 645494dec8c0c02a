"""What `make lint` says about the lock files."""

import pytest

from tests.tools.machine import Machine
from tools import lock


def change(machine: Machine, name: str, old: str, new: str) -> None:
    """Changes the first such text in a file of the made-up checkout."""
    path = machine.checkout.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_lock_files_of_this_project_are_right(machine: Machine) -> None:
    assert lock.problems(machine.checkout) == []


def test_a_dependency_without_a_new_lock_is_found(machine: Machine) -> None:
    change(machine, "pyproject.toml", '  "tenacity",', '  "tenacity",\n  "requests",')
    (problem,) = lock.problems(machine.checkout)
    assert problem.startswith("requirements.lock:1: not made from what is asked for now")
    assert problem.endswith("run: make lock")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "\naiofiles==",
            "\n--index-url https://mirror.example.org/simple\naiofiles==",
            "names a host or an option",
        ),
        ("\naiofiles==24.1.0", "\naiofiles @ https://example.org/aiofiles.whl", "names a host or an option"),
        ("\naiofiles==24.1.0", "\naiofiles>=24.1.0", "no exact version"),
        ("\naiofiles==", "\nbare==1.0\naiofiles==", "no hash: bare==1.0"),
    ],
)
def test_an_unsafe_line_is_named(machine: Machine, old: str, new: str, said: str) -> None:
    change(machine, "requirements.lock", old, new)
    found = lock.problems(machine.checkout)
    assert any(problem.startswith("requirements.lock:2: ") and said in problem for problem in found)


def test_a_missing_lock_file_is_named(machine: Machine) -> None:
    machine.checkout.lock.unlink()
    assert "requirements.lock: missing; run: make lock" in lock.problems(machine.checkout)
