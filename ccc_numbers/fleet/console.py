"""The two streams a verb writes to. Colour only on a terminal; NO_COLOR and TERM=dumb are respected by rich."""

import sys

from ccc_numbers.messages.terminal import Terminal

_WIDTH_OF_A_FILE = 200


def out() -> Terminal:
    """The answer: on stdout, can be piped."""
    return _console(stderr=False)


def err() -> Terminal:
    """Everything beside it: progress, notes, errors, on stderr."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Terminal:
    stream = sys.stderr if stderr else sys.stdout
    # A file or a CI log has no width; tables must not be cut to the 80 columns rich assumes there.
    width = None if stream.isatty() else _WIDTH_OF_A_FILE
    return Terminal(stream, width=width)
