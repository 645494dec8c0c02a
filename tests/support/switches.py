"""What CCC does not document, as the simulator's switches: all of them, for tests that go through them one by one."""

from typing import get_args, get_type_hints

from ccc_numbers.simulator.switches import Switches

_HINTS = get_type_hints(Switches)

AS_SUPPOSED: dict[str, str] = {name: get_args(hint)[0] for name, hint in _HINTS.items()}
"""Every switch as it stands by default."""

SWITCHES: list[tuple[str, str]] = [
    (name, alternative) for name, hint in _HINTS.items() for alternative in get_args(hint)[1:]
]
"""Every other position, as (switch, position)."""
