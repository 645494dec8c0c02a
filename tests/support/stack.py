"""A customer's stack in a Pulumi project of its own, driven by the real CLI against a real simulator."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tests.support import vault
from tests.support.patience import HANG_S
from tests.support.quick_pip import quick_pip

ROOT = Path(__file__).parents[2]
_SHARED = ("Pulumi.yaml", "__main__.py", "ccc_numbers", "components")


Files = Mapping[str, bytes]
"""Content by path."""


@dataclass(frozen=True)
class Result:
    """What a person saw, and what the engine says it did."""

    code: int
    text: str
    events: list[dict[str, object]] = field(repr=False)

    @property
    def changes(self) -> dict[str, int]:
        """Resources by operation, `same` left out: {"create": 3}."""
        summaries = [event["summaryEvent"] for event in self.events if "summaryEvent" in event]
        counted: dict[str, int] = summaries[-1]["resourceChanges"] if summaries else {}  # type: ignore[index]
        return {op: count for op, count in counted.items() if op not in ("same", "refresh", "read")}

    def messages(self, severity: str) -> list[str]:
        """The lasting messages of one severity ("error", "warning", "info"), without colours."""
        found: list[dict[str, object]] = [
            event["diagnosticEvent"]  # type: ignore[misc]
            for event in self.events
            if "diagnosticEvent" in event
        ]
        return [
            _plain(str(event["message"])).strip()
            for event in found
            if event["severity"] == severity and not event.get("ephemeral")
        ]

    @property
    def errors(self) -> list[str]:
        """The errors shown, one entry each."""
        return self.messages("error")

    @property
    def warnings(self) -> list[str]:
        """The warnings shown."""
        return self.messages("warning")

    def ops(self, kind: str = "ccc:index:PhoneNumber") -> dict[str, str]:
        """Operation by logical name, of one type, `same` left out."""
        steps: list[dict[str, object]] = [
            event["resourcePreEvent"]["metadata"]  # type: ignore[index]
            for event in self.events
            if "resourcePreEvent" in event
        ]
        return {
            str(step["urn"]).rsplit("::", 1)[-1]: str(step["op"])
            for step in steps
            if step["type"] == kind and step["op"] not in ("same", "refresh")
        }

    def diff(self, name: str) -> dict[str, str]:
        """Property path -> kind of difference, as the engine showed them for one resource."""
        for event in self.events:
            step = event.get("resourcePreEvent", {}).get("metadata", {})  # type: ignore[attr-defined]
            if str(step.get("urn", "")).endswith(f"::{name}") and step.get("detailedDiff"):
                return {path: str(each["diffKind"]) for path, each in step["detailedDiff"].items()}
        return {}


class Stack:
    """One stack `dev`. `declare` writes its file; the verbs run the CLI and return what came of it."""

    def __init__(self, folder: Path, config: Mapping[str, object]) -> None:
        self.folder = folder
        self.file = folder / "stacks" / "dev.yaml"
        own = {"PYTHONPATH": quick_pip(), "PULUMI_STACK": "dev"}
        self.environment = environment(folder) | vault.running() | own
        self._run(0)
        (folder / "stacks").mkdir()
        for name in _SHARED:
            (folder / name).symlink_to(ROOT / name)
        self.configure(config)
        self.restore(_initialised())

    def configure(self, config: Mapping[str, object]) -> None:
        """Write Pulumi's own stack file."""
        settings = {f"ccc:{key}": value for key, value in config.items()}
        text = yaml.safe_dump(vault.KEPT | {"config": settings}, allow_unicode=True)
        (self.folder / "stacks" / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")

    def declare(self, declaration: str | Mapping[str, object]) -> None:
        """Write the declaration."""
        text = (
            declaration
            if isinstance(declaration, str)
            else yaml.safe_dump(dict(declaration), allow_unicode=True, sort_keys=False)
        )
        self.file.write_text(text, encoding="utf-8")

    def up(self, *more: str, preview: bool = False, **environment: str) -> Result:
        """`pulumi up`; without its preview, which takes as long again, unless a test is about that."""
        return self._verb("up", "--yes", *(() if preview else ("--skip-preview",)), *more, **environment)

    def preview(self, *more: str, **environment: str) -> Result:
        """`pulumi preview`."""
        return self._verb("preview", *more, **environment)

    def refresh(self, *more: str, **environment: str) -> Result:
        """`pulumi refresh`; with `--preview-only` nothing is asked or changed."""
        sure = () if "--preview-only" in more else ("--yes", "--skip-preview")
        return self._verb("refresh", *sure, *more, **environment)

    def destroy(self, *more: str, **environment: str) -> Result:
        """`pulumi destroy`."""
        return self._verb("destroy", "--yes", "--skip-preview", *more, **environment)

    def outputs(self) -> dict[str, object]:
        """`pulumi stack output --json`."""
        answer: dict[str, object] = json.loads(self.pulumi("stack", "output", "--json", check=True).stdout)
        return answer

    def resources(self) -> list[dict[str, object]]:
        """The resources in state, from its file: `stack export` shows the same and starts the CLI for it."""
        (file,) = (self.folder / "state" / ".pulumi" / "stacks").glob("*/dev.json")
        resources: list[dict[str, object]] = json.loads(file.read_text("utf-8"))["checkpoint"]["latest"].get(
            "resources", []
        )
        return resources

    def state(self) -> dict[str, dict[str, object]]:
        """The resources in state by logical name."""
        return {str(each["urn"]).rsplit("::", 1)[-1]: each for each in self.resources()}

    def keep(self) -> Files:
        """The state as it is now, of all stacks of the project, for `restore`."""
        return _files(self.folder / "state")

    def restore(self, kept: Files) -> None:
        """Another state, as if its files had been copied back."""
        shutil.rmtree(self.folder / "state")
        for name, content in kept.items():
            (file := self.folder / "state" / name).parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def pulumi(
        self, *words: str, check: bool = False, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        """Any other command of the CLI."""
        return subprocess.run(
            ["pulumi", *words, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=check,
            timeout=HANG_S,
        )

    def _run(self, number: int) -> None:
        self._runs = number

    def _verb(self, verb: str, *words: str, **environment: str) -> Result:
        self._run(self._runs + 1)
        log = self.folder / f"events-{self._runs}.json"
        options = ("--stack", "dev", "--diff", "--event-log", str(log))
        done = self.pulumi(verb, *options, *words, check=False, **environment)
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return Result(done.returncode, done.stdout + done.stderr, [json.loads(line) for line in lines])


def environment(folder: Path) -> dict[str, str]:
    """The CLI's environment: everything Pulumi keeps is in `folder`."""
    path = f"{ROOT / '.venv' / 'bin'}:{ROOT / '.tools' / 'bin'}:{os.environ['PATH']}"
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "CCC_", "ALIBABA_"))
    }
    if shutil.which("pulumi", path=path) is None:
        raise RuntimeError("there is no pulumi on PATH nor in .tools/bin: run `make tools` first")
    (folder / "state").mkdir()
    (folder / "home").mkdir()
    (folder / "home" / "logs").write_text("no logs, as with tools/run", "utf-8")
    return kept | {
        "PATH": path,
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}?metadata=skip",  # as with tools/run
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_CHECKPOINTS": "true",
        "PULUMI_DEBUG_COMMANDS": "true",  # for --event-log
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@cache
def _initialised() -> Files:
    """The state after `pulumi stack init`, which is the same for all stacks `dev`."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "stacks").mkdir()
        (folder / "Pulumi.yaml").symlink_to(ROOT / "Pulumi.yaml")
        subprocess.run(
            ["pulumi", "stack", "init", "dev", "--secrets-provider", vault.PROVIDER, "--non-interactive"],
            cwd=folder,
            env=environment(folder) | vault.running(),
            capture_output=True,
            check=True,
        )
        return _files(folder / "state")


def _files(folder: Path) -> Files:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@contextmanager
def new_stack(folder: Path, url: str) -> Iterator[Stack]:
    """A stack in `folder` that speaks to the simulator at `url`."""
    yield Stack(folder, {"region": "cn-shanghai", "endpoint": url})


def _plain(text: str) -> str:
    """A message without the engine's colour tags."""
    for tag in ("<{%reset%}>", "<{%fg 1%}>", "<{%bold%}>"):
        text = text.replace(tag, "")
    return text
