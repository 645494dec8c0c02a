"""Mistakes of the people who start and steer the simulator. Light: loaded with every start."""

import difflib
from collections.abc import Iterable


class Mistake(Exception):
    """`problems` has one line for each thing that is wrong: `seed.yaml:12: instances.acme.status: …`."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def nearest(text: str, choices: Iterable[str]) -> str:
    """`; did you mean "inbound"?`, or nothing."""
    close = difflib.get_close_matches(text, list(choices), 1)
    return f'; did you mean "{close[0]}"?' if close else ""
