"""`.venv`: exactly the packages of requirements.lock, and the project itself, editable."""

import hashlib
import shlex
import shutil
import sys
from pathlib import Path

from tools import pins, shell, uv
from tools.console import Console, Step
from tools.layout import Checkout, Environment, for_python

LABEL = "Python packages"
BUILD_REQUIREMENTS = Path("tools") / "requirements-build.txt"
SPACE = 1_500_000_000
"""Bytes: the environment is 0.7 GB, and uv keeps a copy of what it cannot link."""

PIP_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}
"""What uv would call the settings that people keep for pip, a mirror above all: uv does not read them."""


def current(checkout: Checkout) -> bool:
    """Whether the environment is the one that the lock asks for; reads files only."""
    stamp = checkout.venv / "stamp"
    return checkout.venv_python.exists() and stamp.exists() and stamp.read_text() == wanted(checkout)


def wanted(checkout: Checkout) -> str:
    """A digest of all that decides what the environment holds; it names its folder in every script."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {checkout.root}".encode())
    for path in (checkout.lock, checkout.root / BUILD_REQUIREMENTS, checkout.root / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def ensure(checkout: Checkout, user: Environment, console: Console) -> None:
    """Makes the environment what the lock asks for. Raises ToolError."""
    shell.require_space(checkout.venv, SPACE, "installing the Python packages")
    program = uv.ensure(checkout, user, console)
    env = for_python(checkout, user) | pip_settings(checkout, user)
    count = checkout.lock.read_text(encoding="utf-8").count("==")
    with console.step(LABEL, f"installing {count} packages from {checkout.lock.name}") as step:
        reinstall = _make_environment(checkout, env, program, step)
        requirements: list[str | Path] = ["pip", "sync", checkout.lock, "--require-hashes"]
        _uv(checkout, env, program, step, [*requirements, *_build_pins(checkout), *reinstall])
        (checkout.venv / "unfinished").unlink()
        project: list[str | Path] = ["pip", "install", "--no-deps", "--no-build-isolation"]
        _uv(checkout, env, program, step, [*project, "--editable", checkout.root])
    # Last: an interruption before this line leaves work to do.
    (checkout.venv / "stamp").write_text(wanted(checkout))


def _make_environment(checkout: Checkout, env: Environment, program: Path, step: Step) -> list[str]:
    """Makes `.venv` unless a usable one is there; returns the options that the installation of packages then needs."""
    unfinished = checkout.venv / "unfinished"
    says = shell.answer([checkout.venv_python, "--version"], env) if checkout.venv_python.exists() else None
    if says is None or pins.parse(says) != sys.version_info[:3]:
        shutil.rmtree(checkout.venv, ignore_errors=True)
        _uv(checkout, env, program, step, ["venv", "--python", sys.executable, checkout.venv])
    # A package whose installation was cut off may look whole.
    reinstall = ["--reinstall"] if unfinished.exists() else []
    (checkout.venv / "stamp").unlink(missing_ok=True)
    unfinished.touch()
    return reinstall


def _build_pins(checkout: Checkout) -> list[str | Path]:
    """Some packages come as source only: what builds them is pinned too."""
    return ["--build-constraints", checkout.root / BUILD_REQUIREMENTS]


def _uv(checkout: Checkout, env: Environment, program: Path, step: Step, words: list[str | Path]) -> None:
    command = shell.Command(
        [program, *words],
        env=env,
        purpose="installing the Python packages",
        source="the Python package index",
    )
    shell.run(checkout, command, step, uv.progress)


def pip_settings(checkout: Checkout, user: Environment) -> dict[str, str]:
    """The user's index, mirror and certificates as he set them for pip, in uv's words; his settings for uv win."""
    listed = shell.answer([sys.executable, "-m", "pip", "config", "list"], for_python(checkout, user))
    settings: dict[str, str] = {}
    for line in (listed or "").splitlines():
        key, _, value = line.partition("=")
        name = PIP_SETTINGS.get(key.rpartition(".")[2])
        if name is not None and name not in user:
            settings[name] = " ".join(" ".join(shlex.split(value)).split())
    if "UV_INDEX_URL" in user:
        settings.pop("UV_DEFAULT_INDEX", None)
    return settings
