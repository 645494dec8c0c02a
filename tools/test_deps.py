"""`make test-deps`: the programs that only tests use and that no Python package brings."""

import os
import shutil
from dataclasses import dataclass

from tools import shell
from tools.aside import Aside
from tools.console import Console
from tools.layout import Checkout, Environment

LABEL = "test programs"
POLICIES = Aside("policies", ("pulumi-policy",))
"""What runs the policy pack: it holds back protobuf, so it is not among the product's own packages."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A program that tests start."""

    names: tuple[str, ...]
    """Any of them will do."""
    package: str
    """What Debian calls its package."""
    purpose: str


WANTED = (
    Wanted(("redis-server",), "redis-server", "sharing a call rate between processes"),
    Wanted(
        ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"),
        "chromium",
        "looking at pages",
    ),
)


def missing(user: Environment) -> list[Wanted]:
    """Those of which no name is on PATH."""
    return [
        wanted for wanted in WANTED if not any(shutil.which(name, path=user["PATH"]) for name in wanted.names)
    ]


def ensure(checkout: Checkout, user: Environment, console: Console, is_root: bool) -> None:
    """Installs what is missing with apt where that is possible, else says what to do.

    Raises ToolError when it was possible and failed, and under CI, where a test left out would go unseen.
    """
    absent = missing(user)
    if not absent:
        return
    packages = [wanted.package for wanted in absent]
    if is_root and shutil.which("apt-get", path=user["PATH"]) is not None:
        _install(checkout, user, console, packages)
        return
    uses = " and ".join(f"{wanted.names[0]} ({wanted.purpose})" for wanted in absent)
    line = f"{uses} not on PATH; on Debian: sudo apt-get install {' '.join(packages)}"
    if user.get("CI"):
        raise shell.ToolError(line)
    console.say(LABEL, f"{line}; the tests that need it are left out")


def _install(checkout: Checkout, user: Environment, console: Console, packages: list[str]) -> None:
    # RUNLEVEL=1 keeps Debian from starting a server that nobody asked to run.
    env = {**user, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    apt = ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=300"]
    with console.step(LABEL, f"installing Debian's {' and '.join(packages)}") as step:
        for words in (["update"], ["install", "--no-install-recommends", *packages]):
            command = shell.Command(
                [*apt, *words],
                env=env,
                purpose="installing the test programs",
                source="Debian's package archive",
            )
            shell.run(checkout, command, step)


def running_as_root() -> bool:
    """Whether apt may be used as it is."""
    return os.geteuid() == 0
