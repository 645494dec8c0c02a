"""The documentation as pages: `make docs` and `make docs-serve`. `mkdocs.yml` says how."""

import os
from pathlib import Path

from tools import shell
from tools.aside import Aside
from tools.console import Console
from tools.layout import Checkout, Environment

PROGRAMS = Aside("docs", ("mkdocs-material",))
SITE = Path("out") / "site"
LABEL = "documentation"


def build(checkout: Checkout, user: Environment, console: Console) -> None:
    """Write the pages to `SITE`; a link or an anchor that leads nowhere fails. Needs no network but for the program.

    Raises ToolError.
    """
    program = PROGRAMS.ensure(checkout, user, console) / "mkdocs"
    with console.step(LABEL, f"building {SITE}") as step:
        command = shell.Command(
            [program, "build", "--strict", "--site-dir", checkout.root / SITE],
            env=environment(user),
            purpose="building the documentation",
            source="nothing",
            folder=checkout.root,
        )
        shell.run(checkout, command, step)
    console.say(LABEL, f"open {SITE}/index.html")


def serve(checkout: Checkout, user: Environment, console: Console) -> int:
    """Show the pages on this machine, and again after each change, until Ctrl-C."""
    program = PROGRAMS.ensure(checkout, user, console) / "mkdocs"
    os.chdir(checkout.root)
    os.execve(program, [str(program), "serve"], environment(user))  # noqa: S606  # no shell is wanted


def environment(user: Environment) -> dict[str, str]:
    """The environment of mkdocs. It would otherwise print in red that another program is its successor."""
    return {**user, "NO_MKDOCS_2_WARNING": "true"}
