"""The Pulumi CLI and its Python language host, built from Go modules.

Versions and checksums of every module are pinned in `tools/pulumi-cli/` and `tools/pulumi-language-python/`: two
modules without code that name the program to build as their tool. Go's own caches make a second try start where the
first one stopped.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import pins, shell
from tools.console import Console, Step
from tools.layout import Checkout, Environment, for_go

LABEL = "Pulumi CLI"
VIRTUALENV = Path(__file__).parent / "pulumi-language-python" / "virtualenv.py"
SPACE = 4_500_000_000
"""Bytes: modules, compiled packages and two programs; all but the programs is deleted afterwards."""

SDK = "github.com/pulumi/pulumi/sdk/v3"
EXEC = "python/cmd/pulumi-language-python-exec"
SCRIPTS = (EXEC, "python/dist/pulumi-resource-pulumi-python")
"""What the language host starts; not Go, copied from the module the CLI was built with."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program to build, with the module that pins it."""

    name: str
    package: str
    flags: tuple[str, ...] = ()

    def module(self, checkout: Checkout) -> Path:
        """The folder of its go.mod and go.sum."""
        return checkout.root / "tools" / self.folder

    @property
    def folder(self) -> str:
        """The name of that folder."""
        return "pulumi-cli" if self.name == "pulumi" else self.name


HOST = Program("pulumi-language-python", f"{SDK}/python/cmd/pulumi-language-python")
CLI = Program(
    "pulumi",
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ("-ldflags", f"-s -w -X {SDK}/go/common/version.Version=v{pins.PULUMI}"),
)


def install(checkout: Checkout, user: Environment, console: Console, refused: str) -> None:
    """Builds both into `.tools/bin`, the CLI last. `refused` says why there was no other way. Raises ToolError."""
    go = find_go(checkout, user, refused)
    shell.require_space(checkout.tools, SPACE, "building the Pulumi CLI")
    fresh = checkout.scratch / f"build-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    env = for_go(checkout, user)
    try:
        for program in (HOST, CLI):
            build(checkout, env, go, program, fresh, console, LABEL)
        _copy_scripts(checkout, env, go, fresh)
        checkout.bin.mkdir(parents=True, exist_ok=True)
        for made in sorted(fresh.iterdir(), key=lambda path: path.name == CLI.name):
            made.replace(checkout.bin / made.name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    forget_caches(checkout, env, console, LABEL)


def find_go(checkout: Checkout, user: Environment, refused: str) -> str:
    """The Go command, if it is there and new enough to build the CLI. Raises ToolError."""
    asked = re.search(
        r"^go (\S+)$", (CLI.module(checkout) / "go.mod").read_text(encoding="utf-8"), re.MULTILINE
    )
    needed = pins.parse(asked.group(1) if asked else "") or pins.GO_OLDEST
    remedy = f"install Go {pins.show(needed)} or newer, or Pulumi {pins.show(pins.PULUMI_OLDEST)} or newer"
    go = shutil.which("go", path=user.get("PATH", ""))
    if go is None:
        raise shell.ToolError(f"no Pulumi CLI: {refused}, and there is no Go on PATH to build it: {remedy}")
    env = for_go(checkout, user)
    said = shell.answer([go, "env", "GOVERSION", "GOTOOLCHAIN"], env)
    version = pins.parse(said or "")
    fetches = (
        said is not None and not said.endswith("local") and version is not None and version >= pins.GO_OLDEST
    )
    if version is None or (version < needed and not fetches):
        shown = "does not run" if version is None else f"is {pins.show(version)}"
        raise shell.ToolError(
            f"no Pulumi CLI: {refused}, and the Go on PATH {shown}, too old to build it: {remedy}"
        )
    return go


def build(
    checkout: Checkout,
    env: Environment,
    go: str,
    program: Program,
    fresh: Path,
    console: Console,
    label: str,
) -> None:
    """Builds one program into the folder `fresh`; `label` is of the step it is part of. Raises ToolError."""

    def command(*words: str) -> shell.Command:
        return shell.Command(
            [go, *words],
            env=env,
            purpose=f"building {program.name}",
            source=f"the Go module proxy (GOPROXY={env.get('GOPROXY', 'default')})",
            folder=program.module(checkout),
        )

    flags = ["-mod=readonly", "-modcacherw", "-trimpath"]
    with console.step(label, f"downloading the modules of {program.name}") as step:
        packages = Counter(step, "packages known", lambda line: "downloading" not in line)
        downloads = Counter(step, "modules downloaded", lambda line: line.startswith("go: downloading"))
        shell.run(
            checkout, command("list", *flags, "-deps", program.package), step, downloads.beside(packages)
        )
    with console.step(label, f"compiling {program.name}") as step:
        compiled = Counter(step, f"of at most {packages.count} packages compiled", lambda line: "/" in line)
        words = [*program.flags, "-o", str(fresh / program.name), program.package]
        shell.run(checkout, command("build", "-v", *flags, *words), step, compiled)


class Counter:
    """Turns a program's lines into a count of those that matter."""

    def __init__(self, step: Step, what: str, matters: Callable[[str], bool]) -> None:
        self.count = 0
        self._step = step
        self._what = what
        self._matters = matters

    def __call__(self, line: str) -> str | None:
        """The step's sign of life after this line; None when the line does not matter."""
        if not self._matters(line):
            return None
        self.count += 1
        return f"{self.count} {self._what}"

    def beside(self, other: Counter) -> Callable[[str], str | None]:
        """Counts with another at the same time and shows this one."""

        def both(line: str) -> str | None:
            other(line)
            return self(line)

        return both


def _copy_scripts(checkout: Checkout, env: Environment, go: str, fresh: Path) -> None:
    where = shell.answer([go, "-C", CLI.module(checkout), "list", "-m", "-f", "{{.Dir}}", SDK], env)
    if not where:
        raise shell.ToolError("the module of Pulumi's SDK is not where Go put it; run it again")
    for script in SCRIPTS:
        copy = fresh / Path(script).name
        text = (Path(where) / script).read_text(encoding="utf-8")
        copy.write_text(with_virtualenv(text) if script == EXEC else text, encoding="utf-8")
        copy.chmod(0o755)


def with_virtualenv(script: str) -> str:
    """Pulumi's script that runs a program, which then takes the Python of the project's own environment."""
    first, rest = script.split("\n", 1)
    return f"{first}\n{VIRTUALENV.read_text(encoding='utf-8')}\n{rest}"


def forget_caches(checkout: Checkout, env: Environment, console: Console, label: str) -> None:
    """Deletes what only the build needed, gigabytes of it, unless the user keeps it in a place of his own."""
    for key in ("GOCACHE", "GOMODCACHE"):
        if Path(env[key]).is_relative_to(checkout.cache):
            with console.step(label, f"deleting {checkout.relative(Path(env[key]))}, no longer needed"):
                shutil.rmtree(env[key], ignore_errors=True)
