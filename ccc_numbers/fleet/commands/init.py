"""Write a repository of your own, ready to commit: stacks, program, one pinned requirement, pipelines.

It holds none of this project's source, and `ccc-numbers upgrade` moves it to the next version. At a terminal you
are asked for the options you leave out. A folder that already holds one of the files is left as it is.

Examples: `ccc-numbers init numbers --stack acme --simulator --forge none` · `ccc-numbers init . --stack acme --account
1570000000000002 --instance acme-support --forge github`

Exit codes: 0 written · 2 nothing was written.
"""

import shlex
import sys
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.repository.answers import InitOptions, answered
from ccc_numbers.fleet.repository.render import Answers, Forge, repository, write_new
from ccc_numbers.messages.language import tr


def command(
    folder: Annotated[Path, Argument(metavar="DIR", help="The repository's folder; may be new.")],
    stack: Annotated[str | None, options.stack("Name of the first stack.")] = None,
    region: Annotated[str | None, Option(help="Its region; without, cn-shanghai.")] = None,
    simulator: Annotated[bool, Option("--simulator", help="Put it into a simulator, to try it out.")] = False,
    account: Annotated[str | None, Option(metavar="ID", help="Put it into this cloud account.")] = None,
    instance: Annotated[str | None, Option(metavar="ID", help="The CCC instance that it declares.")] = None,
    forge: Annotated[Forge | None, Option(help="Whose pipelines to write.")] = None,
    for_pulumi_new: Annotated[
        bool,
        Option("--for-pulumi-new", help="Write a template for `pulumi new`, which then asks for the rest."),
    ] = False,
) -> None:
    given = InitOptions(stack, region, simulator, account, instance, forge, for_pulumi_new)
    answers = answered(folder, given, at_terminal=sys.stdin.isatty())
    if folder.exists() and not folder.is_dir():
        raise FleetError(tr("{folder}: is not a folder", folder=folder))
    files = repository(answers)
    write_new(folder, files)
    wrote = [tr("wrote {path}", path=(folder / path).as_posix()) for path in files]
    for line in (*wrote, "", "next:", *(f"  {each}" for each in _next(folder, answers))):
        out().print(line, soft_wrap=True)


def _next(folder: Path, answers: Answers) -> list[str]:
    if answers.template:
        # not translated: a command
        return [f"pulumi new {shlex.quote(str(folder.resolve()))} --dir numbers --stack {answers.stack}"]
    adopt = f"ccc-numbers adopt {answers.instance} --stack {answers.stack}"  # not translated: a command
    return [
        f"cd {shlex.quote(str(folder))}",  # not translated: a command
        "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",  # not translated: a command
        ". ./.envrc",
        f"pulumi stack select --create {answers.stack}",  # not translated: a command
        *([adopt] if answers.account else []),
        "pulumi preview",  # not translated: a command
    ]
