"""`make up`, `preview`, `refresh`, `destroy`: one stack, for people. Runs inside `tools/run`."""

import subprocess
import sys
from collections.abc import Sequence

from tools import shell
from tools.layout import Checkout, Environment

DEMO = "demo"
OURS = {"up": "apply", "preview": "plan", "destroy": "destroy"}
"""The verbs of `ccc-numbers` that run Pulumi and show what it does in a few lines."""
# The outputs are there for programs: `make up` shows them as a table in the end.
OUTPUT = {
    "up": ["--suppress-outputs"],
    "preview": ["--suppress-outputs"],
    "refresh": ["--suppress-outputs"],
    "destroy": [],
}
YES = {"--yes", "-y"}


def run(verb: str, stack: str, more: Sequence[str], checkout: Checkout, user: Environment) -> int:
    """Runs the verb and answers its exit code. With options of Pulumi's own, Pulumi runs and shows what it does."""
    settings = checkout.root / "stacks" / f"Pulumi.{stack}.yaml"
    if not settings.exists():
        known = sorted(path.name.split(".")[1] for path in settings.parent.glob("Pulumi.*.yaml"))
        raise shell.ToolError(
            f"there is no {checkout.relative(settings)}; stacks here: {', '.join(known) or 'none'}"
        )
    env = environment(stack, checkout, user)
    sure = verb != "preview" and bool(YES & set(more) or agreed(verb, stack, sys.stdin.isatty()))
    if verb in OURS and not set(more) - YES:
        code = _run(["ccc-numbers", OURS[verb], stack, *confirmation(verb, sure)], env)
    else:
        code = _pulumi(
            verb, stack, [*(["--yes"] if sure else []), *(each for each in more if each not in YES)], env
        )
    if verb == "up" and code == 0:
        code = _run(["ccc-numbers", "numbers", "--stack", stack, "--brief"], env)
    return code


def environment(stack: str, checkout: Checkout, user: Environment) -> dict[str, str]:
    """The user's environment; the demo in the checkout's own state always has the passphrase it was made with."""
    env = dict(user)
    if stack == DEMO and env.get("PULUMI_BACKEND_URL", "").startswith(
        f"file://{checkout.root}/.pulumi/state"
    ):
        env["PULUMI_CONFIG_PASSPHRASE"] = ""
        env.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
    return env


def agreed(verb: str, stack: str, at_terminal: bool) -> bool:
    """Whether nobody is asked.

    The demo never asks. Another stack asks a person at a terminal; without one an `up` goes ahead, as reviewed code
    does in CI, and a `destroy` has to be confirmed with ARGS=--yes.
    """
    return stack == DEMO or (verb != "destroy" and not at_terminal)


def confirmation(verb: str, sure: bool) -> list[str]:
    """The option of our own verb: `apply` asks when it is asked to, `destroy` unless it is asked not to."""
    return {"up": [] if sure else ["--ask"], "destroy": ["--yes"] if sure else []}.get(verb, [])


def _pulumi(verb: str, stack: str, options: Sequence[str], env: Environment) -> int:
    code = _run(["pulumi", "stack", "select", "--create", stack], env)
    if code == 0:
        code = _run(["pulumi", verb, "--stack", stack, *OUTPUT[verb], *options], env)
        if code != 0:
            # Say below Pulumi's own words what to do, where it is the state that stops it.
            _run(["python", "-m", "ccc_numbers.fleet.engine.way_back", stack], env)
    return code


def _run(words: Sequence[str], env: Environment) -> int:
    sys.stdout.flush()
    return subprocess.run(words, env=dict(env), check=False).returncode
