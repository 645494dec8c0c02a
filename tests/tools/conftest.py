"""A made-up checkout and made-up programs: nothing here builds, downloads or reads the real tool chain."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.machine import SOURCE, Machine
from tools.layout import Checkout

COPIED = (
    "pyproject.toml",
    "requirements.lock",
    "tools/requirements-uv.txt",
    "tools/requirements-build.txt",
    "tools/requirements-supply.txt",
    "tools/requirements-plugin.txt",
    "tools/requirements-docs.txt",
    "tools/requirements-policies.txt",
    "tools/requirements-node.txt",
    "tools/pulumi-cli/go.mod",
    "tools/pulumi-language-python/go.mod",
    *(f"tools/pulumi-language-{host}/go.{file}" for host in ("yaml", "nodejs") for file in ("mod", "sum")),
    "docs/examples/typescript/package.json",
    "docs/examples/typescript/package-lock.json",
    "tools/run",
    "tools/python",
)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A bare machine: no uv, no Go, no Pulumi, and a switched-off installer."""
    root = tmp_path / "checkout"
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCE / name, root / name)
    (root / ".tools" / "tmp").mkdir(parents=True)
    programs = tmp_path / "programs"
    programs.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    made = Machine(Checkout(root), programs, tmp_path / "calls")
    made.user = {"PATH": str(programs), "HOME": str(home), "CCC_PULUMI_INSTALLER": "none"}
    return made


@pytest.fixture
def installer(tmp_path: Path) -> Callable[[str], str]:
    """Writes an official installer that does as told; answers the address to name in CCC_PULUMI_INSTALLER."""

    def write(script: str) -> str:
        path = tmp_path / "install.sh"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        return path.as_uri()

    return write
