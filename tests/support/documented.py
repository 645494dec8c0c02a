"""The commands that documents show, and somebody who types them.

A block of commands is run by a test, unless the comment above it says why not:

    <!-- not run: it serves until it is stopped -->
    <!-- then: somebody has bound a number to another flow -->     what has happened before it, which a test plays
    <!-- ends with 1 -->                                           the exit code of its last command, where it is not 0
"""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from tests.support.patience import HANG_S

ROOT = Path(__file__).parents[2]
SHELLS = ("sh", "bash", "shell", "console")
_COMMENT = re.compile(r"<!-- (?P<word>then|not run|ends)(?:: | with )(?P<text>.+?) -->", re.DOTALL)
_TYPED = re.compile(r"^\s*(\$ |ccc-numbers |pulumi |make |tools/run |pip |uv )", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One block of commands. `then` and `not_run` are "" where the document says nothing."""

    place: str
    commands: str
    then: str = ""
    not_run: str = ""
    ends: str = "0"


def blocks(document: Path) -> list[Block]:
    """Every block of commands in the document, indented ones too, in its order."""
    return list(_blocks(document.relative_to(ROOT), document.read_text("utf-8")))


def _blocks(name: Path, text: str) -> Iterator[Block]:
    above = ""
    for token in MarkdownIt().parse(text):
        fenced = token.type == "fence" and token.info.strip() in SHELLS
        if fenced or (token.type == "code_block" and _TYPED.search(token.content)):
            said = {
                each["word"].replace(" ", "_"): " ".join(each["text"].split())
                for each in _COMMENT.finditer(above)
            }
            yield Block(f"{name}:{token.map[0] + 1 if token.map else 0}", token.content, **said)
        above = above + token.content if token.type == "html_block" else ""


class Typist:
    """One shell that remembers its folder and what was exported."""

    def __init__(self, folder: Path, environment: dict[str, str], notes: Path) -> None:
        self.folder, self.environment, self._notes = folder, environment, notes

    def types(self, block: Block, here: Mapping[str, str] | None = None) -> str:
        """Run the block; each of its commands has to work. What they print. `here`: what stands for what on this machine."""
        commands = block.commands
        for there, this in (here or {}).items():
            commands = commands.replace(there, this)
        remember = f"env -0 > {self._notes}; pwd > {self._notes}.at; kill $(jobs -p) 2>/dev/null || true"
        script = f"trap '{remember}' EXIT\n{commands}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )
        assert done.returncode == int(block.ends), f"{block.place}: {commands}\n{done.stdout}{done.stderr}"
        exported = self._notes.read_text("utf-8").split("\0")
        self.environment |= dict(each.split("=", 1) for each in exported if each)
        self.folder = Path(Path(f"{self._notes}.at").read_text("utf-8").strip())
        return done.stdout
