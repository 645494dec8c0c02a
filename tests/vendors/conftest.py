"""A project with one order, and the command line in it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ccc_numbers.fleet.cli import main

EXAMPLES = Path(__file__).parents[2] / "docs/examples/vendors"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Exit code, stdout and stderr of one command line."""
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "simulator")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "simulator")

    def say(*words: str) -> tuple[int, str, str]:
        code = main(words)
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return say


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own with the after-sales example as its only stack, and one's feet in it."""
    (tmp_path / "stacks").mkdir()
    shutil.copy(EXAMPLES / "Pulumi.yaml", tmp_path)
    for name in ("Pulumi.landline-aftersales.yaml", "landline-aftersales.yaml"):
        shutil.copy(
            EXAMPLES / "stacks" / name, tmp_path / "stacks" / name.replace("landline-aftersales", "acme")
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(project: Path, **keys: object) -> None:
    """Set keys of the stack's one order; None takes one out."""
    file = project / "stacks/acme.yaml"
    data = yaml.safe_load(file.read_text("utf-8"))
    order = data["orders"]["youyin-2026-08"]
    order.update({key: value for key, value in keys.items() if value is not None})
    for key in (key for key, value in keys.items() if value is None):
        order.pop(key, None)
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
