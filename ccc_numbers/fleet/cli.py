"""`ccc-numbers`: runs a verb, and ends with its exit code, whatever happens in it.

Nothing large is imported up here: Ctrl-C while modules are read ends as quietly as it does later.
"""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ccc_numbers.fleet.engine.surroundings import surroundings
from ccc_numbers.fleet.errors import FleetError, reported
from ccc_numbers.fleet.hints import pasted
from ccc_numbers.messages import language

_DIFFERS, _COULD_NOT, _INTERRUPTED = 1, 2, 130
_LANG, _PROJECT = "--lang", "--project"
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
        # Before any text is read: the helps of verbs are texts as well.
        language.choose(_taken_out(words, _LANG), Path(_value(words, _PROJECT) or ""))
        return _run(words, could_not)
    except (FleetError, language.UnknownLanguage) as error:
        sys.stderr.write(f"ccc-numbers: {pasted(str(error))}\n")  # not translated: our name
        return could_not
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as bug:  # noqa: BLE001  # reported, with its traceback in a file
        from ccc_numbers.api.errors import ConfigError

        # A setting of the environment that every verb reads, such as CCC_NOW.
        sys.stderr.write(
            f"ccc-numbers: {bug if isinstance(bug, ConfigError) else reported(bug)}\n"  # not translated: our name
        )
        return could_not


def _value(words: list[str], option: str) -> str | None:
    """What the option is given as, `--option VALUE` or `--option=VALUE`; None without it."""
    for at, word in enumerate(words):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and at + 1 < len(words):
            return words[at + 1]
    return None


def _taken_out(words: list[str], option: str) -> str | None:
    """The same, and the words go without it: it may stand before the verb or after it."""
    value = _value(words, option)
    if value is not None:
        at = next(at for at, word in enumerate(words) if word.partition("=")[0] == option)
        del words[at : at + (1 if "=" in words[at] else 2)]
    return value


def _run(words: list[str], could_not: int) -> int:
    from typer._click.exceptions import ClickException

    from ccc_numbers.fleet.verbs import app

    try:
        outcome = app(words)(args=words, prog_name="ccc-numbers", standalone_mode=False)
    except ClickException as error:
        from ccc_numbers.fleet.usage import usage_lines

        sys.stderr.write(f"{usage_lines(error)}\n")
        return could_not
    except SystemExit:
        # The library's own end, when nobody reads the output (`| head`).
        return could_not
    return outcome if isinstance(outcome, int) else 0


if __name__ == "__main__":
    sys.exit(main())
