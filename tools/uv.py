"""uv: the one on PATH when it is recent enough, else the pinned one from PyPI in `.tools/uv`."""

import os
import shutil
import sys
from pathlib import Path

from tools import pins, shell
from tools.console import Console
from tools.layout import Checkout, Environment, for_python, path_without

LABEL = "uv"
REQUIREMENTS = Path("tools") / "requirements-uv.txt"


def ensure(checkout: Checkout, user: Environment, console: Console) -> Path:
    """The path of a uv that can be used; installs one when there is none. Raises ToolError."""
    found = shutil.which("uv", path=path_without(checkout, user))
    if found is not None:
        version = version_of(Path(found), user)
        if version is not None and version >= pins.UV_OLDEST:
            console.say(LABEL, f"{pins.show(version)} on PATH")
            return Path(found)
        console.say(LABEL, f"the one on PATH is older than {pins.show(pins.UV_OLDEST)}; it is left alone")
    own = checkout.tools / "uv" / "bin" / "uv"
    if version_of(own, user) == pins.parse(pins.UV):
        return own
    _install(checkout, user, console)
    if version_of(own, user) is None:
        raise shell.ToolError(f"uv was installed and does not run: {checkout.relative(own)} --version fails")
    return own


def progress(line: str) -> str | None:
    """What pip or uv is at, if the line it printed says so."""
    known = (
        "Building",
        "Built",
        "Collecting",
        "Downloading",
        "Installing",
        "Prepared",
        "Resolved",
        "Uninstalled",
    )
    return line if line.startswith(known) else None


def version_of(program: Path, user: Environment) -> pins.Version | None:
    """The version a uv says it has; None when it is not there or does not run."""
    said = shell.answer([program, "--version"], user) if program.exists() else None
    return None if said is None else pins.parse(said)


def _install(checkout: Checkout, user: Environment, console: Console) -> None:
    # pip asks for the version of rustc, and rustup's stand-in for it answers by settling down in HOME.
    env = {"RUSTUP_HOME": str(checkout.scratch / "rustup"), **for_python(checkout, user)}
    if shell.answer([sys.executable, "-m", "pip", "--version"], env) is None:
        raise shell.ToolError(
            f"uv is not on PATH and {sys.executable} has no pip to install it with: "
            "install uv, or pip (on Debian: apt-get install python3-pip)"
        )
    shell.require_space(checkout.tools, 150_000_000, "installing uv")
    fresh = checkout.scratch / f"uv-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    words = ["-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    with console.step(LABEL, f"not on PATH; installing {pins.UV} from the Python package index") as step:
        shell.run(
            checkout,
            shell.Command(
                [sys.executable, *words, "--target", fresh, "-r", checkout.root / REQUIREMENTS],
                env=env,
                purpose="installing uv",
                source="the Python package index",
            ),
            step,
            progress,
        )
        shutil.rmtree(checkout.tools / "uv", ignore_errors=True)
        fresh.rename(checkout.tools / "uv")
