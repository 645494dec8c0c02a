"""The Pulumi CLI and its Python language host: from PATH, else the official installer, else built from Go modules."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from tools import pins, pulumi_build, pulumi_installer, shell
from tools.console import Console
from tools.layout import Checkout, Environment, for_pulumi, path_without

LABEL = "Pulumi CLI"
PROGRAM = "pulumi"
HOST = ("pulumi-language-python", "pulumi-language-python-exec")
"""The language host of the same release: the CLI finds it beside itself or on PATH."""


@dataclass(frozen=True, slots=True)
class Cli:
    """The CLI in use, and what was on PATH when it was chosen. Kept in `.tools/pulumi.json`."""

    source: str
    """For people: "on PATH", "official installer", "built from Go modules"."""
    version: str
    program: str
    identity: str
    on_path: str | None
    """Identity of the `pulumi` on PATH; None when there was none. Another one means choosing again."""


@dataclass(frozen=True, slots=True)
class OnPath:
    """The `pulumi` a user has himself, and what speaks against using it (None: nothing)."""

    program: Path
    version: str
    objection: str | None


def identity(program: Path) -> str:
    """Tells one file from the next without reading or running it."""
    there = program.stat()
    return f"{program} {there.st_size} {there.st_mtime_ns}"


def current(checkout: Checkout, user: Environment) -> Cli | None:
    """The CLI chosen before, if all it rests on is as it was; reads files only."""
    try:
        kept = Cli(**json.loads((checkout.tools / "pulumi.json").read_text(encoding="utf-8")))
        if kept.identity != identity(Path(kept.program)) or kept.on_path != _identity_on_path(checkout, user):
            return None
    except (OSError, ValueError, TypeError):
        return None
    own = Path(kept.program).parent == checkout.bin
    complete = not own or (
        kept.version == pins.PULUMI and all((checkout.bin / name).exists() for name in HOST)
    )
    return kept if complete else None


def _identity_on_path(checkout: Checkout, user: Environment) -> str | None:
    found = shutil.which(PROGRAM, path=path_without(checkout, user))
    return None if found is None else identity(Path(found))


def ensure(checkout: Checkout, user: Environment, console: Console) -> Cli:
    """Chooses a CLI, installing one if need be, and remembers the choice. Raises ToolError."""
    found = look_on_path(checkout, user)
    if found is not None and found.objection is None:
        console.say(LABEL, f"v{found.version} on PATH, with its own Python language host")
        _remove_own(checkout)
        chosen = ("on PATH", found.version, found.program)
    else:
        if found is not None:
            console.say(LABEL, f"v{found.version} on PATH is not used: {found.objection}")
        chosen = (_install(checkout, user, console), pins.PULUMI, checkout.bin / PROGRAM)
    source, version, program = chosen
    cli = Cli(source, version, str(program), identity(program), _identity_on_path(checkout, user))
    fresh = checkout.tools / "pulumi.json.new"
    fresh.write_text(json.dumps(asdict(cli), indent=1), encoding="utf-8")
    fresh.replace(checkout.tools / "pulumi.json")
    return cli


def look_on_path(checkout: Checkout, user: Environment) -> OnPath | None:
    """The `pulumi` on PATH and whether it will do; None when there is none."""
    path = path_without(checkout, user)
    found = shutil.which(PROGRAM, path=path)
    if found is None:
        return None
    version = pins.parse(shell.answer([found, "version"], for_pulumi(checkout, user)) or "")
    if version is None:
        return OnPath(Path(found), "?", f"{found} version does not answer with a version")
    shown = ".".join(str(part) for part in version)
    if version < pins.PULUMI_OLDEST:
        return OnPath(Path(found), shown, f"the project needs {pins.show(pins.PULUMI_OLDEST)} or newer")
    beside = [str(Path(found).parent), str(Path(found).resolve().parent), path]
    missing = [name for name in HOST if not any(shutil.which(name, path=place) for place in beside)]
    objection = f"{missing[0]} is neither beside it nor on PATH" if missing else None
    return OnPath(Path(found), shown, objection)


def _install(checkout: Checkout, user: Environment, console: Console) -> str:
    """Puts the pinned CLI into `.tools/bin`; answers where it came from."""
    refused = pulumi_installer.install(checkout, user, console)
    if refused is None:
        source = "official installer"
    else:
        console.say(
            LABEL, f"{refused}; building v{pins.PULUMI} from its Go modules instead (some minutes, only once)"
        )
        pulumi_build.install(checkout, user, console, refused)
        source = "built from Go modules"
    said = shell.answer([checkout.bin / PROGRAM, "version"], for_pulumi(checkout, user))
    if pins.parse(said or "") != pins.parse(pins.PULUMI):
        raise shell.ToolError(f"the new Pulumi CLI does not run: .tools/bin/pulumi version answers {said!r}")
    return source


def _remove_own(checkout: Checkout) -> None:
    """An older copy of ours must not come before the user's own on PATH, nor its language host."""
    if checkout.bin.exists():
        for stale in checkout.bin.glob(f"{PROGRAM}*"):
            stale.unlink()
