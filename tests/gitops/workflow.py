"""Runs a GitHub workflow on this machine: its own steps, read from its YAML, in bash, on a clone of its own.

Other people's actions have stand-ins that do the same here; a workflow that uses one without is an error. What a
token may do follows from the job's `permissions`, as on GitHub; so does who gets secrets, and an identity for which
role: from the event, from whose branch it is, and from the environment.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.gitops.clone import check_out, set_up
from tests.gitops.cloud import AUDIENCE, Cloud, id_token
from tests.gitops.expressions import Expressions
from tests.gitops.github import REPOSITORY, Environment, GitHubStandIn
from tests.gitops.machine import Machine


@dataclass
class Runner(Machine):
    """Where workflows run: a machine with the settings of the forge; it keeps artifacts by run."""

    forge: GitHubStandIn = field(kw_only=True)
    cloud: Cloud = field(kw_only=True)
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Of the repository: whatever runs on any of its branches gets them."""
    runs: int = 0

    def run(
        self,
        workflow: str,
        event: str,
        commit: str,
        payload: Mapping[str, Any],
        inputs: Mapping[str, str] = {},
        *,
        ref: str = "main",
        allowed: frozenset[str] = frozenset(),
    ) -> Run:
        """Run all jobs of `.github/workflows/WORKFLOW` as it is at the commit; never raises for a failed step.

        `allowed` are the environments with reviewers that one of them has let this run into.
        """
        self.runs += 1
        text = self.show(commit, f".github/workflows/{workflow}")
        run = Run(
            self, self.runs, workflow, yaml.safe_load(text), event, commit, payload, inputs, ref, allowed
        )
        run.all_jobs()
        return run


@dataclass
class Run:
    """One run. `results` are success, failure, skipped or waiting by job; `outputs` and `summaries` by job."""

    runner: Runner
    id: int
    name: str
    workflow: Mapping[str, Any]
    event: str
    commit: str
    payload: Mapping[str, Any]
    inputs: Mapping[str, str]
    ref: str
    allowed: frozenset[str]
    results: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    logs: str = ""
    summaries: str = ""

    @property
    def conclusion(self) -> str:
        """What GitHub would call the whole."""
        ended = set(self.results.values())
        return next((each for each in ("waiting", "failure") if each in ended), "success")

    @property
    def artifacts(self) -> Path:
        """Where this run's artifacts are."""
        return self.runner.folder / "artifacts" / str(self.id)

    def all_jobs(self) -> None:
        """The jobs in the order of the file, which is one of their needs."""
        self.runner.say(f"\n== {self.name} on {self.event} ({self.commit[:7]})")
        for name, job in self.workflow["jobs"].items():
            self.results[name] = self._job(name, job)

    def _job(self, name: str, job: Mapping[str, Any]) -> str:
        needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        assert all(each in self.results for each in needs)
        if "waiting" in (self.results[each] for each in needs):
            return "waiting"
        contexts = self._contexts(job, needs)
        condition = str(job.get("if", "success()"))
        good = all(self.results[each] == "success" for each in needs)
        if not any(word in condition for word in ("cancelled()", "always()", "failure()")) and not good:
            return "skipped"
        if not Expressions(contexts, {"success": lambda: good}).condition(condition):
            return "skipped"
        environment = Expressions(contexts).text(job.get("environment", ""))
        if environment:
            rules = self.runner.forge.environments.setdefault(environment, Environment(None))
            if rules.branches is not None and self.ref not in rules.branches:
                self.runner.say(f"-- {name}: {self.ref} is not allowed to deploy to {environment}")
                return "failure"
            if rules.reviewers and environment not in self.allowed:
                self.runner.say(f"-- {name}: waits for a reviewer of {environment}")
                return "waiting"
            contexts["secrets"] = {**contexts["secrets"], **rules.secrets}
        contexts["environment"] = environment
        matrix: Any = {"include": [{}]}
        if "strategy" in job:
            matrix = Expressions(contexts).object(job["strategy"]["matrix"])
        assert matrix["include"], "GitHub refuses an empty matrix"
        ended = [Job(self, name, job, contexts | {"matrix": row}).run() for row in matrix["include"]]
        return "success" if all(ended) else "failure"

    def _contexts(self, job: Mapping[str, Any], needs: list[str]) -> dict[str, Any]:
        permissions = job.get("permissions", self.workflow.get("permissions", {}))
        token = "token " + " ".join(f"{name}:{level}" for name, level in permissions.items())
        return {
            "github": {
                "event": {**self.payload, "repository": {"default_branch": "main"}},
                "ref_name": self.ref,
                "event_name": self.event,
                "sha": self.commit,
                "repository": REPOSITORY,
                "run_id": str(self.id),
                "token": token,
            },
            "inputs": dict(self.inputs),
            "vars": self.runner.variables,
            "secrets": {} if self.of_a_fork else self.runner.secrets,
            "needs": {
                each: {"result": self.results[each], "outputs": self.outputs.get(each, {})} for each in needs
            },
            "permissions": permissions,
        }

    @property
    def of_a_fork(self) -> bool:
        """Whether it runs a fork's own workflow: GitHub gives that neither secrets nor an identity."""
        if self.event != "pull_request":
            return False
        head = self.payload.get("pull_request", {}).get("head", {}).get("repo", {}).get("full_name")
        return head not in (None, REPOSITORY)


