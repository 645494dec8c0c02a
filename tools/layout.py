"""Where things are in a checkout, and the environment of the programs that put them there."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checkout:
    """One checkout of the project; nothing is written outside of it."""

    root: Path

    @property
    def tools(self) -> Path:
        """What was downloaded or built; git-ignored, can be deleted at any time."""
        return self.root / ".tools"

    @property
    def bin(self) -> Path:
        """Pulumi's executables, when they are not taken from PATH."""
        return self.tools / "bin"

    @property
    def cache(self) -> Path:
        """Downloads that make a second try quick."""
        return self.tools / "cache"

    @property
    def logs(self) -> Path:
        """The whole output of each step."""
        return self.tools / "log"

    @property
    def scratch(self) -> Path:
        """Half-made things; what is finished is moved out of here in one step."""
        return self.tools / "tmp"

    @property
    def venv(self) -> Path:
        """The project's Python environment."""
        return self.root / ".venv"

    @property
    def venv_python(self) -> Path:
        """The interpreter inside it."""
        return self.venv / "bin" / "python"

    @property
    def lock(self) -> Path:
        """Every Python package with its hashes."""
        return self.root / "requirements.lock"

    def relative(self, path: Path) -> str:
        """A path as a person in the checkout would type it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)


def find_checkout() -> Checkout:
    """The checkout this file stands in."""
    return Checkout(Path(__file__).resolve().parent.parent)


def for_python(checkout: Checkout, user: Environment) -> dict[str, str]:
    """The environment of uv and pip: the user's own, with caches inside the checkout unless he has set them."""
    env = dict(user)
    env.setdefault("UV_CACHE_DIR", str(checkout.cache / "uv"))
    env.setdefault("PIP_CACHE_DIR", str(checkout.cache / "pip"))
    env.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    # uv would otherwise fetch an interpreter of its own into HOME, or follow an active environment.
    env["UV_PYTHON_DOWNLOADS"] = "never"
    env["UV_NO_PROGRESS"] = "1"
    env["VIRTUAL_ENV"] = str(checkout.venv)
    return env


def for_go(checkout: Checkout, user: Environment) -> dict[str, str]:
    """The environment of the Go command, which would otherwise fill ~/go, ~/.cache and ~/.config."""
    env = dict(user)
    env.setdefault("GOPATH", str(checkout.cache / "go"))
    env.setdefault("GOMODCACHE", str(Path(env["GOPATH"].split(os.pathsep)[0]) / "pkg" / "mod"))
    env.setdefault("GOCACHE", str(checkout.cache / "go-build"))
    env.setdefault("CGO_ENABLED", "0")
    env["GOWORK"] = "off"
    if sys.platform != "darwin":
        # Go counts its own runs under the user's configuration folder. His settings there still hold.
        configured = user.get("XDG_CONFIG_HOME") or str(Path(user.get("HOME") or os.devnull) / ".config")
        env.setdefault("GOENV", str(Path(configured) / "go" / "env"))
        env["XDG_CONFIG_HOME"] = str(checkout.cache / "config")
    return env


def for_pulumi(checkout: Checkout, user: Environment) -> dict[str, str]:
    """The environment in which a Pulumi CLI can be asked its version without writing to HOME, or to the stacks' home."""
    env = dict(user)
    env["PULUMI_HOME"] = str(checkout.cache / "pulumi")
    env["PULUMI_SKIP_UPDATE_CHECK"] = "true"
    return env


def path_without(checkout: Checkout, user: Environment) -> str:
    """The user's PATH less the checkout's own folders, so that our own copies are not taken for his."""
    own = {checkout.bin, checkout.venv / "bin"}
    entries = user.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if entry and Path(entry) not in own)
