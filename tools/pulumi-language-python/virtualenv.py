# Put before Pulumi's own script by tools/pulumi_build.py. The language host that is built here is older than the CLI and
# starts the program with whatever Python is on PATH: this takes the one that Pulumi.yaml names as `virtualenv`.
import importlib.util
import os
import re
import sys
from pathlib import Path


def _virtualenv(folder: Path) -> Path:
    """The environment named by the Pulumi.yaml of this folder or one above; `.venv` where it names none."""
    for each in (folder, *folder.parents):
        file = each / "Pulumi.yaml"
        if file.is_file():
            named = re.search(r"^\s+virtualenv:\s*[\"']?([^\s\"'#]+)", file.read_text("utf-8"), re.MULTILINE)
            return each / (named[1] if named else ".venv")
    return folder / ".venv"


if importlib.util.find_spec("pulumi") is None:
    _environment = _virtualenv(Path.cwd())
    _python = _environment / "bin" / "python"
    if os.access(_python, os.X_OK) and Path(sys.prefix).resolve() != _environment.resolve():
        os.execv(_python, [str(_python), *sys.argv])  # noqa: S606  # no shell is wanted
    print(
        f"the packages of this project are not installed in {_environment}: python3 -m venv {_environment}, then "
        f"{_environment}/bin/pip install -r requirements.txt (in a checkout of ccc-numbers: make tools)",
        file=sys.stderr,
    )
    sys.exit(32)  # by which the host knows that the reason has been said
