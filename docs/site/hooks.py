"""What mkdocs asks of the project at each build: the pages made from code, and those that stand at the top of the tree."""

import json
import re
import subprocess
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

TOP = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security-policy.md",
}
"""Pages of the site whose files stand beside README.md, where a forge looks for them."""
_LINK = re.compile(r"\]\((?P<up>\.\./)?(?P<target>[^)#:\s]+)(?P<anchor>#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is not in docs/ as a file."""
    root = Path(config.config_file_path).parent
    for file, page in TOP.items():
        text = _LINK.sub(lambda found: _from_top(found, root), (root / file).read_text("utf-8"))
        files.append(File.generated(config, page, content=text))
    for page, text in _reference(root).items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links to the files at the top lead to their pages."""
    return _LINK.sub(_to_top, markdown) if "/" not in page.file.src_uri else markdown


def _reference(root: Path) -> dict[str, str]:
    """The generated pages. They need the project's own packages, which are in another environment than mkdocs."""
    words: list[str | Path] = [
        root / ".venv" / "bin" / "python",
        "-P",
        root / "docs" / "site" / "reference.py",
    ]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PluginError(f"docs/site/reference.py: {done.stderr.strip().splitlines()[-1:] or 'failed'}")
    pages: dict[str, str] = json.loads(done.stdout)
    return pages


def _from_top(found: re.Match[str], root: Path) -> str:
    """A link of a file beside README.md, as its page in docs/ has it."""
    target, anchor = found["target"], found["anchor"] or ""
    if target.startswith("docs/"):
        return f"]({target.removeprefix('docs/')}{anchor})"
    return f"]({TOP[target]}{anchor})" if target in TOP else found[0]


def _to_top(found: re.Match[str]) -> str:
    page = TOP.get(found["target"]) if found["up"] else None
    return f"]({page}{found['anchor'] or ''})" if page else found[0]
