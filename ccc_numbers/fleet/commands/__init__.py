"""One module per verb of `ccc-numbers`.

A module `ccc_numbers/fleet/commands/<verb>.py` (`_` in its name is `-` on the command line) offers either a function
`command`, which typer turns into the verb, or an `app` of its own (`typer.Typer`) when the verb has verbs below
it. The first line of its docstring is what `ccc-numbers --help` says about it; it is read without importing the
module, so a verb may import what it likes. Options that several verbs share stand in `ccc_numbers.fleet.options`.

Whatever ends a verb early is a `ccc_numbers.fleet.errors.FleetError` or a `typer.Exit`; anything else is a bug: one
line, and its traceback in a file.
"""
