"""One module per verb of `ccc-numbers`.

A module `ccc_numbers/fleet/commands/<verb>.py` (`_` in its name is `-` on the command line) has a function `command`,
which typer turns into the verb, or an `app` of its own (`typer.Typer`) when the verb has verbs below it. Its docstring
is the verb's help, its first line is the summary in `ccc-numbers --help`. The docstring is read without importing the
module, so a verb can import anything. Options that several verbs share are in `ccc_numbers.fleet.options`.

A verb that ends early raises `ccc_numbers.fleet.errors.FleetError` or `typer.Exit`; any other exception is a bug: one
line, and its traceback in a file.
"""
