"""Run a CCC service of your own on this machine; `ccc-numbers simulator --help` shows its options."""

import os
import sys

import typer

# The simulator is a program of its own: its options and its help are its own as well.
CONTEXT_SETTINGS: dict[str, object] = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


def command(context: typer.Context) -> None:
    # Becomes the simulator instead of starting it, so that signals and stdin reach it directly.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "ccc_numbers.simulator", *context.args])  # noqa: S606 no shell is wanted
