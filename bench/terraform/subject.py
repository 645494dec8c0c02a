"""Sets the Terraform configuration up and runs it."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import watch, world
from ..subject import Sample, Verb

TERRAFORM = "terraform"
LARGEST = 1000
_PARALLEL = "-parallelism=64"
_WORDS = {
    Verb.UP: ("apply", "-auto-approve", _PARALLEL),
    Verb.UNCHANGED: ("apply", "-auto-approve", _PARALLEL),
    Verb.PREVIEW: ("plan", _PARALLEL),
    Verb.REFRESH: ("plan", "-refresh-only", _PARALLEL),
    Verb.DESTROY: ("destroy", "-auto-approve", _PARALLEL),
}


class TerraformData:
    """`terraform_data`, which keeps what it is given and does nothing."""

    name = TERRAFORM

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        settings = folder / "terraformrc"
        settings.touch()  # the user's own may name a mirror that is not needed here
        self._environment = dict(os.environ) | {
            "TF_CLI_CONFIG_FILE": str(settings),
            "CHECKPOINT_DISABLE": "1",
        }
        self._run("init", "-input=false")

    def perform(self, verb: Verb) -> Sample:
        return Sample(self._run(*_WORDS[verb], "-input=false"))

    def _run(self, *words: str) -> watch.Measured:
        return watch.run(["terraform", *words, "-no-color"], self._folder, self._environment)


def available() -> bool:
    """Whether there is a terraform on PATH."""
    return shutil.which("terraform") is not None


@contextmanager
def terraform_data(folder: Path, count: int) -> Iterator[TerraformData]:
    """The subject."""
    (folder / "main.tf").symlink_to(Path(__file__).parent / "main.tf")
    variables = json.dumps({"numbers": world.numbers(count)})
    (folder / "terraform.tfvars.json").write_text(variables, "utf-8")
    yield TerraformData(folder)