class Job:
    """One job, or one cell of its matrix."""

    def __init__(self, run: Run, name: str, job: Mapping[str, Any], contexts: dict[str, Any]) -> None:
        self._run, self._name, self._job, self._contexts = run, name, job, contexts
        stack = contexts["matrix"].get("stack")
        self._title = f"{name} {stack}" if stack else name
        self._home = run.runner.folder / "jobs" / f"{run.id}-{self._title.replace(' ', '-')}"
        self._space = self._home / "work"
        self._environment: dict[str, str] = {}
        self._steps: dict[str, Any] = {}
        self._failed = False

    @property
    def _subject(self) -> str:
        """The `sub` of the job's identity."""
        if environment := self._contexts["environment"]:
            return f"repo:{REPOSITORY}:environment:{environment}"
        if self._run.event == "pull_request":
            return f"repo:{REPOSITORY}:pull_request"
        return f"repo:{REPOSITORY}:ref:refs/heads/{self._run.ref}"

    def run(self) -> bool:
        """All steps; whether they went well."""
        self._home.mkdir(parents=True)
        for step in self._job["steps"]:
            expressions = self._expressions()
            condition = step.get("if", "success()")
            if self._failed and "cancelled()" not in str(condition):
                continue
            if expressions.condition(condition):
                self._step(step, expressions)
        told = self._expressions()
        self._run.outputs.setdefault(self._name, {}).update(
            {key: told.text(value) for key, value in self._job.get("outputs", {}).items()}
        )
        return not self._failed

    def _expressions(self) -> Expressions:
        contexts = self._contexts | {"env": self._environment, "steps": self._steps}
        return Expressions(contexts, {"success": lambda: not self._failed})

    def _step(self, step: Mapping[str, Any], expressions: Expressions) -> None:
        if "uses" in step:
            with_ = {key: expressions.text(value) for key, value in step.get("with", {}).items()}
            well = self._use(str(step["uses"]).partition("@")[0], with_)
        else:
            well = self._shell(step, expressions)
        self._failed = self._failed or not well

    def _shell(self, step: Mapping[str, Any], expressions: Expressions) -> bool:
        output, summary = self._home / "output", self._home / "summary"
        output.write_text("")
        own = {key: expressions.text(value) for key, value in step.get("env", {}).items()}
        environment = {
            **self._environment,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": self._run.runner.api,
            "GITHUB_RUN_ID": str(self._run.id),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            **own,
        }
        script = expressions.text(step["run"])
        words = ["bash", "-e", *(["-o", "pipefail"] if step.get("shell") == "bash" else []), "-c", script]
        title = f"{self._title}: {step.get('name', script.splitlines()[0])}"
        code, said = self._run.runner.process(title, words, self._space, environment)
        self._run.logs += said
        self._run.summaries += summary.read_text("utf-8") if summary.exists() else ""
        summary.unlink(missing_ok=True)
        if "id" in step:
            self._steps[step["id"]] = {"outputs": _read_outputs(output.read_text("utf-8"))}
        return code == 0

    def _use(self, action: str, with_: Mapping[str, str]) -> bool:
        return {
            "actions/checkout": self._check_out,
            "./.github/actions/setup": self._set_up,
            "aliyun/configure-aliyun-credentials-action": self._become,
            "actions/upload-artifact": self._upload,
            "actions/download-artifact": self._download,
        }[action](with_)

    def _check_out(self, with_: Mapping[str, str]) -> bool:
        assert with_.get("persist-credentials") == "False", "a checkout that leaves its token behind"
        depth = 0 if with_.get("fetch-depth") == "0" else 1
        check_out(self._run.runner.bare, self._run.commit, self._space, depth)
        return True

    def _set_up(self, _with: Mapping[str, str]) -> bool:
        """What `make tools` would have brought is here already."""
        assert (self._space / ".github/actions/setup/action.yml").is_file()
        set_up(self._space)
        return True

    def _become(self, with_: Mapping[str, str]) -> bool:
        if self._contexts["permissions"].get("id-token") != "write" or self._run.of_a_fork:
            self._run.runner.say(f"-- {self._title}: no identity")
            return False
        status, answer = self._run.runner.cloud.assume(
            {
                "Action": "AssumeRoleWithOIDC",
                "OIDCProviderArn": with_["oidc-provider-arn"],
                "RoleArn": with_["role-to-assume"],
                "OIDCToken": id_token({"sub": self._subject, "aud": with_.get("audience", AUDIENCE)}),
            }
        )
        if status != 200:
            self._run.runner.say(f"-- {self._title}: {answer['Message']}")
            return False
        keys = answer["Credentials"]
        self._environment |= {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": keys["AccessKeyId"],
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": keys["AccessKeySecret"],
            "ALIBABA_CLOUD_SECURITY_TOKEN": keys["SecurityToken"],
        }
        return True

    def _upload(self, with_: Mapping[str, str]) -> bool:
        shutil.copytree(self._space / with_["path"], self._run.artifacts / with_["name"])
        return True

    def _download(self, with_: Mapping[str, str]) -> bool:
        kept = self._run.runner.folder / "artifacts" / with_.get("run-id", str(self._run.id))
        target = self._space / with_["path"]
        if "name" in with_:
            if not (kept / with_["name"]).is_dir():
                self._run.runner.say(f"-- {self._title}: no artifact {with_['name']}")
                return False
            shutil.copytree(kept / with_["name"], target, dirs_exist_ok=True)
            return True
        for found in kept.iterdir() if kept.is_dir() else []:
            if fnmatch.fnmatch(found.name, with_["pattern"]):
                shutil.copytree(found, target / found.name)
        return True


def _read_outputs(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def pull_request(number: int, head: str, base: str, repository: str = REPOSITORY) -> dict[str, Any]:
    """The payload of a pull_request event."""
    request = {
        "number": number,
        "head": {"sha": head, "ref": "a-branch", "repo": {"full_name": repository}},
        "base": {"sha": base, "repo": {"full_name": REPOSITORY}},
    }
    return {"pull_request": json.loads(json.dumps(request))}
