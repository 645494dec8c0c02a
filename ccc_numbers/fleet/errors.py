"""How a verb ends early."""

from ccc_numbers.messages.visible import cut, visible

_LONGEST = 4_000


class FleetError(Exception):
    """The verb could not do its work: configuration, credentials, network. Exit code 2.

    `lines` say why, one for each thing that is wrong, whatever characters a name or an answer in them holds.
    """

    def __init__(self, *lines: str) -> None:
        self.lines = tuple(visible(cut(line, _LONGEST)) for line in lines)
        super().__init__("\n".join(self.lines))
