"""Make a stack's state forget CCC, so that the stack can begin again at another endpoint, region or account."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.fleet.engine.resources import COMPONENT, PROVIDER, urn_type
from ccc_numbers.fleet.engine.states import State, export, journal_of, keep, pruned, write_back
from ccc_numbers.messages.language import tr

_PACKAGE = "ccc:index:"


@dataclass(frozen=True, slots=True)
class OldState:
    """A stack's state. `places`: where CCC was when it was made, as far as its rosters say."""

    state: State
    places: tuple[str, ...]
    of_ccc: frozenset[str]
    """URNs of the resources that only mean something where the state was made."""

    @property
    def forgotten(self) -> State:
        """The state without them. Resources of other packages stay, with what they depend on among themselves."""
        others = [each for each in self.state.resources if each["urn"] not in self.of_ccc]
        return self.state.holding([pruned(each, lambda urn: urn not in self.of_ccc) for each in others])


def read_state(project: Path, stack: str) -> OldState:
    """Export the state of a stack. Raises FleetError with Pulumi's reason."""
    state = export(project, stack)
    state.refuse_interrupted(tr(" at the old place"))
    others = {each.get("parent") for each in state.resources if not _is_of_ccc(each["urn"])}
    gone = frozenset(each["urn"] for each in state.resources if _is_of_ccc(each["urn"])) - others
    return OldState(state, state.places, gone)


def forget(project: Path, stack: str, state: OldState) -> Path:
    """Write the state without CCC to the backend; where the old one is kept. CCC is not called."""
    kept = keep(project, state.state)
    write_back(project, state.forgotten)
    # What a killed run had begun, it had begun at the old place.
    shutil.rmtree(journal_of(project, stack), ignore_errors=True)
    return kept


def _is_of_ccc(urn: str) -> bool:
    kind = urn_type(urn)
    return kind.startswith(_PACKAGE) or kind in (PROVIDER, COMPONENT)
