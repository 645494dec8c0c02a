"""Make a stack's state forget CCC, so that the stack can begin again at another endpoint, region or account."""

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccc_numbers.fleet.engine.pulumi import answer
from ccc_numbers.fleet.engine.resources import COMPONENT, PROVIDER, ROSTER, urn_type
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.files import write_text
from ccc_numbers.messages.json_text import json_text

_PACKAGE = "ccc:index:"


@dataclass(frozen=True, slots=True)
class OldState:
    """A stack's state. `places`: where CCC was when it was made, as far as its rosters say."""

    text: str
    deployment: Mapping[str, Any]
    places: tuple[str, ...]
    of_ccc: frozenset[str]
    """URNs of the resources that only mean something where the state was made."""

    @property
    def forgotten(self) -> str:
        """The state without them. Resources of other packages stay, with what they depend on among themselves."""
        resources = [_without(each, self.of_ccc) for each in _resources(self.deployment)]
        found = dict(self.deployment) | {"resources": [each for each in resources if each]}
        found.pop("pending_operations", None)
        return json_text({**json.loads(self.text), "deployment": found})


def read_state(project: Path, stack: str) -> OldState:
    """Export the state of a stack. Raises FleetError with Pulumi's reason."""
    text = answer(project, ["stack", "export", "--stack", stack], "pulumi stack export")
    deployment = json.loads(text).get("deployment") or {}
    if deployment.get("pending_operations"):
        raise FleetError(
            f"the last run on stack {stack} was interrupted in the middle of a change; run `pulumi up` at the old place "
            "first, or `pulumi cancel` and `pulumi refresh`"
        )
    resources = _resources(deployment)
    others = {each.get("parent") for each in resources if not _is_of_ccc(each["urn"])}
    places = {
        str(each.get("outputs", {}).get("place", "")) for each in resources if urn_type(each["urn"]) == ROSTER
    }
    gone = frozenset(each["urn"] for each in resources if _is_of_ccc(each["urn"])) - others
    return OldState(text, deployment, tuple(sorted(places - {""})), gone)


def forget(project: Path, stack: str, state: OldState) -> Path:
    """Write the state without CCC to the backend; where the old one is kept. CCC is not called."""
    folder = project / ".ccc-numbers" / "states"
    kept = folder / f"{stack}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    write_text(kept, state.text, folders=True)
    write_text(folder.parent / ".gitignore", "*\n")
    fresh = folder / f"{stack}.json"
    write_text(fresh, state.forgotten)
    answer(project, ["stack", "import", "--stack", stack, "--file", str(fresh)], "pulumi stack import")
    fresh.unlink()
    # What a killed run had begun, it had begun at the old place.
    shutil.rmtree(folder.parent / "journal" / stack, ignore_errors=True)
    return kept


def _resources(deployment: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    return deployment.get("resources") or ()


def _is_of_ccc(urn: str) -> bool:
    kind = urn_type(urn)
    return kind.startswith(_PACKAGE) or kind in (PROVIDER, COMPONENT)


def _without(resource: dict[str, Any], gone: frozenset[str]) -> dict[str, Any]:
    """A resource that no longer depends on what is gone; {} when it is gone itself."""
    if resource["urn"] in gone:
        return {}
    kept = dict(resource)
    if "dependencies" in kept:
        kept["dependencies"] = [urn for urn in kept["dependencies"] if urn not in gone]
    if "propertyDependencies" in kept:
        kept["propertyDependencies"] = {
            name: [urn for urn in urns or () if urn not in gone]
            for name, urns in kept["propertyDependencies"].items()
        }
    if kept.get("deletedWith") in gone:
        del kept["deletedWith"]
    return kept
