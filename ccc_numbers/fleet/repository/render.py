"""The files of a team's repository: the template with the team's answers, and this project's pipelines adapted to it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, StrictUndefined

import ccc_numbers
from ccc_numbers.fleet.engine.surroundings import QUICK
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import some

PULUMI = "3.259.0"
"""The version of the CLI that a pipeline installs where there is none."""
TEMPLATE = Path(ccc_numbers.__file__).with_name("template")
_SHIPPED = TEMPLATE / "shared"
_AWS = "pipelines/aws.config"
_OPERATOR = "pipelines/operator"


class Forge(StrEnum):
    GITHUB = "github"
    GITLAB = "gitlab"
    OPERATOR = "operator"
    NONE = "none"


PROJECT_OF_PULUMI_NEW = "${PROJECT}"


@dataclass(frozen=True, slots=True)
class Answers:
    """What differs between two teams' repositories. `account` is None for a stack in the simulator.

    With `PROJECT_OF_PULUMI_NEW` as its `project` the repository is a template, which `pulumi new` fills in.
    """

    project: str
    stack: str
    instance: str
    region: str
    account: str | None
    forge: Forge
    version: str = ccc_numbers.__version__

    @property
    def template(self) -> bool:
        """Whether `pulumi new` is to fill the repository in."""
        return self.project == PROJECT_OF_PULUMI_NEW


_SHARED: Mapping[Forge, tuple[str, ...]] = {
    Forge.GITHUB: (
        ".github/actions/setup/action.yml",
        *(f".github/workflows/{name}.yml" for name in ("preview", "deploy", "drift")),
        _AWS,
    ),
    Forge.GITLAB: (".gitlab-ci.yml", "pipelines/gitlab/stacks.yml", _AWS),
    Forge.OPERATOR: (
        *(f"{_OPERATOR}/base/{name}.yaml" for name in ("kustomization", "stack")),
        *(f"{_OPERATOR}/identity/{name}.yaml" for name in ("kustomization", "namespace", "service-account")),
        f"{_OPERATOR}/observe/kustomization.yaml",
        f"{_OPERATOR}/customers/acme/kustomization.yaml",
        _AWS,
    ),
    Forge.NONE: (),
}
"""Files of this project that a team gets too, by their path in both."""
FORGE_FILES = {
    Forge.GITHUB: ".github/workflows/preview.yml",
    Forge.GITLAB: ".gitlab-ci.yml",
    Forge.OPERATOR: f"{_OPERATOR}/base/stack.yaml",
}
"""The file that shows that a repository has the pipelines of a forge."""
_CHECKOUT_ONLY = re.compile(
    # not translated: for programs
    r"^# Only in this checkout.*",
    re.MULTILINE | re.DOTALL,
)
_MANUAL = re.compile(r"(docs/[a-z]+\.md)(?! of)")


def repository(answers: Answers) -> dict[str, str]:
    """All files by path from the repository's folder; those that begin with `#!` are programs."""
    folders = ["common", "simulator" if answers.account is None else "account"]
    if answers.forge in (Forge.GITHUB, Forge.GITLAB):
        folders.append("pipelines")
    found = {path: text for folder in folders for path, text in _rendered(TEMPLATE / folder, answers)}
    for path in _SHARED[answers.forge]:
        found[path.replace("customers/acme", f"customers/{answers.stack}")] = _theirs(path, answers)
    return dict(sorted(found.items()))


def write_new(folder: Path, files: Mapping[str, str]) -> None:
    """Write all of them. Raises FleetError, with nothing written, when one of them is there."""
    there = [path for path in files if (folder / path).exists() or (folder / path).is_symlink()]
    if there:
        raise FleetError(
            tr(
                "{folder} holds {there} already, and nothing is overwritten; take another folder, or "
                "`ccc-numbers upgrade` for a repository that `init` has written",
                folder=folder,
                there=some(there, 5),
            )
        )
    for path, text in files.items():
        write_text(folder / path, text, folders=True)


def _rendered(folder: Path, answers: Answers) -> Iterator[tuple[str, str]]:
    """Path and text of each template below the folder: `dot_x` becomes `.x`, `STACK` the stack, `.j2` goes."""
    # What is written is YAML, shell and Markdown of checked names, not HTML; `{{` belongs to the pipelines.
    jinja = Environment(  # noqa: S701
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    for file in sorted(folder.rglob("*.j2")):
        path = file.relative_to(folder).as_posix().removesuffix(".j2")
        path = path.replace("dot_", ".").replace("STACK", answers.stack)
        template = jinja.from_string(file.read_text("utf-8"))
        known = {"template": answers.template, "quick": QUICK, "pulumi": PULUMI}
        yield path, template.render(**asdict(answers), **known)


def _theirs(path: str, answers: Answers) -> str:
    """A file of this project for where the package is installed instead of checked out.

    The tool chain of a checkout (`make tools`, `tools/run`) becomes `pipelines/setup`, which puts it on PATH.
    """
    # In a checkout the files themselves; the wheel brings copies of them.
    home = _SHIPPED if _SHIPPED.is_dir() else TEMPLATE.parents[1]
    text = (home / path).read_text("utf-8")
    text = _CHECKOUT_ONLY.sub("", text).rstrip("\n") + "\n"
    text = text.replace("tools/run ", "").replace(
        # not translated: for programs
        "make tools",
        ". pipelines/setup",
    )
    text = _MANUAL.sub(r"\1 of ccc-numbers", text)  # not translated: for programs
    return re.sub(r"\bacme\b", answers.stack, text) if "customers/acme" in path else text
