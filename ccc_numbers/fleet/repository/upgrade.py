"""Moves a team's repository to another version: its one pinned requirement, and how its files differ from the template."""

import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from ccc_numbers.declaration.names import FOLDER
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import read_text, write_text
from ccc_numbers.fleet.gitops import git
from ccc_numbers.fleet.repository.render import FORGE_FILES, Answers, Forge, repository
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.yaml_reader import read_yaml

PIN_FILE = "requirements.txt"
_PIN = re.compile(r"^(ccc-numbers==)([^\s;#]+)(?=[ \t]*(?:#.*)?$)", re.MULTILINE)
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?(\+[a-z0-9.]+)?")
_PROJECT, _ANY = "Pulumi.yaml", "any"


def read_pin(project: Path) -> str:
    """The pinned version. Raises FleetError when there is no such line."""
    found = _PIN.search(read_text(project / PIN_FILE))
    if found is None:
        raise FleetError(
            tr("{pin_file}: has no line ccc-numbers==VERSION, so there is no pin to move", pin_file=PIN_FILE)
        )
    return found[2]


def committed_pin(project: Path) -> str | None:
    """The pin of the last commit; None where there is none, or no git."""
    try:
        found = _PIN.search(git.answer(project, "show", f"HEAD:./{PIN_FILE}"))
    except FleetError:
        return None
    return found[2] if found else None


def move_pin(project: Path, version: str) -> None:
    """Pin another version, and change nothing else. Raises FleetError."""
    if not _VERSION.fullmatch(version):
        raise FleetError(tr("--to {version} is not a version, such as 1.2.0", version=quoted(version)))
    file = project / PIN_FILE
    write_text(file, _PIN.sub(rf"\g<1>{version}", read_text(file)))


def differences(project: Path) -> dict[str, str]:
    """A unified diff for each file that is not as the template has it, by path; `git apply` takes them."""
    diffs = ((path, "".join(_diff(project / path, path, text))) for path, text in _template_of(project))
    return {path: diff for path, diff in diffs if diff}


def _template_of(project: Path) -> Iterator[tuple[str, str]]:
    """Path and text of the template's files for this repository; not those that belong to the team."""
    forges = [forge for forge, file in FORGE_FILES.items() if (project / file).exists()] or [Forge.NONE]
    name = read_yaml(read_text(project / _PROJECT), _PROJECT).at(("name",))
    if not isinstance(name, str):
        raise FleetError(
            tr("{project}: has no project name, so `init` did not write this repository", project=_PROJECT)
        )
    files: dict[str, str] = {}
    for forge in forges:
        files |= repository(Answers(name, stack=_ANY, instance=_ANY, region="", account=None, forge=forge))
    for path, text in sorted(files.items()):
        theirs = path in ("README.md", PIN_FILE) or path.startswith(f"{FOLDER}/") or "/customers/" in path
        if not theirs:
            yield path, text


def _diff(file: Path, path: str, text: str) -> Iterator[str]:
    here = file.exists()
    before = read_text(file).splitlines(keepends=True) if here else []
    source = f"a/{path}" if here else "/dev/null"
    lines = list(unified_diff(before, text.splitlines(keepends=True), source, f"b/{path}"))
    if lines:
        yield f"diff --git a/{path} b/{path}\n"  # not translated: for programs
        if not here:
            yield f"new file mode {'100755' if text.startswith('#!') else '100644'}\n"  # not translated: for programs
    for line in lines:
        yield (
            # not translated: for programs
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        )  # not translated: of git
