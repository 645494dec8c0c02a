"""Fixtures: the wheel, built once, and a team's machine that has nothing else of this project."""

from pathlib import Path

import pytest

from tests.install.team import Machine, build, install, machine


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def venv(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel installed."""
    return install(wheel, tmp_path_factory.mktemp("team") / "venv")


@pytest.fixture
def team(venv: Path, tmp_path: Path) -> Machine:
    """A machine with the wheel, without a repository."""
    return machine(venv, tmp_path)
