"""Makes the pictures of README and site from the demo: `tools/run python docs/site/pictures.py`. They are kept in git.

What is shown is what the commands print: the demo is brought up, two lines of its file are changed, then it is planned and
reported; applications for orders of the vendors' examples are packed, and their cover sheets opened. It needs the Pulumi CLI
of the checkout; Chromium for the report; LibreOffice, pdftoppm and pngquant for the cover sheets.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.browser import chromium
from tests.vendors.papers import papers

PICTURES = ROOT / "docs" / "assets"
WIDTH = 104
_SHARED = ("Pulumi.yaml", "__main__.py", "ccc_numbers", "components")
_EDITS = {'"02180001002": {}': '"02180001002": {flow: 夜间流程}', '      "02180001008": {}\n': ""}
_PAPERS = ("acceptanceForm", "realNameCommitment", "script", "contract")
_APPLICATIONS = {"landline-aftersales": ("youyin-2026-08", _PAPERS), "sip-marketing": ("sip-2026", ())}
"""An order of each vendor by its stack, and the papers it hands in."""
_FONTS = """<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>宋体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias></fontconfig>"""
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
        cover_sheets(Path(folder) / "vendors")


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


def cover_sheets(folder: Path) -> None:
    """The pages of each application's cover.docx, in fonts that are as wide as those it asks for."""
    shutil.copytree(ROOT / "docs/examples/vendors", folder, dirs_exist_ok=True)
    given = papers(folder / "stacks")
    (folder / "fonts.conf").write_text(_FONTS, "utf-8")
    for stack, (key, kinds) in _APPLICATIONS.items():
        file = folder / "stacks" / f"{stack}.yaml"
        paths = [f"      {kind}: {given[kind].relative_to(file.parent)}\n" for kind in kinds]
        own = "    materials:\n" + "".join(paths) if paths else ""
        file.write_text(file.read_text("utf-8") + own, "utf-8")
        run(folder, ROOT / "tools/run", "ccc-numbers", "orders", "request", key, "--stack", stack)
        with zipfile.ZipFile(folder / f"{key}.zip") as packed:
            (folder / "cover.docx").write_bytes(packed.read(f"{key}/cover.docx"))
        run(folder, "soffice", "--headless", "--convert-to", "pdf", "cover.docx")
        run(folder, "pdftoppm", "-r", "84", "-png", "cover.pdf", PICTURES / f"application-{stack}")
    run(PICTURES, "pngquant", "--force", "--ext", ".png", "--strip", "32", *PICTURES.glob("application-*"))


def run(folder: Path, *command: str | Path) -> None:
    """A command in a folder; what it prints is not shown."""
    environment = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)


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
