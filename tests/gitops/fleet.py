"""A project of several stacks on one simulated account, driven by `ccc-numbers` and the real Pulumi CLI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.support import worlds
from tests.support.patience import HANG_S
from tests.support.quick_pip import quick_pip
from tests.support.simulator import Simulator

ROOT = Path(__file__).parents[2]
_SHARED = ("Pulumi.yaml", "__main__.py", "ccc_numbers", "components")
_TOLD_TO_NOBODY = ("PULUMI_", "CCC_", "ALIBABA_", "AWS_", "GITHUB_", "GITLAB_", "CI")


@dataclass(frozen=True)
class Fleet:
    """A project folder; every stack is one instance of its own name with numbers of its own."""

    folder: Path
    environment: dict[str, str] = field(repr=False)

    @classmethod
    def new(cls, folder: Path, **environment: str) -> Fleet:
        """An empty project whose state is files beside it."""
        project = folder / "project"
        (project / "stacks").mkdir(parents=True)
        for name in _SHARED:
            (project / name).symlink_to(ROOT / name)
        return cls(project, pulumi_environment(folder) | environment)

    def stack(self, name: str, url: str, numbers: Mapping[str, worlds.Json], **instance: object) -> None:
        """Write both files of a stack whose instance has its name."""
        settings = {"config": {"ccc:region": "cn-shanghai", "ccc:endpoint": url}}
        self.write(f"stacks/Pulumi.{name}.yaml", settings)
        self.write(f"stacks/{name}.yaml", worlds.declaration(dict(numbers), instance=name, **instance))

    def write(self, path: str, data: object) -> None:
        """One YAML file."""
        (self.folder / path).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`ccc-numbers` as a process of its own, as a pipeline has it."""
        return self.process([sys.executable, "-m", "ccc_numbers", *words], **environment)

    def pulumi(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The Pulumi CLI."""
        return self.process(["pulumi", *words, "--non-interactive", "--color=never"], **environment)

    def process(self, words: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
        """Any command in the project's folder and environment."""
        return subprocess.run(
            list(words),
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )


def pulumi_environment(folder: Path) -> dict[str, str]:
    """The environment of a runner: this machine's tools, a state and a home of its own, nobody's secrets."""
    path = f"{ROOT / '.venv' / 'bin'}:{ROOT / '.tools' / 'bin'}:{os.environ['PATH']}"
    if shutil.which("pulumi", path=path) is None:
        raise RuntimeError("there is no pulumi on PATH nor in .tools/bin: run `make tools` first")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_TOLD_TO_NOBODY)}
    (folder / "state").mkdir(parents=True)
    return kept | {
        "PATH": path,
        "PYTHONPATH": f"{quick_pip()}:{ROOT}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_CHECKPOINTS": "true",
        "PULUMI_PARALLEL": "64",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def seed(stacks: Mapping[str, Sequence[str]], more: Sequence[str] = ()) -> worlds.Json:
    """An account with an instance per stack; all numbers of all stacks are imported and in none of them."""
    free = [number for numbers in stacks.values() for number in numbers]
    return {
        "instances": {name: worlds.instance() for name in stacks},
        "unassigned": [
            {"number": number, "province": "上海", "city": "上海", "provider": "A"}
            for number in (*free, *more)
        ],
    }


def edit_in_the_console(simulator: Simulator, instance: str, number: str, *, flow: str) -> None:
    """What nobody shall do: bind a number to another flow by hand."""
    row = simulator.numbers(instance)[number]
    listed = simulator.api("ListContactFlows", InstanceId=instance, PageNumber=1, PageSize=100)
    ids = {each["Name"]: each["ContactFlowId"] for each in listed["Data"]["List"]}
    usage = str(row["usage"]).replace("Bidirectional", "Bidirection")
    answer = simulator.api(
        "ModifyPhoneNumber", InstanceId=instance, Number=number, Usage=usage, ContactFlowId=ids[flow]
    )
    assert answer["Code"] == "OK", answer
