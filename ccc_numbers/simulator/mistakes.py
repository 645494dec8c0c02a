"""Mistakes of the people who start and steer the simulator. Light: loaded with every start."""

import difflib
from collections.abc import Iterable


class Mistake(Exception):
    """`problems` has one line for each thing that is wrong: `seed.yaml:12: instances.acme.status: …`.

    What a file or call put into a line does nothing at a terminal: control characters are shown as escapes.
    """

    def __init__(self, *problems: str) -> None:
        self.problems = tuple(map(visible, problems))
        super().__init__("\n".join(self.problems))


def visible(text: str) -> str:
    """The text with its control characters as escapes."""
    # U+3000, the space of Chinese text, is as visible as any space.
    return "".join(c if c.isprintable() or c == "\u3000" else ascii(c)[1:-1] for c in text)


def nearest(text: str, choices: Iterable[str]) -> str:
    """`; did you mean "inbound"?`, or nothing."""
    close = difflib.get_close_matches(text, list(choices), 1)
    return f'; did you mean "{close[0]}"?' if close else ""
