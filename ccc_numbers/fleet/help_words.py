"""The command's help in the reader's language: the texts of our verbs and options, and those of typer around them."""

import re
from collections.abc import Callable
from typing import Any

import typer
from typer._click import exceptions, formatting
from typer.core import TyperCommand, TyperGroup

from ccc_numbers.messages.language import mark, tr

# What typer adds to each help.
_OF_TYPER = (
    mark("Show this message and exit."),
    mark("Install completion for the current shell."),
    mark("Show completion for the current shell, to copy it or customize the installation."),
)


# What it says of words that it does not take.
_MISTAKES = (
    mark("No such option: {name} (Possible options: {near})"),
    mark("No such option: {name}"),
    mark("No such command {name}. Did you mean {near}?"),
    mark("No such command {name}."),
    mark("Missing option {name}."),
    mark("Missing argument {name}."),
    mark("Missing command."),
    mark("Option {name} requires an argument."),
    mark("Option {name} does not take a value."),
    mark("Got unexpected extra argument ({name})"),
    mark("Got unexpected extra arguments ({name})"),
    mark("Invalid value for {name}: Value error, {value} is not one of {choices}."),
    mark("Invalid value for {name}: Input should be a valid integer, unable to parse string as an integer"),
    mark("Invalid value for {name}: {why}"),
)
_SAYING = (
    exceptions.ClickException,
    exceptions.BadParameter,
    exceptions.MissingParameter,
    exceptions.NoSuchOption,
)
"""What words its mistakes."""


def translated(command: TyperGroup) -> TyperGroup:
    """The command with its options, and those of its verbs, explained in the reader's language."""
    _headings()
    _explain(command, None)
    return command


def explain_mistakes() -> None:
    """Have typer explain a wrong option or argument in the reader's language, once there is one."""
    usage = formatting.HelpFormatter.write_usage

    def write_usage(self: formatting.HelpFormatter, prog: str, args: str = "", prefix: str = "") -> None:
        _headings()
        usage(self, prog, args, prefix or tr("Usage: "))

    formatting.HelpFormatter.write_usage = write_usage  # type: ignore[method-assign,assignment]
    for kind in _SAYING:
        kind.format_message = _translating(kind.format_message)  # type: ignore[method-assign,assignment]


def _translating(say: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda mistake: _mistake(say(mistake))


def _mistake(said: str) -> str:
    _headings()
    for each in _MISTAKES:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(each))
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return tr(each, **found.groupdict())
    return said


def _headings() -> None:
    # Not before it is needed: it takes a tenth of a second.
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = tr("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = tr("Options")
    rich_utils.COMMANDS_PANEL_TITLE = tr("Commands")
    rich_utils.ERRORS_PANEL_TITLE = tr("Error")
    rich_utils.RICH_HELP = tr("Try [blue]'{command_path} {help_option}'[/] for help.")
    rich_utils.DEFAULT_STRING = tr("[default: {}]")
    rich_utils.REQUIRED_LONG_STRING = tr("[required]")
    rich_utils.ENVVAR_STRING = tr("[env var: {}]")


def _explain(command: TyperCommand | TyperGroup, group: typer.Context | None) -> None:
    context = typer.Context(command, parent=group, **command.context_settings)
    options = [*command.params, command.get_help_option(context)]
    for option in options:
        if help := getattr(option, "help", None):
            option.help = tr(help)  # type: ignore[union-attr]  # arguments and options alike
    for verb in command.commands.values() if isinstance(command, TyperGroup) else ():
        if isinstance(verb, TyperCommand | TyperGroup):
            _explain(verb, context)
