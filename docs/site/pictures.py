"""Makes the pictures of README and site: `tools/run python docs/site/pictures.py [demo] [lines] [papers]`. They are kept in git.

What is shown is what the commands print. `demo` is brought up, two lines of its file are changed, then it is planned and
reported, which needs the Pulumi CLI of the checkout. `lines` is looked at on the third day of its holiday, in both
languages; its page gets the text. `papers`: applications for orders of the vendors' examples are packed, and their cover
sheets opened. Reports need Chromium; cover sheets LibreOffice, pdftoppm and pngquant.
"""

import html
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.browser import chromium
from tests.vendors.papers import papers

PICTURES = ROOT / "docs" / "assets"
WIDTH = 104
HOLIDAY = "2026-10-03T10:00"
_SHARED = ("Pulumi.yaml", "__main__.py", "ccc_numbers", "components")
_EDITS = {'"02180001002": {}': '"02180001002": {flow: 夜间流程}', '      "02180001008": {}\n': ""}
_PAPERS = ("acceptanceForm", "realNameCommitment", "script", "contract")
_APPLICATIONS = {"landline-aftersales": ("youyin-2026-08", _PAPERS), "sip-marketing": ("sip-2026", ())}
"""An order of each vendor by its stack, and the papers it hands in."""
_FONTS = """<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>宋体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias></fontconfig>"""
_LENGTH = re.compile(r'textLength="[\d.]+"(?P<more>[^>]*)>(?P<text>[^<]*)<')
_CELL = 12.2
"""Width of a cell in rich's pictures."""
_FROM_ELSEWHERE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main(wanted: list[str]) -> None:
    made = {"demo": _demo, "lines": _lines, "papers": cover_sheets}
    for name in wanted or made:
        with tempfile.TemporaryDirectory() as folder:
            made[name](Path(folder))


def _demo(folder: Path) -> None:
    demo = Demo(folder)
    demo.says("pulumi", "up", "--stack", "demo", "--yes", "--skip-preview")
    demo.edit()
    plan = demo.says("ccc-numbers", "plan", "demo")
    draw({"ccc-numbers plan demo": plan}, PICTURES / "preview.svg")
    demo.says("ccc-numbers", "report", "--out", "public", "--title", "Demo")
    photograph(demo.folder / "public" / "index.html", PICTURES / "report.png")


def _lines(folder: Path) -> None:
    shutil.copytree(ROOT / "docs" / "examples" / "lines", folder, dirs_exist_ok=True)
    asked = ["--traffic", "30d", "--reachability"]
    for language, title in (("en", "Lines"), ("zh", "线路")):
        own = {"CCC_NOW": HOLIDAY, "CCC_LANG": language, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
        own["CCC_NUMBERS_RUN"] = ""  # in a team's repository, not in this checkout
        program = ROOT / ".venv" / "bin" / "ccc-numbers"
        printed = []
        for words in (["drift", *asked], ["report", *asked, "--out", "public", "--title", title]):
            done = subprocess.run(
                [program, *words], cwd=folder, env=os.environ | own, capture_output=True, text=True
            )
            assert done.returncode < 2, done.stderr  # 1: there are findings
            printed.append(done.stdout)
        command = " ".join(["ccc-numbers", "drift", *asked])
        paste(printed[0], ROOT / "docs" / f"lines{'.zh-CN' if language == 'zh' else ''}.md")
        draw({command: printed[0]}, PICTURES / f"lines-drift-{language}.svg", width=120)
        for page, height in (("index", 720), ("calls", 890)):
            photograph(folder / "public" / f"{page}.html", PICTURES / f"lines-{page}-{language}.png", height)
    run(PICTURES, "pngquant", "--force", "--ext", ".png", "--strip", "64", *PICTURES.glob("lines-*.png"))


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


def paste(printed: str, page: Path) -> None:
    """What was printed, as the page's block of text."""
    before, fence, rest = page.read_text("utf-8").partition("```text\n")
    lines = [line.rstrip() for line in Text.from_ansi(printed).plain.rstrip().splitlines()]
    page.write_text("\n".join([before + fence + lines[0], *lines[1:], rest[rest.index("```") :]]), "utf-8")


def draw(said: dict[str, str], file: Path, width: int = WIDTH) -> None:
    """A terminal window as SVG, its lines cut at the edge."""
    file.write_text(terminal(said, width, whole=False), "utf-8")


def terminal(said: dict[str, str], width: int = WIDTH, *, whole: bool = True) -> str:
    """A terminal window as SVG, in the fonts of whoever looks at it. `whole`: a line that is too long is folded."""
    screen = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    for command, output in said.items():
        screen.print(Text.assemble(("$ ", "dim"), command))
        for line in output.rstrip().splitlines():
            text = Text.from_ansi(line)
            text.rstrip()
            screen.print(text, no_wrap=not whole, overflow="fold" if whole else "ellipsis")
    picture = _FROM_ELSEWHERE.sub("", screen.export_svg(title="", unique_id="preview"))
    picture = _LENGTH.sub(_spread, picture)
    return picture.replace("Fira Code", "ui-monospace")


def _spread(found: re.Match[str]) -> str:
    """The length of a text in cells: rich counts its characters, and a Chinese one takes two."""
    cells = cell_len(html.unescape(found["text"]))
    return f'textLength="{cells * _CELL:.1f}"{found["more"]}>{found["text"]}<'


def photograph(page: Path, file: Path, height: int = 720) -> None:
    """The page as a person sees it, upper part."""
    with chromium() as browser:
        view = browser.new_page(viewport={"width": 1100, "height": height})
        view.goto(page.as_uri())
        view.screenshot(path=file)


if __name__ == "__main__":
    main(sys.argv[1:])
