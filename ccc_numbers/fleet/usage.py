"""A wrong word on the command line, in one line: the option, what was written, why it will not do, what would."""

import re

from pydantic import ValidationError
from typer._click import exceptions as usage
from typer.core import TyperGroup, _TyperParameter

from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.messages.visible import visible

_EXTRA = re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)")  # not translated: typer's
_NO_VALUE = "requires an argument"  # not translated: typer's
_NO_COMMAND = re.compile(r"No such command '(.+?)'\.")  # not translated: typer's


def usage_lines(error: usage.ClickException) -> str:
    """What is wrong, and where the help is; a command without words shows its help itself."""
    if isinstance(error, usage.NoArgsIsHelpError):
        return error.message
    command = error.ctx.command_path if isinstance(error, usage.UsageError) and error.ctx else "ccc-numbers"
    return f"{command}: {_wrong(error)}\n{tr('{command} --help explains it', command=command)}"


def _wrong(error: usage.ClickException) -> str:
    context = error.ctx if isinstance(error, usage.UsageError) else None
    no_command = _NO_COMMAND.match(error.message)
    if isinstance(error, usage.MissingParameter) and error.param:
        return tr("{option} is missing", option=_option(error.param))
    if isinstance(error, usage.BadParameter) and error.param:
        return f"{_option(error.param)}: {_misfit(error, error.param)}"
    if isinstance(error, usage.NoSuchOption) and context:
        options = [name for option in context.command.params for name in option.opts if name.startswith("--")]
        hint = suggestion(error.option_name, options, mark("its options are"))
        return tr("unknown option {name}; {hint}", name=quoted(error.option_name), hint=hint)
    if isinstance(error, usage.BadOptionUsage) and _NO_VALUE in error.message:
        return tr("{option} needs a value", option=error.option_name)
    if extra := _EXTRA.match(error.message):
        return tr("one word too many: {words}", words=visible(extra[1]))
    if no_command and context and isinstance(context.command, TyperGroup):
        hint = suggestion(no_command[1], context.command.commands, mark("its commands are"))
        return tr("unknown command {name}; {hint}", name=quoted(no_command[1]), hint=hint)
    return visible(error.format_message())


def _option(param: _TyperParameter) -> str:
    """As people write it: an option by its longest form, an argument as the help shows it."""
    name = max(param.opts, key=len)
    return name if name.startswith("-") else (param.metavar or name.upper())


def _misfit(error: usage.BadParameter, param: _TyperParameter) -> str:
    if not isinstance(error.__cause__, ValidationError):
        return visible(error.message)
    detail = error.__cause__.errors()[0]
    written, limits = str(detail["input"]), detail.get("ctx", {})
    match detail["type"]:
        case "int_parsing":
            return tr("{value} is not a whole number", value=quoted(written))
        case "greater_than_equal":
            return tr("{value} is too small; the least is {least}", value=written, least=limits["ge"])
        case "less_than_equal":
            return tr("{value} is too large; the most is {most}", value=written, most=limits["le"])
    if choices := param.type_descriptor.choices:
        hint = suggestion(written, [str(choice) for choice in choices])
        return tr("unknown value {value}; {hint}", value=quoted(written), hint=hint)
    return visible(detail["msg"].removeprefix("Value error, "))  # not translated: pydantic's
