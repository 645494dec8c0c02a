"""The verbs of `ccc-numbers`: each is found by its file, and only the wanted one is imported."""

import ast
import importlib
import inspect
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ccc_numbers import __version__
from ccc_numbers.fleet.options import spread
from ccc_numbers.messages.docstring import paragraphs
from ccc_numbers.messages.language import is_english, mark, tr

_HELP = mark(
    "Phone numbers of Alibaba Cloud Call Center (云呼叫中心) as code: the verbs around Pulumi.\n\n"
    "Numbers are declared in stacks/STACK.yaml and deployed by [bold]pulumi up[/bold]. The verbs here read the same "
    "files: they check them without network, compare them with what CCC holds, and keep track of the vendors' orders."
)
_EPILOG = mark(
    "Begin with [bold]ccc-numbers check[/bold], then [bold]pulumi preview[/bold]. Each verb explains itself: "
    "[bold]ccc-numbers VERB --help[/bold].\n\n"
    "Exit codes: 0 all well · 1 something differs · 2 could not look, or the files are wrong."
)
_ASKS_FOR_HELP = {"-h", "--help"}
_BELOW = ("Example", "Exit codes")  # not translated: as written
_FIRST = ["init", "check", "drift", "heal", "adopt", "orders", "matrix", "report", "plan", "apply", "numbers"]


def app(words: Sequence[str]) -> Callable[..., object]:
    """All verbs by name and summary; only the wanted one is imported."""
    verbs = _verbs()
    made = typer.Typer(
        help=tr(_HELP),
        epilog=tr(_EPILOG),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": sorted(_ASKS_FOR_HELP, reverse=True)},
    )
    made.callback()(_options)
    wanted = next((word for word in words or _typed(os.environ) if not word.startswith("-")), None)
    for verb, file in verbs.items():
        if verb == wanted:
            _add(made, verb, file)
        else:
            made.command(verb, help=_summary(file))(_stub)
    if is_english():
        return made
    from ccc_numbers.messages.chinese_lines import break_chinese_lines

    break_chinese_lines()
    if words and not _ASKS_FOR_HELP & set(words):
        return made
    from ccc_numbers.fleet.help_words import translated

    return translated(typer.main.get_group(made))


def _typed(environ: Mapping[str, str]) -> list[str]:
    """The words after the command's name, where the shell asks for completions."""
    if "_CCC_NUMBERS_COMPLETE" not in environ:
        return []
    return (environ.get("COMP_WORDS") or environ.get("_TYPER_COMPLETE_ARGS") or "").split()[1:]


def _add(app: typer.Typer, verb: str, file: Path) -> None:
    module = importlib.import_module(f"ccc_numbers.fleet.commands.{file.stem}")
    group: object = getattr(module, "app", None)
    if isinstance(group, typer.Typer):
        for each in group.registered_commands:
            if each.callback:
                help, _ = _help(inspect.getdoc(each.callback) or "")
                each.help, each.epilog = help, tr(each.epilog or "")
        app.add_typer(group, name=verb, help=_summary(file), epilog=tr(str(group.info.epilog or "")))
        return
    command: Callable[..., object] = module.command
    settings: dict[str, object] = getattr(module, "CONTEXT_SETTINGS", {})
    help, epilog = _help(module.__doc__ or "")
    app.command(verb, help=help, context_settings=dict(settings), epilog=epilog)(spread(command))


def _verbs() -> dict[str, Path]:
    """The file of each verb: first those that a newcomer needs, then the others by name."""
    files = {
        file.stem.replace("_", "-"): file
        for file in Path(__file__).with_name("commands").glob("*.py")
        if not file.stem.startswith("_")
    }
    return {verb: files[verb] for verb in (*_FIRST, *sorted(files.keys() - set(_FIRST)))}


def _summary(file: Path) -> str:
    """The first line of the module's docstring, read without running the module."""
    docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return tr(paragraphs(docstring)[0])


def _help(docstring: str) -> tuple[str, str]:
    """The text above and below the options. Examples and exit codes are below; code in them is bold.

    A paragraph is one line, for typer to wrap; indented lines stay as they are.
    """
    found = paragraphs(docstring)
    below = next((at for at, each in enumerate(found) if each.startswith(_BELOW)), len(found))
    said = [tr(each) for each in found]
    epilog = re.sub("`([^`]+)`", r"[bold]\1[/bold]", "\n\n".join(said[below:]))
    return "\n\n".join(said[:below]), epilog


def _stub() -> None:
    """In the place of a verb that is not wanted."""


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ccc-numbers {__version__}")  # not translated: our name
        raise typer.Exit


def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_say_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    _lang: Annotated[
        str | None, typer.Option("--lang", help="Language of all texts: en or zh; also set by CCC_LANG.")
    ] = None,
) -> None:
    """Options of the command itself."""
