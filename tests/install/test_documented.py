"""What docs/install.md and docs/tutorial.md tell a team to type, typed on a machine that has nothing but the wheel."""

import shutil
import socket
from pathlib import Path

import pytest

from tests.install.team import Machine, without_packages
from tests.support.documented import ROOT, Typist, blocks
from tests.vendors.papers import papers


@pytest.fixture
def typist(team: Machine, wheel: Path) -> Typist:
    variables = team.variables | without_packages(team, wheel)
    # The document installs the package before it makes an environment: into the team's, nowhere else on this machine.
    pip = team.folder / "bin" / "pip"
    pip.parent.mkdir()
    pip.write_text(f'#!/bin/sh\nexec "{team.venv}/bin/python" -m pip "$@"\n', "utf-8")
    pip.chmod(0o755)
    variables["PATH"] = f"{pip.parent}:{team.venv}/bin:{variables['PATH']}"
    (team.folder / "work").mkdir()
    return Typist(team.folder / "work", variables, team.folder / "notes")


def test_the_first_preview_of_the_install_page_works(typist: Typist) -> None:
    first, *others = blocks(ROOT / "docs/install.md")
    assert [block.not_run for block in others if not block.not_run] == []
    said = typist.types(first)
    assert "2 to add, 1 to take over" in said


def test_the_tutorial_leads_from_the_catalogue_to_bound_numbers(typist: Typist) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    said = []
    for block in blocks(ROOT / "docs/tutorial.md"):
        if block.then:
            assert block.then == "the four papers are in stacks/materials"
            papers(typist.folder / "stacks")
            shutil.move(
                typist.folder / "stacks/materials/合同.png", typist.folder / "stacks/materials/contract.png"
            )
        said.append(typist.types(block, {"8080": port}))
    assert "landline-aftersales" in said[2]
    assert "02180001011 is not imported into the account yet: pending" in said[-3]
    assert "5 of 5 numbers managed" in said[-1]
