"""Environments beside `.venv`: programs that nothing else needs, each from a lock of its own."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import shell, uv, venv
from tools.console import Console
from tools.layout import Checkout, Environment, for_python


@dataclass(frozen=True, slots=True)
class Aside:
    """Packages in `.tools/NAME`, pinned in `tools/requirements-NAME.txt`."""

    name: str
    wants: tuple[str, ...]

    @property
    def requirements(self) -> Path:
        """Its lock file, in the checkout."""
        return Path("tools") / f"requirements-{self.name}.txt"

    def home(self, checkout: Checkout) -> Path:
        """Where it is installed."""
        return checkout.tools / self.name

    def ensure(self, checkout: Checkout, user: Environment, console: Console) -> Path:
        """The folder of its programs; installs them where they are not as the lock says. Raises ToolError."""
        home, lock = self.home(checkout), checkout.root / self.requirements
        stamp = home / "stamp"
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock.read_text(encoding="utf-8"):
            program = uv.ensure(checkout, user, console)
            env = for_python(checkout, user) | venv.pip_settings(checkout, user)
            shutil.rmtree(home, ignore_errors=True)
            with console.step(self.name, f"installing {' and '.join(self.wants)}") as step:
                made: tuple[str | Path, ...] = ("venv", "--python", sys.executable, home)
                filled = ("pip", "sync", lock, "--require-hashes", "--python", home / "bin" / "python")
                for words in (made, filled):
                    command = shell.Command(
                        [program, *words],
                        env=env,
                        purpose=f"installing {self.wants[0]}",
                        source="the Python package index",
                    )
                    shell.run(checkout, command, step)
            stamp.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
        return home / "bin"
