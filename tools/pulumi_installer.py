"""The official installer of the Pulumi CLI, kept inside the checkout."""

import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from tools import pins, shell
from tools.console import Console
from tools.layout import Checkout, Environment

LABEL = "Pulumi CLI"
SCRIPT = "https://get.pulumi.com/install.sh"
SCRIPT_VARIABLE = "CCC_PULUMI_INSTALLER"
"""Names another place for the script, such as a company's mirror; `none` skips the installer."""

PATIENCE = 5.0
"""Seconds for the script to arrive: whoever cannot reach it should not wait before building."""
LIMIT = 600.0
"""Seconds for the release itself, some 100 MB."""


def install(checkout: Checkout, user: Environment, console: Console) -> str | None:
    """Installs the pinned CLI into `.tools/bin`; None when that worked, else why it did not, in a few words."""
    place = user.get(SCRIPT_VARIABLE) or SCRIPT
    if place == "none":
        return f"the official installer is switched off by {SCRIPT_VARIABLE}"
    try:
        with urllib.request.urlopen(place, timeout=PATIENCE) as reply:
            script = reply.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        words = getattr(reason, "strerror", None) or str(reason)
        return f"the official installer cannot be reached ({shell.redact(words)})"
    if not script.startswith(b"#!"):
        return "what answers for the official installer is not a script"
    return _run(checkout, user, console, script)


def _run(checkout: Checkout, user: Environment, console: Console, script: bytes) -> str | None:
    fresh = checkout.scratch / f"pulumi-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    (fresh / "install.sh").write_bytes(script)
    # The script unpacks under TMPDIR and, without --no-edit-path, would edit the user's shell profile.
    words = ["--version", pins.PULUMI, "--install-root", str(fresh / "root"), "--no-edit-path"]
    command = shell.Command(
        ["sh", fresh / "install.sh", *words],
        env={**user, "TMPDIR": str(fresh)},
        purpose="running Pulumi's installer",
        source="the release of the Pulumi CLI",
        limit=LIMIT,
    )
    try:
        shell.require_space(checkout.tools, 1_000_000_000, "the Pulumi CLI")
        with console.step(LABEL, f"v{pins.PULUMI} by the official installer") as step:
            shell.run(checkout, command, step)
            _adopt(fresh / "root" / "bin", checkout.bin)
    except shell.ToolError as error:
        return str(error)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return None


def _adopt(made: Path, target: Path) -> None:
    """Moves the executables into place, `pulumi` itself last: as long as it is missing nothing counts as installed."""
    if not (made / "pulumi").exists():
        raise shell.ToolError("the official installer left no pulumi")
    target.mkdir(parents=True, exist_ok=True)
    for program in sorted(made.iterdir(), key=lambda path: path.name == "pulumi"):
        program.replace(target / program.name)
