"""`ccc-numbers`: runs a verb, and ends with its exit code, whatever happens in it.

Nothing large is imported up here: Ctrl-C while modules are read ends as quietly as it does later.
"""

import gc
import os
import sys
from collections.abc import Sequence

from ccc_numbers.fleet.engine.surroundings import surroundings
from ccc_numbers.fleet.errors import FleetError, reported
from ccc_numbers.fleet.hints import pasted

_DIFFERS, _COULD_NOT, _INTERRUPTED = 1, 2, 130
DETAILED = "--detailed-exit-code"
"""Of `plan`: 0 nothing to change, 2 changes, 1 anything that went wrong."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `ccc-numbers` with the given words (default: those of the command line); the exit code.

    1 is always a verb's own verdict. All other failures are 2, with one line on stderr; with `--detailed-exit-code` it
    is the other way round, as in Terraform.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    could_not = _DIFFERS if DETAILED in words else _COULD_NOT
    if arguments is None:
        os.environ.update(surroundings(os.environ))
        # What is read stays until the end: Python's own 700 make it walk all numbers over and over for garbage.
        gc.set_threshold(100_000, 50, 100)
    try:
        return _run(words, could_not)
    except FleetError as error:
        sys.stderr.write(f"ccc-numbers: {pasted(str(error))}\n")
        return could_not
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as bug:  # noqa: BLE001  # reported, with its traceback in a file
        sys.stderr.write(f"ccc-numbers: {reported(bug)}\n")
        return could_not


def _run(words: list[str], could_not: int) -> int:
    from typer import Exit

    from ccc_numbers.fleet.verbs import app

    try:
        outcome = app(words)(args=words, prog_name="ccc-numbers", standalone_mode=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else _COULD_NOT if end.code else 0
        # The library has codes of its own: for a wrong option, or when nobody reads the output (`| head`).
        own = code in (_DIFFERS, _COULD_NOT) and not isinstance(end.__context__, Exit)
        return could_not if own else code
    return outcome if isinstance(outcome, int) else 0


if __name__ == "__main__":
    sys.exit(main())
