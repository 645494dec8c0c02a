"""`make up`, `preview`, `refresh`, `destroy`: Pulumi on one stack, for people. Runs inside `tools/run`."""

import json
import subprocess
import sys
from collections.abc import Sequence

from tools import shell
from tools.layout import Checkout, Environment

DEMO = "demo"
# The outputs are there for programs: `make up` shows them as a table in the end.
OUTPUT = {
    "up": ["--suppress-outputs"],
    "preview": ["--suppress-outputs"],
    "refresh": ["--suppress-outputs"],
    "destroy": [],
}
UNCHANGING = {"same", "read", "refresh"}
"""What Pulumi counts in an update without changing anything."""


def run(verb: str, stack: str, more: Sequence[str], checkout: Checkout, user: Environment) -> int:
    """Selects the stack, makes it if it is new, runs the verb; answers Pulumi's own exit code."""
    settings = checkout.root / "stacks" / f"Pulumi.{stack}.yaml"
    if not settings.exists():
        known = sorted(path.name.split(".")[1] for path in settings.parent.glob("Pulumi.*.yaml"))
        raise shell.ToolError(
            f"there is no {checkout.relative(settings)}; stacks here: {', '.join(known) or 'none'}"
        )
    env = environment(stack, checkout, user)
    selecting = _pulumi(["stack", "select", "--create", stack], env)
    if selecting != 0:
        return selecting
    before = _last_update(stack, env)
    options = [*confirmation(verb, stack, sys.stdin.isatty()), *OUTPUT[verb], *more]
    code = _pulumi([verb, "--stack", stack, *options], env)
    if verb == "up" and code == 0:
        code = _show(stack, before, env)
    elif code != 0:
        _way_back(stack, env)
    return code


def environment(stack: str, checkout: Checkout, user: Environment) -> dict[str, str]:
    """The user's environment; the demo in the checkout's own state always has the passphrase it was made with."""
    env = dict(user)
    if stack == DEMO and env.get("PULUMI_BACKEND_URL") == f"file://{checkout.root}/.pulumi/state":
        env["PULUMI_CONFIG_PASSPHRASE"] = ""
        env.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
    return env


def confirmation(verb: str, stack: str, at_terminal: bool) -> list[str]:
    """Whether Pulumi runs without asking.

    The demo never asks. Another stack asks a person at a terminal; without one an `up` goes ahead, as reviewed code
    does in CI, and a `destroy` has to be confirmed with ARGS=--yes.
    """
    if verb == "preview":
        return []
    if stack == DEMO or (verb != "destroy" and not at_terminal):
        return ["--yes"]
    return []


def _pulumi(words: Sequence[str], env: Environment) -> int:
    return subprocess.run(["pulumi", *words], env=dict(env), check=False).returncode


def _way_back(stack: str, env: Environment) -> None:
    """Say below Pulumi's own words what to do, where it is the state that stops it."""
    subprocess.run(["python", "-m", "ccc_numbers.fleet.engine.way_back", stack], env=dict(env), check=False)


def _last_update(stack: str, env: Environment) -> dict[str, object]:
    said = shell.answer(["pulumi", "stack", "history", "--stack", stack, "--json", "--page-size", "1"], env)
    updates = json.loads(said or "[]")
    return updates[0] if updates else {}


def _show(stack: str, before: dict[str, object], env: Environment) -> int:
    after = _last_update(stack, env)
    changes = after.get("resourceChanges")
    if (
        after != before
        and isinstance(changes, dict)
        and not {key for key in changes if changes[key]} - UNCHANGING
    ):
        print(f"\nNothing to change: CCC already holds what stacks/{stack}.yaml declares.")
    sys.stdout.flush()
    return subprocess.run(["ccc-numbers", "numbers", "--stack", stack], env=dict(env), check=False).returncode
