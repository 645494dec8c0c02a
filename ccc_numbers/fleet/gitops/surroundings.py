"""What a pipeline has to have set before Pulumi runs in it, said before anything begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ccc_numbers.declaration.document import read_yaml
from ccc_numbers.fleet.errors import FleetError

_PASSPHRASE, _PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"
_BACKEND = "PULUMI_BACKEND_URL"


def check_surroundings(environ: Mapping[str, str], project: Path, stacks: Iterable[str]) -> None:
    """Refuse what would go wrong in silence on a runner: state that is thrown away, an empty passphrase.

    A secret that is not set arrives on GitHub as an empty text, which Pulumi would take for a passphrase.
    Raises FleetError, one line; says nothing outside of GitHub and GitLab.
    """
    where = _forge(environ)
    if where is None:
        return
    backend = environ.get(_BACKEND, "")
    if backend.startswith(f"file://{project.resolve()}"):
        raise FleetError(
            f"the state would be thrown away with this runner: set {_BACKEND} {where}, "
            "for example s3://BUCKET/PREFIX?endpoint=…"
        )
    shared = not backend.startswith(("https:", "http:"))
    if shared and environ.get(_PASSPHRASE) == "" and not environ.get(_PASSPHRASE_FILE):
        for stack in stacks:
            if _by_passphrase(project / "stacks" / f"Pulumi.{stack}.yaml"):
                raise FleetError(f"stack {stack}: the secret {_PASSPHRASE} is empty: set it {where}")


def _forge(environ: Mapping[str, str]) -> str | None:
    if environ.get("GITHUB_ACTIONS") == "true":
        return "in the repository's or environment's settings"
    if environ.get("GITLAB_CI") == "true":
        return "in the project's CI/CD variables"
    return None


def _by_passphrase(file: Path) -> bool:
    """Whether the stack's secrets are kept by a passphrase: it names no other keeper."""
    text = file.read_text("utf-8-sig", errors="replace") if file.is_file() else ""
    keeper = read_yaml(text, file.name).at(("secretsprovider",))
    return not isinstance(keeper, str) or keeper in ("", "passphrase", "default")
