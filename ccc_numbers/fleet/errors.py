"""How a verb ends early."""

from ccc_numbers.messages.visible import cut, visible

_LONGEST = 4_000


class FleetError(Exception):
    """The verb could not do its work: configuration, credentials, network. Exit code 2.

    One line, or several where several things are wrong; whatever a name or an answer in them holds, no line more.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(visible(cut(line, _LONGEST)) for line in lines))
