"""A clone as a runner makes it, and the tool chain in it. Run as a program in a clone, it is that clone's `make tools`.

Needs nothing but Python itself, for it is run where nothing is installed yet.
"""

import filecmp
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def check_out(bare: Path, commit: str, folder: Path, depth: int = 0) -> None:
    """The commit in a folder of its own, with so many commits of its past; 0 is all of it."""
    shallow = [f"--depth={depth}"] if depth else []
    _git("clone", "-q", *shallow, "--no-checkout", f"file://{bare}", str(folder))
    _git("-C", str(folder), "fetch", "-q", *shallow, "origin", commit)
    _git("-C", str(folder), "checkout", "-q", commit)


def set_up(folder: Path) -> None:
    """Give a clone the tool chain of this checkout, as `make tools` would give it one of its own."""
    if (folder / ".venv").exists():
        return
    (folder / ".venv").mkdir()
    for part in (ROOT / ".venv").iterdir():
        (folder / ".venv" / part.name).symlink_to(part)
    (folder / ".tools").mkdir()
    for mark in (".venv/stamp", ".tools/pulumi.json"):
        if not (folder / mark).exists():
            (folder / mark).write_text("{}")
    for room in ("ccc_numbers", "components"):
        _compile(folder, room)


def _compile(folder: Path, room: str) -> None:
    """Bring what Python has compiled of this checkout, for each source that is the same: each job would do it again."""
    if (folder / room).is_symlink():
        return  # it is this checkout's own
    for compiled in (ROOT / room).rglob("*.pyc"):
        source = compiled.parents[1] / f"{compiled.name.split('.')[0]}.py"
        twin = folder / source.relative_to(ROOT)
        linked = twin.resolve() == source.resolve()
        if not linked and twin.is_file() and source.is_file() and filecmp.cmp(source, twin, shallow=False):
            shutil.copystat(source, twin)  # by the time of its source Python knows that it is compiled
            (twin.parent / "__pycache__").mkdir(exist_ok=True)
            shutil.copy2(compiled, twin.parent / "__pycache__")


def _git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


if __name__ == "__main__":
    assert sys.argv[1:] == ["tools"], f"a pipeline makes something that has no stand-in: {sys.argv[1:]}"
    set_up(Path.cwd())
