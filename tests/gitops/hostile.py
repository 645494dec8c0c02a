"""What somebody who may push a branch, or has a fork, writes into it to become the team; and what came of that."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.gitops.team import Team

SECRET_NAMES = frozenset(
    {
        *("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_OIDC_TOKEN", "CCC_DEPLOY_ROLE_ARN"),
        *("GITHUB_TOKEN", "GITLAB_TOKEN", "PULUMI_CONFIG_PASSPHRASE"),
    }
)


@dataclass(frozen=True)
class Attack:
    """A branch that is edited. Each piece of its code, where it runs, leaves a trophy: the secrets it saw."""

    team: Team
    folder: Path

    @classmethod
    def begin(cls, team: Team, folder: Path, branch: str) -> Attack:
        """On a new branch of main."""
        team.repository.git("switch", "-q", "-c", branch, "main")
        folder.mkdir(exist_ok=True)
        return cls(team, folder)

    def code(self) -> None:
        """The program, the tools and the lock: everything that a job runs or installs."""
        self._edit(
            "__main__.py",
            lambda text: text.replace("\nrun()\n", f"\n{self._steal('program')}\nrun()\n", 1),
        )
        self._edit("ccc_numbers/fleet/__init__.py", lambda text: f"{text}\n{self._steal('command')}")
        self._edit(
            "tools/run", lambda text: text.replace("\nroot=", f"\necho x > {self.folder}/tools\nroot=", 1)
        )
        self._edit("requirements.lock", lambda text: f"{text}\nevil-package==6.6.6\n")

    def action(self) -> None:
        """The project's own action, which every job of GitHub's workflows uses."""
        step = f"    - shell: bash\n      run: {self.own_step('action')}\n"
        self._edit(".github/actions/setup/action.yml", lambda text: f"{text}{step}")

    def data(self) -> None:
        """Files in `stacks/` that some program might take for code."""
        for name in ("sitecustomize", "conftest", "__main__", "fleet"):
            self.team.repository.write(f"stacks/{name}.py", self._steal(f"stacks-{name}"))

    def link(self) -> None:
        """A link out of the project, under the name of a stack's file."""
        (self.team.repository.folder / "stacks/passwd.csv").symlink_to("/etc/passwd")

    def endpoint(self, stack: str, address: str = "https://evil.example") -> None:
        """The stack's signed requests go to somebody else."""
        settings = {"config": {"ccc:region": "cn-shanghai", "ccc:endpoint": address}}
        self.team.repository.write(f"stacks/Pulumi.{stack}.yaml", json.dumps(settings))

    def workflow(self, path: str, text: str) -> None:
        """A pipeline of their own."""
        self.team.repository.write(path, text)

    def push(self) -> None:
        """Bring it to where the forge sees it."""
        self.team.repository.commit("Fix a typo")
        git = self.team.repository.git
        git("push", "-q", "--force", "origin", git("branch", "--show-current"))

    def own_step(self, name: str) -> str:
        """A line of shell for a pipeline of their own."""
        return f"env | cut -d= -f1 > {self.folder}/{name}"

    @property
    def ran(self) -> set[str]:
        """Which pieces of their code ran, wherever."""
        return {file.name for file in self.folder.iterdir()}

    def seen_by(self, piece: str) -> set[str]:
        """The secrets that a piece of their code found in its environment."""
        found = (self.folder / piece).read_text("utf-8").split()
        return set(found) & SECRET_NAMES

    def _edit(self, path: str, change: Callable[[str], str]) -> None:
        file = self.team.repository.folder / path
        before = file.read_text("utf-8")
        assert change(before) != before
        file.write_text(change(before), "utf-8")

    def _steal(self, piece: str) -> str:
        file = os.fspath(self.folder / piece)
        return f"import os, pathlib\npathlib.Path({file!r}).write_text(' '.join(k for k in os.environ if os.environ[k]))\n"
