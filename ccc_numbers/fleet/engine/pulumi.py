"""Runs the Pulumi CLI in a project, and gives the reason of a failure in one line."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.api.errors import redacted
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import visible

_OURS = "ccc-numbers: "
_LONGEST = 400
_STORE_SAYS = re.compile(
    r"(?:api error |: )((?<=api error ).*|dial tcp .*|no such host.*|context deadline.*)$"  # not translated: Pulumi's words
)
_TAG = re.compile(r"<\{%[^%]*%\}>|\x1b\[[0-9;]*m")
_EPILOGUES = re.compile(r"^(?:update|preview) failed$|^\d+ errors? occurred:?$")
_PREFIX = re.compile(
    # not translated: Pulumi's words
    r"^(?:Preview failed: |update failed: |\S+ resource '[^']*' has a problem: )"
)


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """How a run of the CLI ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def reason(self) -> str:
        """Why it failed, as one line."""
        text = self.err.strip() or self.out.strip()
        last = reasons(text)[-1] if text else tr("pulumi ended with exit code {code}", code=self.code)
        return visible(" ".join("; ".join(_diagnosed(self.out) or [last]).split()))


def pulumi_path() -> str:
    """Where the CLI is. Raises FleetError when it is not on PATH."""
    found = shutil.which("pulumi")
    if found is None:
        raise FleetError(
            tr(
                "the Pulumi CLI is not on PATH: install it (https://www.pulumi.com/docs/install/); in a "
                "checkout of ccc-numbers `make tools` brings it and `tools/run ccc-numbers …` finds it"
            )
        )
    return found


def run(project: Path | None, words: Sequence[str]) -> FinishedRun:
    """Run `pulumi WORDS` without questions, however it ends."""
    done = subprocess.run(  # noqa: S603 the words are ours
        [pulumi_path(), *words, "--non-interactive", "--color", "never"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return FinishedRun(done.returncode, done.stdout, done.stderr)


def answer(project: Path, words: Sequence[str], failed: str) -> str:
    """The output of `pulumi WORDS`. Raises FleetError with `failed` and the reason in one line."""
    done = run(project, words)
    if done.code != 0:
        raise FleetError(f"{failed}: {done.reason}")
    return done.out


def clean_lines(message: str) -> list[str]:
    """A diagnostic's lines without colours, lists and the phrases by which the engine passes it on."""
    lines = (_TAG.sub("", line).strip().removeprefix("* ") for line in message.splitlines())
    said = (" ".join(_PREFIX.sub("", line.removeprefix("error: ")).split()) for line in lines)
    return [line for line in said if line and not _EPILOGUES.match(line)]


def reasons(stderr: str) -> list[str]:
    """The errors of a CLI that ended before its engine began, a line each, some of them in clearer words."""
    lines = stderr.strip().splitlines()
    # From our own `session`, which the CLI asks for keys to its state: it has the reason, the CLI only the outcome.
    if own := [line for line in lines if line.startswith(_OURS)]:
        return [
            tr(
                "the state cannot be read (PULUMI_BACKEND_URL): {why}",
                why=own[0].removeprefix(_OURS),
            )
        ]
    errors = [line for line in lines if line.startswith("error:")] or lines
    said = [_in_our_words(redacted(line)) for error in errors for line in clean_lines(error)]
    return said or [tr("pulumi failed and did not say why")]


def _in_our_words(line: str) -> str:
    if "passphrase must be set" in line:  # not translated: Pulumi's words
        return tr("no passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE")
    if line.endswith("incorrect passphrase"):  # not translated: Pulumi's words
        return tr("the passphrase (PULUMI_CONFIG_PASSPHRASE) is not the one this stack was made with")
    if "get stack secrets manager" in line:  # not translated: Pulumi's words
        reason = line.rpartition(": operation ")[2]
        line = tr("the key of this stack's secrets (secretsprovider) cannot be used: {reason}", reason=reason)
    if ".pulumi/" in line and (found := _STORE_SAYS.search(line)):
        return tr("the state cannot be read (PULUMI_BACKEND_URL): {why}", why=found[1])
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _diagnosed(out: str) -> list[str]:
    """The errors in the answer of a verb with `--json`; none when it is not such an answer."""
    try:
        found = json.loads(out[out.index("{") :])
    except (ValueError, RecursionError):
        return []
    diagnostics = found.get("diagnostics") or ()
    return [str(each.get("message", "")).strip() for each in diagnostics if each.get("severity") == "error"]
