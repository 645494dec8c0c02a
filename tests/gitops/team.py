"""The team whose pipelines are rehearsed: its repository, its call centre, and the services around both, all real."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.gitops.clone import ROOT, check_out, set_up
from tests.gitops.fleet import pulumi_environment
from tests.gitops.machine import Machine
from tests.gitops.repository import Repository
from tests.gitops.services import object_store, redis
from tests.support import worlds
from tests.support.quick_pip import quick_pip
from tests.support.simulator import Simulator, start_simulator

_PROJECT = (
    *(
        ".gitignore",
        "Makefile",
        "Pulumi.yaml",
        "__main__.py",
        "ccc_numbers",
        "components",
        "pipelines",
    ),
    *("pyproject.toml", "requirements.lock", "tools"),
)


@dataclass(frozen=True)
class Team:
    """`state` is Pulumi's URL of the object store, `budget` that of Redis, `environment` a runner's own."""

    repository: Repository
    bare: Path
    ccc: Simulator
    state: str
    budget: str
    environment: dict[str, str]

    def declare(self, stack: str, numbers: dict[str, worlds.Json], **settings: object) -> None:
        """Edit both files of a stack whose instance has its name; `settings` as in `endpoint=…`."""
        config = {f"ccc:{name}": value for name, value in settings.items()}
        self.repository.write(f"stacks/Pulumi.{stack}.yaml", _yaml({"config": config}))
        self.repository.write(f"stacks/{stack}.yaml", _yaml(worlds.declaration(numbers, instance=stack)))

    def push(self, branch: str) -> None:
        """Bring a branch to where the forge sees it."""
        self.repository.git("push", "-q", "origin", branch)

    def merge(self, title: str, branch: str) -> tuple[str, str]:
        """Merge a branch; main before and after."""
        self.repository.git("switch", "-q", "main")
        before = self.repository.git("rev-parse", "HEAD")
        self.repository.git("merge", "-q", "--no-ff", "-m", title, branch)
        self.push("main")
        return before, self.repository.git("rev-parse", "HEAD")

    def on_call(self, machine: Machine, environment: Mapping[str, str], *words: str) -> None:
        """Somebody with the team's access runs a command in a clone of main."""
        folder = machine.folder / "on-call"
        check_out(machine.bare, self.repository.git("rev-parse", "main"), folder)
        set_up(folder)
        access = {
            "PULUMI_BACKEND_URL": self.state,
            "AWS_CONFIG_FILE": "pipelines/aws.config",
            "AWS_PROFILE": "ccc-numbers",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "simulator",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "simulator",
        }
        title = f"on call: {' '.join(words)}"
        code, said = machine.process(title, ["tools/run", *words], folder, {**access, **environment})
        assert code == 0, said


@contextmanager
def team(folder: Path, seed: worlds.Json, *pipelines: str) -> Iterator[Team]:
    """A repository with the whole project and these pipelines in it, an empty bare one, and all services."""
    with ExitStack() as until_the_end:
        ccc = until_the_end.enter_context(start_simulator(seed))
        state = until_the_end.enter_context(object_store())
        budget, _ = until_the_end.enter_context(redis())
        repository = Repository.new(folder / "team")
        for name in (*_PROJECT, *pipelines):
            _copy(ROOT / name, repository.folder / name)
        repository.git("init", "-q", "--bare", str(folder / "bare"))
        repository.git("remote", "add", "origin", str(folder / "bare"))
        environment = pulumi_environment(folder / "runner")
        for name in ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"):
            del environment[name]
        environment["PYTHONPATH"] = quick_pip()  # and nothing of this checkout
        yield Team(repository, folder / "bare", ccc, state, budget, environment)


def staffed(instance: worlds.Json) -> worlds.Json:
    """The instance with agents in its skill groups, or drift would tell that nobody answers."""
    groups = instance["skillGroups"]
    assert isinstance(groups, list)
    return {**instance, "skillGroups": [{**group, "users": 2} for group in groups]}


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


def _yaml(data: object) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
