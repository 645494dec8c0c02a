"""`tools/python -m tools VERB`: what the Makefile calls."""

import argparse
import os
import signal
import sys
from types import FrameType

from tools import act, dist, languages, lock, pages, shell, stack, supply, test_deps, toolchain
from tools.console import Console
from tools.layout import Checkout, Environment, find_checkout


def main(words: list[str], user: Environment) -> int:
    """Runs one verb; answers the exit code. What the user can put right is one line on standard error."""
    arguments = _parser().parse_args(words)
    console = Console(sys.stdout)
    target = arguments.pulumi if arguments.verb == "stack" else arguments.verb
    try:
        return _run(arguments, find_checkout(), user, console)
    except shell.ToolError as error:
        print(f"make {target}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"make {target}: interrupted; run it again to go on from here", file=sys.stderr)
        return 130


def _run(arguments: argparse.Namespace, checkout: Checkout, user: Environment, console: Console) -> int:
    if arguments.verb == "tools":
        toolchain.install(checkout, user, console)
    elif arguments.verb == "test-deps":
        test_deps.ensure(checkout, user, console, test_deps.running_as_root())
        act.ensure(checkout, user, console)
        for programs in (pages.PROGRAMS, test_deps.POLICIES):
            programs.ensure(checkout, user, console)
        languages.ensure(checkout, user, console)
    elif arguments.verb == "stack":
        return stack.run(arguments.pulumi, arguments.stack, arguments.more, checkout, user)
    elif arguments.verb == "lock":
        lock.make(checkout, user, console, upgrade=arguments.upgrade)
    elif arguments.verb == "docs":
        pages.build(checkout, user, console)
    elif arguments.verb == "docs-serve":
        return pages.serve(checkout, user, console)
    elif arguments.verb == "dist":
        dist.build(checkout, user, console, checkout.root / dist.DIST, arguments.repository)
    elif arguments.verb == "sbom":
        supply.write_sbom(checkout, user, console)
    elif arguments.verb == "audit":
        found = supply.audit(checkout, user, console)
        print("\n".join(found) if found else "audit: nothing is known against the locked packages")
        return 1 if found else 0
    elif arguments.verb == "check-lock":
        problems = lock.problems(checkout)
        print(
            "\n".join(problems)
            if problems
            else "lock files: pinned, hashed, no hosts, in step with pyproject.toml"
        )
        return 1 if problems else 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools/python -m tools")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("tools")
    verbs.add_parser("test-deps")
    pulumi = verbs.add_parser("stack")
    pulumi.add_argument("pulumi", choices=["up", "preview", "refresh", "destroy"])
    pulumi.add_argument("stack")
    pulumi.add_argument("more", nargs=argparse.REMAINDER)
    locking = verbs.add_parser("lock")
    locking.add_argument("--upgrade", action="store_true")
    verbs.add_parser("check-lock")
    releasing = verbs.add_parser("dist")
    releasing.add_argument("--repository", default="")
    verbs.add_parser("docs")
    verbs.add_parser("docs-serve")
    verbs.add_parser("sbom")
    verbs.add_parser("audit")
    return parser


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main(sys.argv[1:], os.environ))
