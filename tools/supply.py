"""What the locked packages are (`make sbom`) and what is known against them (`make audit`)."""

import json
import subprocess
from pathlib import Path

from tools import shell
from tools.aside import Aside
from tools.console import Console
from tools.layout import Checkout, Environment, for_python

PROGRAMS = Aside("supply", ("cyclonedx-bom", "pip-audit"))
SBOM = Path("out") / "sbom.json"
LABEL = "supply chain"
_PATIENCE_SECONDS = 900


def write_sbom(checkout: Checkout, user: Environment, console: Console) -> None:
    """Write the packages of requirements.lock as CycloneDX to `SBOM`. Needs no network but for its own program."""
    program = PROGRAMS.ensure(checkout, user, console) / "cyclonedx-py"
    (checkout.root / SBOM).parent.mkdir(exist_ok=True)
    words = ["requirements", checkout.lock.name, "--pyproject", "pyproject.toml", "--output-reproducible"]
    with console.step(LABEL, f"listing {checkout.lock.name} in {SBOM}") as step:
        command = shell.Command(
            [program, *words, "--output-file", SBOM],
            env=for_python(checkout, user),
            purpose="listing the Python packages",
            source="the Python package index",
            folder=checkout.root,
        )
        shell.run(checkout, command, step)


def audit(checkout: Checkout, user: Environment, console: Console) -> list[str]:
    """One line for each known vulnerability of a locked package.

    Raises ToolError when the advisory service did not answer for all of them: then nothing is known, and not "none".
    """
    program = PROGRAMS.ensure(checkout, user, console) / "pip-audit"
    words: list[str | Path] = [
        "--requirement",
        checkout.lock,
        "--require-hashes",
        "--disable-pip",
        "--format",
        "json",
    ]
    done = subprocess.run(
        [program, *words, "--progress-spinner", "off"],
        env=dict(for_python(checkout, user)),
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise shell.ToolError(
            "nothing is known about the locked packages: the advisory service did not answer "
            f"({shell.redact(said[-1])[: shell.LONG]})"
        ) from None
    skipped = [f"{each['name']}: {each['skip_reason']}" for each in packages if "skip_reason" in each]
    if skipped:
        raise shell.ToolError(
            f"nothing is known about {len(skipped)} of {len(packages)} locked packages: the advisory service did not "
            f"answer for them ({skipped[0]})"
        )
    return [
        f"{each['name']} {each['version']}: {known['id']}, repaired in {', '.join(known['fix_versions']) or 'nothing yet'}"
        for each in packages
        for known in each["vulns"]
    ]
