"""Where a team's repository differs from what `init` of this version would write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from ccc_numbers.declaration.names import FOLDER
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.repository.pin import FILE, text_of
from ccc_numbers.fleet.repository.render import FORGE_FILES, Answers, Forge, repository
from ccc_numbers.messages.yaml_reader import read_yaml

# People's own: what is declared, their words about it, the pin (`read_pin`), and a customer's manifest.
_THEIRS = ("README.md", FILE)
_PROJECT, _ANY = "Pulumi.yaml", "any"


def written_here(project: Path) -> dict[str, str]:
    """The template's files for this repository, without those that are people's own, by path."""
    forges = [forge for forge, file in FORGE_FILES.items() if (project / file).exists()] or [Forge.NONE]
    name = read_yaml(text_of(project / _PROJECT, _PROJECT), _PROJECT).at(("name",))
    if not isinstance(name, str):
        raise FleetError(f"{_PROJECT}: has no name of a project, so it is not a repository that `init` wrote")
    found: dict[str, str] = {}
    for forge in forges:
        answers = Answers(project=name, stack=_ANY, instance=_ANY, region="", account=None, forge=forge)
        found |= repository(answers)
    return {
        path: text
        for path, text in sorted(found.items())
        if path not in _THEIRS and not path.startswith(f"{FOLDER}/") and "/customers/" not in path
    }


def patch(project: Path, files: Mapping[str, str]) -> dict[str, str]:
    """A unified diff for each file that is not as the template has it, by path; `git apply` takes them."""
    found = {}
    for path, text in files.items():
        diff = "".join(_diff(project / path, path, text))
        if diff:
            found[path] = diff
    return found


def _diff(file: Path, path: str, text: str) -> Iterator[str]:
    here = file.exists()
    before = text_of(file, path) if here else ""
    lines = unified_diff(
        before.splitlines(keepends=True),
        text.splitlines(keepends=True),
        f"a/{path}" if here else "/dev/null",
        f"b/{path}",
    )
    first = True
    for line in lines:
        if first:
            first = False
            yield f"diff --git a/{path} b/{path}\n"
            if not here:
                yield f"new file mode {'100755' if text.startswith('#!') else '100644'}\n"
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
