"""A Pulumi project in a folder of its own, and the real CLI on it."""

import os
from collections.abc import Mapping
from pathlib import Path

from . import watch
from .subject import Verb
from .watch import Measured

ROOT = Path(__file__).parents[1]
STACK = "bench"
PROGRAM = ("__main__.py", "ccc_numbers", "components")
# As `tools/run` sets them, for a run without it; what is set already stays.
_SETTINGS = {
    "PULUMI_SKIP_CHECKPOINTS": "true",
    "PULUMI_PARALLEL": "128",
    "PULUMI_PARALLEL_DIFF": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
_WORDS = {
    Verb.UP: ("up", "--yes", "--skip-preview"),
    Verb.UNCHANGED: ("up", "--yes", "--skip-preview"),
    Verb.PREVIEW: ("preview",),
    Verb.REFRESH: ("refresh", "--preview-only"),
    Verb.DESTROY: ("destroy", "--yes", "--skip-preview"),
}


def settings() -> dict[str, str]:
    """The switches every Pulumi run here has."""
    return {key: os.environ.get(key, default) for key, default in _SETTINGS.items()}


class Stack:
    """One stack. `config` is its configuration, `more` added to (or taken in place of) its environment."""

    def __init__(
        self, folder: Path, project: str, config: Mapping[str, str], more: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        (folder / "stacks").mkdir()
        (folder / "state").mkdir()
        (folder / "home").mkdir()
        (folder / "home" / "logs").write_text("no logs, as with tools/run", "utf-8")
        (folder / "Pulumi.yaml").write_text(project, "utf-8")
        lines = [f'  {key}: "{value}"' for key, value in config.items()]
        text = "\n".join(["config:", *lines]) if lines else "{}"
        (folder / "stacks" / f"Pulumi.{STACK}.yaml").write_text(text + "\n", "utf-8")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "CCC_", "ALIBABA_"))}
        self.environment = (
            kept
            | settings()
            | {
                "PULUMI_HOME": str(folder / "home"),
                "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
                "PULUMI_CONFIG_PASSPHRASE": "bench",
                **(more or {}),
            }
        )
        self.pulumi("stack", "init", STACK)

    def perform(self, verb: Verb) -> Measured:
        """One verb, without the preview before it and without questions."""
        return self.pulumi(*_WORDS[verb], "--stack", STACK)

    def pulumi(self, *words: str) -> Measured:
        """Any command of the CLI."""
        command = ["pulumi", *words, "--non-interactive", "--color", "never"]
        return watch.run(command, self.folder, self.environment)


def link_program(folder: Path) -> None:
    """Put this project's program, components and plugin into a project folder."""
    for name in PROGRAM:
        (folder / name).symlink_to(ROOT / name)
