"""The environment for Pulumi and the programs that it starts, when this command starts it."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

QUICK = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    # The plugin for CCC comes with the package; for others Pulumi would ask the network at each run.
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    # One state at the end of a run instead of one a step.
    "PULUMI_SKIP_CHECKPOINTS": "true",
    # Many numbers at once, so that their calls can be put together.
    "PULUMI_PARALLEL": "128",
    "PULUMI_PARALLEL_DIFF": "true",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
"""Settings that make Pulumi fast on many numbers. It reads them only from the environment."""


def surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with the programs of this Python environment first on PATH, and `QUICK` where nothing else is set.

    PATH, because a language host that does not know `virtualenv` takes the Python it finds there.
    """
    programs = str(Path(sys.executable).parent) if sys.prefix != sys.base_prefix else ""
    path = os.pathsep.join(filter(None, (programs, environ.get("PATH"))))
    return {**environ, **{name: environ.get(name) or value for name, value in QUICK.items()}, "PATH": path}
