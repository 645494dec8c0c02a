"""The documentation: every command in it is run or says why not, the site builds, and loads nothing from elsewhere."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support.documented import ROOT, blocks
from tools import pages
from tools.layout import Checkout

RUN_BY = {
    "docs/gitops.md": "tests/gitops/test_documented.py",
    "docs/install.md": "tests/install/test_documented.py",
    "docs/tutorial.md": "tests/install/test_documented.py",
    "docs/adopt.md": "tests/fleet/test_documented.py",
    "docs/drift.md": "tests/fleet/test_documented.py",
    "docs/lines.md": "tests/fleet/test_documented.py",
    "docs/lines.zh-CN.md": "tests/fleet/test_documented.py",
    "docs/report.md": "tests/fleet/test_documented.py",
    "docs/vendors.md": "tests/fleet/test_documented.py",
}
"""Which test types the commands of a document; those of any other document have to say why they are not run."""


def documents() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / each for each in listed.stdout.split("\0") if each and not each.startswith("tests/")]


def test_every_command_block_is_run_or_says_why_not() -> None:
    silent = {
        block.place
        for document in documents()
        for block in blocks(document)
        if document.relative_to(ROOT).as_posix() not in RUN_BY and not block.not_run
    }
    assert silent == set()
    for document, test in RUN_BY.items():
        assert Path(document).name in (ROOT / test).read_text("utf-8")


def test_what_a_profile_holds_leaves_the_readmes_list(tmp_path: Path) -> None:
    assert untried(ROOT, "--check").returncode == 0
    for name in ("README.md", "README.zh-CN.md"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "docs" / "profiles").mkdir(parents=True)
    (tmp_path / "docs" / "profiles" / "acme.json").write_text('{"switches": {"search": "prefix"}}')
    assert "README.md and README.zh-CN.md" in untried(tmp_path, "--check").stderr
    assert untried(tmp_path).returncode == 0
    for name in ("README.md", "README.zh-CN.md"):
        text = (tmp_path / name).read_text("utf-8")
        assert "`search`" not in text
        assert "`list-order`" in text
    assert "1 of them was tried" in (tmp_path / "README.md").read_text("utf-8")


def untried(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "docs" / "site" / "untried.py", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


class Loaded(HTMLParser):
    """What a browser fetches by itself for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("script", "img", "iframe", "source", "video", "audio"):
            self.addresses.add(said.get("src") or "")
        if tag == "link" and said.get("rel") != "canonical":
            self.addresses.add(said.get("href") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, built as `make docs` builds them."""
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


def build(root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    program = pages.PROGRAMS.home(Checkout(ROOT)) / "bin" / "mkdocs"
    if not program.exists():
        pytest.fail("mkdocs is not there: `make test-deps` installs it")
    words: list[str | Path] = [program, "build", "--strict", "--site-dir", folder]
    # Nothing can be reached: a build that asks somebody fails.
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    return subprocess.run(
        words, cwd=root, env=pages.environment(nowhere), capture_output=True, text=True, check=False
    )


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 25
    for page in found:
        loaded = Loaded()
        loaded.feed(page.read_text("utf-8"))
        assert not {each for each in loaded.addresses if re.match(r"(\w+:)?//", each)}, page
    styles = "".join(each.read_text("utf-8") for each in site.rglob("*.css"))
    assert not re.search(r"url\(\s*[\"']?(https?:)?//|@import", styles)


def test_search_finds_what_only_the_code_says(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    text = {each["location"]: each["text"] for each in index["docs"]}
    assert "CCC_ALLOW_REMOVALS" in text["reference/environment/"]
    assert "wrong-flow" in text["reference/findings/#of-drift-and-report"]
    assert "ccc:RemovePhoneNumbers" in text["reference/ram-actions/#deploying-besides-those"]
    assert "--detailed-exit-code" in text["reference/commands/#plan"]
    assert "removalBudget" in text["reference/stack-file/#instance"]


def test_a_link_or_an_anchor_that_leads_nowhere_fails(tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    root.mkdir()
    for name in (
        ".venv",
        "ccc_numbers",
        "components",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "mkdocs.yml",
    ):
        (root / name).symlink_to(ROOT / name)
    subprocess.run(["cp", "-r", ROOT / "docs", root / "docs"], check=True)
    page = root / "docs" / "comparison.md"
    page.write_text(page.read_text("utf-8") + "[one](nowhere.md) [two](drift.md#nothing)\n", "utf-8")
    done = build(root, tmp_path / "site")
    assert done.returncode != 0
    assert "nowhere.md" in done.stderr
    assert "#nothing" in done.stderr
