"""act, which runs GitHub's workflows in tests: built from its Go module, with Go's own checksums."""

import os
import shutil
from pathlib import Path

from tools import pins, pulumi_build, shell
from tools.console import Console
from tools.layout import Checkout, Environment, for_go

LABEL = "act"
PACKAGE = "github.com/nektos/act"
SPACE = 1_500_000_000
"""Bytes: modules and compiled packages, deleted afterwards."""


def program(checkout: Checkout) -> Path:
    """Where it is, or will be."""
    return checkout.tools / "test" / f"act-{pins.ACT}"


def ensure(checkout: Checkout, user: Environment, console: Console) -> None:
    """Builds it where it is missing and there is a Go; without one, says so.

    Raises ToolError when the build fails, and under CI, where a test left out would go unseen.
    """
    if program(checkout).exists():
        return
    go = shutil.which("go", path=user["PATH"])
    if go is None:
        line = "act (running GitHub's workflows) is built by Go, which is not on PATH"
        if user.get("CI"):
            raise shell.ToolError(line)
        console.say(LABEL, f"{line}; the tests that need it are left out")
        return
    shell.require_space(checkout.tools, SPACE, "building act")
    fresh = checkout.scratch / f"act-{os.getpid()}"
    env = for_go(checkout, user) | {"GOBIN": str(fresh)}
    with console.step(LABEL, f"compiling act {pins.ACT} for the tests of the workflows") as step:
        command = shell.Command(
            [go, "install", "-modcacherw", "-trimpath", f"{PACKAGE}@v{pins.ACT}"],
            env=env,
            purpose="building act",
            source=f"the Go module proxy (GOPROXY={env.get('GOPROXY', 'default')})",
        )
        shell.run(checkout, command, step)
    program(checkout).parent.mkdir(parents=True, exist_ok=True)
    (fresh / "act").replace(program(checkout))
    shutil.rmtree(fresh)
    pulumi_build.forget_caches(checkout, env, console, LABEL)
