"""Commands in a message, as the shell that the reader is in takes them."""

import os
import re

RUN = "CCC_NUMBERS_RUN"
"""Environment variable: what stands before a command here, such as `tools/run`, which sets it."""
_COMMAND = re.compile(
    r"(?<![\w./-])(?<!run )(?=ccc-numbers (?:adopt|apply|check|destroy|drift|heal|init|matrix|numbers|orders|plan|probe|rebase|report)\b"
    r"|pulumi (?:up|preview|refresh|destroy|cancel|stack|state|import)\b)"
)


def pasted(text: str) -> str:
    """`text` with the commands in it as they can be pasted: `tools/run ccc-numbers drift acme`."""
    before = os.environ.get(RUN, "")
    return _COMMAND.sub(lambda _: f"{before} ", text) if before else text
