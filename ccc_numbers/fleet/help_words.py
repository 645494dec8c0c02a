"""The command's help in the reader's language: the texts of our verbs and options, and those of typer around them."""

from functools import partialmethod

import typer
from typer import rich_utils
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup

from ccc_numbers.messages.language import mark, tr

# What typer adds to each help.
_OF_TYPER = (
    mark("Show this message and exit."),
    mark("Install completion for the current shell."),
    mark("Show completion for the current shell, to copy it or customize the installation."),
)


def translated(command: TyperGroup) -> TyperGroup:
    """The command with its options, and those of its verbs, explained in the reader's language."""
    rich_utils.ARGUMENTS_PANEL_TITLE = tr("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = tr("Options")
    rich_utils.COMMANDS_PANEL_TITLE = tr("Commands")
    rich_utils.DEFAULT_STRING = tr("[default: {}]")
    rich_utils.REQUIRED_LONG_STRING = tr("[required]")
    rich_utils.ENVVAR_STRING = tr("[env var: {}]")
    # The only way to its first word.
    write_usage = HelpFormatter.write_usage
    HelpFormatter.write_usage = partialmethod(write_usage, prefix=tr("Usage: "))  # type: ignore[method-assign,assignment]
    _explain(command, None)
    return command


def _explain(command: TyperCommand | TyperGroup, group: typer.Context | None) -> None:
    context = typer.Context(command, parent=group, **command.context_settings)
    options = [*command.params, command.get_help_option(context)]
    for option in options:
        if help := getattr(option, "help", None):
            option.help = tr(help)  # type: ignore[union-attr]  # arguments and options alike
    for verb in command.commands.values() if isinstance(command, TyperGroup) else ():
        if isinstance(verb, TyperCommand | TyperGroup):
            _explain(verb, context)
