"""Makes the pictures of README and site from the demo: `tools/run python docs/site/pictures.py`. They are kept in git.

What is shown is what the commands print: the demo is brought up, two lines of its file are changed, then it is planned and
reported. It needs the Pulumi CLI of the checkout and, for the report, Chromium.
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.browser import chromium

PICTURES = ROOT / "docs" / "assets"
WIDTH = 104
_SHARED = ("Pulumi.yaml", "__main__.py", "ccc_numbers", "components")
_EDITS = {'"02180001002": {}': '"02180001002": {flow: 夜间流程}', '      "02180001008": {}\n': ""}
_FROM_ELSEWHERE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder))
        demo.says("pulumi", "up", "--stack", "demo", "--yes", "--skip-preview")
        demo.edit()
        plan = demo.says("ccc-numbers", "plan", "demo")
        draw({"ccc-numbers plan demo": plan}, PICTURES / "preview.svg")
        demo.says("ccc-numbers", "report", "--out", "public", "--title", "Demo")
        photograph(demo.folder / "public" / "index.html", PICTURES / "report.png")


class Demo:
    """The demo's project in a folder of its own, with a state and a simulated CCC of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _SHARED:
            (folder / name).symlink_to(ROOT / name)
        (folder / "stacks").mkdir()
        for file in (ROOT / "stacks").iterdir():
            (folder / "stacks" / file.name).write_bytes(file.read_bytes())
        own = {"PULUMI_BACKEND_URL": f"file://{folder}", "PULUMI_CONFIG_PASSPHRASE": "", "FORCE_COLOR": "1"}
        self.environment = os.environ | own
        self.says("pulumi", "stack", "init", "demo")

    def edit(self) -> None:
        """Another flow for one number, and one number taken out."""
        file = self.folder / "stacks" / "demo.yaml"
        text = file.read_text("utf-8")
        for old, new in _EDITS.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file.write_text(text, "utf-8")

    def says(self, *words: str) -> str:
        """Run a command; what it prints, with colours."""
        command: list[str | Path] = [ROOT / "tools" / "run", *words]
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout


def draw(said: dict[str, str], file: Path) -> None:
    """A terminal window as SVG, in the fonts of whoever looks at it."""
    screen = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for command, output in said.items():
        screen.print(Text.assemble(("$ ", "dim"), command))
        for line in output.rstrip().splitlines():
            screen.print(Text.from_ansi(line.rstrip()), no_wrap=True, overflow="ellipsis")
    picture = _FROM_ELSEWHERE.sub("", screen.export_svg(title="", unique_id="preview"))
    file.write_text(picture.replace("Fira Code", "ui-monospace"), "utf-8")


def photograph(page: Path, file: Path) -> None:
    """The page as a person sees it, upper part."""
    with chromium() as browser:
        view = browser.new_page(viewport={"width": 1100, "height": 720})
        view.goto(page.as_uri())
        view.screenshot(path=file)


if __name__ == "__main__":
    main()
