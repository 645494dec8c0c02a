"""One job of a GitLab pipeline on its runner: the clone, the variables, the shells, the artifacts."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.gitops.clone import check_out
from tests.gitops.gitlab_config import Job
from tests.gitops.gitlab_rules import expanded
from tests.gitops.identity import id_token
from tests.gitops.machine import Machine


class Run:
    """A job that runs, once. `log` is all it said, nothing masked: so a secret in it would be seen."""

    def __init__(self, name: str, job: Job, machine: Machine, commit: str, number: int) -> None:
        self._name, self._job, self._machine, self._commit = name, job, machine, commit
        self.id = number
        self._home = machine.folder / "jobs" / str(number)
        self.space = self._home / "project"
        self.artifacts = machine.folder / "artifacts" / str(number)
        self.log = ""
        self.image = ""
        self.resource_group = ""
        self.tokens: list[str] = []
        self._inherited: list[Path] = []

    def facts(self, claims: Mapping[str, str]) -> dict[str, str]:
        """The variables that only a job has, its identity tokens too."""
        tokens = {
            name: id_token({**claims, "aud": wanted["aud"], "jti": str(self.id)})
            for name, wanted in self._job.get("id_tokens", {}).items()
        }
        self.tokens = list(tokens.values())
        return {
            "CI_JOB_ID": str(self.id),
            "CI_BUILDS_DIR": str(self._home),
            "CI_PROJECT_DIR": str(self.space),
            "CI_RUNNER_EXECUTABLE_ARCH": "linux/amd64",
            **tokens,
        }

    def takes(self, other: Run) -> None:
        """It gets the artifacts of an earlier job."""
        self._inherited.append(other.artifacts)

    def play(self, variables: Mapping[str, str]) -> bool:
        """Run it; whether it went well."""
        self._home.mkdir(parents=True)
        self.image = expanded(self._job["image"], variables)
        self.resource_group = expanded(self._job.get("resource_group", ""), variables)
        self._cache(variables)
        if variables.get("GIT_STRATEGY") == "none":
            self.space.mkdir()
        else:
            # Where a project says nothing, GitLab fetches twenty commits.
            check_out(self._machine.bare, self._commit, self.space, int(variables.get("GIT_DEPTH", "20")))
        for each in self._inherited:
            if each.is_dir():
                shutil.copytree(each, self.space, dirs_exist_ok=True)
        lines = [*self._job.get("before_script", []), *self._job["script"]]
        code = self._shell(self._name, lines, variables)
        if "after_script" in self._job:
            # A shell of its own; how it ends is nobody's concern.
            self._shell(f"{self._name}, after_script", self._job["after_script"], variables)
        self._keep(well=code == 0)
        return code == 0

    def _shell(self, title: str, lines: list[str], variables: Mapping[str, str]) -> int:
        told = (part for line in lines for part in (f"printf '%s\\n' {shlex.quote(f'$ {line}')}", line))
        script = "\n".join(("set -eo pipefail", *told))
        code, said = self._machine.process(title, ["bash", "-c", script], self.space, variables)
        self.log += said
        return code

    def _cache(self, variables: Mapping[str, str]) -> None:
        """Nothing is cached here, but a key that no runner would take is found."""
        if "cache" in self._job:
            key = self._job["cache"]["key"]
            assert set(key) <= {"files", "prefix"}
            assert len(key["files"]) <= 2, "GitLab takes two"
            prefix = expanded(key.get("prefix", ""), variables)
            assert "/" not in prefix, f"a runner caches nothing under {prefix!r}"

    def _keep(self, *, well: bool) -> None:
        wanted = self._job.get("artifacts", {})
        if not wanted or (not well and wanted.get("when", "on_success") != "always"):
            return
        for path in (*wanted["paths"], *wanted.get("reports", {}).values()):
            source, target = self.space / path, self.artifacts / path
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            elif source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
            else:
                self._machine.say(f"   WARNING: {path}: no matching files")
