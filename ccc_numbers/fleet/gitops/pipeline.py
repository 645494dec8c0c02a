"""The pipeline that this runs in: its forge, the settings it must have, and the outputs for its next step."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import Forge
from ccc_numbers.fleet.gitops.github import GitHub
from ccc_numbers.fleet.gitops.gitlab import GitLab
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.yaml_reader import read_yaml

_FORGES: tuple[type[Forge], ...] = (GitHub, GitLab)
_PASSPHRASE, _PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"
_BACKEND = "PULUMI_BACKEND_URL"


def forge_of(environ: Mapping[str, str]) -> Forge:
    """The forge whose pipeline this is. Raises FleetError outside of a pipeline, or without its token."""
    for each in _FORGES:
        if forge := each.of(environ):
            return forge
    raise FleetError(
        tr("not a pipeline of GitHub or GitLab: neither GITHUB_REPOSITORY nor CI_PROJECT_ID is set")
    )


def github_of(environ: Mapping[str, str], otherwise: str) -> GitHub:
    """GitHub, for what only GitHub has. Raises FleetError, with `otherwise` on another forge."""
    forge = forge_of(environ)
    if not isinstance(forge, GitHub):
        raise FleetError(otherwise)
    return forge


def run_link(environ: Mapping[str, str]) -> str | None:
    """The address of this pipeline run, for people."""
    return next((link for each in _FORGES if (link := each.run_link(environ))), None)


def applies_reviewed_plans(environ: Mapping[str, str]) -> bool:
    """Whether a merge in this pipeline applies exactly the plans of the preview."""
    return all(each.applies_reviewed_plans for each in _FORGES if environ.get(each.in_job) == "true")


def hand_on(outputs: str) -> None:
    """Append `name=value` lines to the outputs of this step, where GitHub asks for them."""
    if path := os.environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(outputs)


def check_surroundings(environ: Mapping[str, str], project: Path, stacks: Iterable[str]) -> None:
    """Refuse silent failures on a runner: state that is thrown away, an empty passphrase.

    A secret that is not set arrives on GitHub as an empty text, which Pulumi would take for a passphrase.
    Raises FleetError, one line; says nothing outside of GitHub and GitLab.
    """
    forge = next((each for each in _FORGES if environ.get(each.in_job) == "true"), None)
    if forge is None:
        return
    backend = environ.get(_BACKEND, "")
    if backend.startswith(f"file://{project.resolve()}"):
        raise FleetError(
            tr(
                "the state would be thrown away with this runner: set {backend} {settings}, for example "
                "s3://BUCKET/PREFIX?endpoint=…",
                backend=_BACKEND,
                settings=tr(forge.settings),
            )
        )
    shared = not backend.startswith(("https:", "http:"))
    if shared and environ.get(_PASSPHRASE) == "" and not environ.get(_PASSPHRASE_FILE):
        for stack in stacks:
            if _by_passphrase(project / "stacks" / f"Pulumi.{stack}.yaml"):
                raise FleetError(
                    tr(
                        "stack {stack}: the secret {passphrase} is empty: set it {settings}",
                        stack=stack,
                        passphrase=_PASSPHRASE,
                        settings=tr(forge.settings),
                    )
                )


def _by_passphrase(file: Path) -> bool:
    """Whether a passphrase encrypts the stack's secrets: it names no other provider."""
    text = file.read_text("utf-8-sig", errors="replace") if file.is_file() else ""
    provider = read_yaml(text, file.name).at(("secretsprovider",))
    return not isinstance(provider, str) or provider in ("", "passphrase", "default")
