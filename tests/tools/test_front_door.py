"""What a stranger meets first: the README, `make` alone, CI."""

import subprocess

from tests.tools.machine import SOURCE


def test_the_readmes_commands_are_what_ci_runs() -> None:
    ci = (SOURCE / ".ci" / "run").read_text(encoding="utf-8")
    for readme in ("README.md", "README.zh-CN.md"):
        text = (SOURCE / readme).read_text(encoding="utf-8")
        assert "make up" in text.split("## ")[0]
        assert "make test" in text.split("## ")[0]
    assert "for target in test lint" in ci


def test_make_alone_shows_what_can_be_done() -> None:
    done = subprocess.run(["make", "-C", SOURCE], capture_output=True, text=True, check=True)
    for target in ("tools", "up", "preview", "refresh", "destroy", "test", "lint", "bench", "lock", "clean"):
        assert f"  make {target} " in done.stdout
