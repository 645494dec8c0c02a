"""Runs a GitHub workflow on this machine with `act`, without containers: its own steps, on clones of the commit.

act reads the YAML, evaluates every expression, and runs needs, matrices, outputs, composite actions and steps. It knows
no environments, no permissions and no identities, and GitHub, from where it would take other people's actions, cannot
be reached here. So `Preparation` first writes into each job what GitHub would give it: the token of its `permissions`,
the secrets of its environment, and whether that lets it in. `actions/` has stand-ins. Of a workflow, `concurrency`
is not looked at.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.gitops.clone import ROOT
from tests.gitops.github import REPOSITORY, GitHubStandIn
from tests.gitops.machine import Machine
from tools import act
from tools.layout import find_checkout

_ACT = act.program(find_checkout())
needs_act = pytest.mark.skipif(not _ACT.exists(), reason="act is not in .tools: make test-deps")
_SECONDS = 600


@dataclass
class Runner(Machine):
    """Where workflows run: a machine with the settings of the forge; it keeps artifacts by run."""

    forge: GitHubStandIn = field(kw_only=True)
    variables: Mapping[str, str] = field(default_factory=dict)
    runs: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        # act starts it for `hashFiles`, twice a job: the key of a cache that is not there may be empty.
        self.has("node", "true")

    def run(
        self,
        workflow: str,
        event: str,
        commit: str,
        payload: Mapping[str, Any],
        *,
        ref: str = "refs/heads/main",
        allowed: frozenset[str] = frozenset(),
    ) -> Run:
        """Run all jobs of `.github/workflows/WORKFLOW` as it is at the commit; never raises for a failed step.

        `allowed` are the environments with reviewers that one of them has let this run into.
        """
        self.runs += 1
        self.say(f"\n== {workflow} on {event} ({commit[:7]})")
        written = yaml.safe_load(self.show(commit, f".github/workflows/{workflow}"))
        run = Run(self.runs, workflow, event, commit, payload, ref, allowed)
        for line in self._act(run, Preparation(self.forge, run), written).splitlines():
            run.hear(json.loads(line), self)
        run.finish(written["jobs"])
        return run

    def _act(self, run: Run, preparation: Preparation, written: Mapping[Any, Any]) -> str:
        """All that act says, a JSON object a line."""
        home = self.folder / "runs" / str(run.id)
        home.mkdir(parents=True)
        workflow = json.dumps(preparation.workflow(written))
        (home / "workflow.yml").write_text(workflow, "utf-8")
        payload = {**run.payload, "repository": {"default_branch": "main"}}
        (home / "event.json").write_text(json.dumps(payload), "utf-8")
        words: list[str | Path] = [_ACT, run.event, "--json", "--insecure-secrets", "--no-skip-checkout"]
        words += ["--no-cache-server", "--action-cache-path", home, "-P", "ubuntu-24.04=-self-hosted"]
        words += ["-C", home, "-W", "workflow.yml", "-e", home / "event.json"]
        for name, value in self._facts(run).items():
            words += ["--env", f"{name}={value}"]
        for name, value in {**self.variables, **preparation.variables}.items():
            words += ["--var", f"{name}={value}"]
        ours = self.show(run.commit, ".github/actions/setup/action.yml")
        for used in set(re.findall(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", workflow + ours)):
            words += ["--local-repository", f"{used}={_stand_in(used)}"]
        environment = {**self.environment, "ACT_DISABLE_VERSION_CHECK": "1"}
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        # A failed job is among what it says; a workflow that it cannot run is not.
        assert done.stdout or done.returncode == 0, done.stderr
        return done.stdout

    def _facts(self, run: Run) -> dict[str, str]:
        """Variables that become the `github` context, and what the stand-ins of actions have to know."""
        return {
            "GITHUB_API_URL": self.api,
            "GITHUB_REF": run.ref,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(run.id),
            "SHA_REF": run.commit,
            "REHEARSAL_ARTIFACTS": str(self.folder / "artifacts"),
            "REHEARSAL_BARE": str(self.bare),
            "REHEARSAL_PYTHON": sys.executable,
            "REHEARSAL_ROOT": str(ROOT),
        }


@dataclass
class Run:
    """One run. `results` are success, failure, skipped or waiting by job; `logs` is all that steps said, unmasked."""

    id: int
    name: str
    event: str
    commit: str
    payload: Mapping[str, Any]
    ref: str
    allowed: frozenset[str]
    results: dict[str, str] = field(default_factory=dict)
    logs: str = ""
    summaries: str = ""

    @property
    def conclusion(self) -> str:
        """What GitHub would call the whole."""
        ended = set(self.results.values())
        return next((each for each in ("waiting", "failure") if each in ended), "success")

    @property
    def of_a_fork(self) -> bool:
        """Whether it runs a fork's own workflow: GitHub gives that neither secrets nor an identity."""
        head = self.payload.get("pull_request", {}).get("head", {}).get("repo", {}).get("full_name")
        return self.event == "pull_request" and head not in (None, REPOSITORY)

    def hear(self, event: Mapping[str, Any], machine: Machine) -> None:
        """One event of act."""
        if "jobResult" in event:
            self.results[event["jobID"]] = event["jobResult"]
        if event.get("command") == "summary":
            self.summaries += event["content"]
        elif event.get("raw_output") or event["level"] == "error":
            self.logs += f"{event['msg'].rstrip()}\n"
        if "jobID" in event and (event.get("raw_output") or "stepResult" in event):
            machine.say(f"   {event['jobID']}: {event['msg'].rstrip()}")

    def finish(self, jobs: Mapping[str, Any]) -> None:
        """Tells a job that waits from one that was skipped: for both act did nothing."""
        heard, self.results = self.results, {}
        for name, job in jobs.items():
            door = heard.get(f"{name}-door", "skipped")
            waits = "waiting" in (door, *(self.results[each] for each in _needs(job)))
            closed = {"success": "waiting", "failure": "failure"}.get(door)
            self.results[name] = closed or ("waiting" if waits else heard.get(name, "skipped"))


@dataclass
class Preparation:
    """What GitHub knows of a run and act does not, written into the workflow."""

    forge: GitHubStandIn
    run: Run

    @property
    def variables(self) -> dict[str, str]:
        """Environments whose branches do not include this one, those that wait for a reviewer, and all secrets."""
        branch = self.run.ref.removeprefix("refs/heads/")
        all_of_them = self.forge.environments.items()
        refused = [
            name for name, each in all_of_them if each.branches is not None and branch not in each.branches
        ]
        waiting = [name for name, each in all_of_them if each.reviewers and name not in self.run.allowed]
        secrets = {} if self.run.of_a_fork else {name: dict(each.secrets) for name, each in all_of_them}
        return {
            "REFUSED": json.dumps(refused),
            "CLOSED": json.dumps([*refused, *waiting]),
            "SECRETS": json.dumps(secrets),
        }

    def workflow(self, written: Mapping[Any, Any]) -> dict[str, Any]:
        """The workflow with every job prepared, and beside each job with an environment one that runs while it is closed."""
        jobs: dict[str, Any] = {}
        for name, job in written["jobs"].items():
            condition = f"({_inner(job.get('if', 'success()'))})"
            needed = [written["jobs"][each] for each in _needs(job)]
            condition += "".join(f" && !{_closed(each)}" for each in needed if "environment" in each)
            if "environment" in job:
                refused = _closed(job).replace("CLOSED", "REFUSED")
                jobs[f"{name}-door"] = {
                    "if": f"${{{{ {condition} && {_closed(job)} }}}}",
                    "needs": _needs(job),
                    "runs-on": "ubuntu-24.04",
                    "steps": [{"if": refused, "run": f"echo '{self.run.ref} may not deploy there'; exit 1"}],
                }
                condition += f" && !{_closed(job)}"
            permissions = job.get("permissions", written.get("permissions", {}))
            jobs[name] = {**self._given(job, permissions), "if": f"${{{{ {condition} }}}}"}
        return {"name": written["name"], "on": written[True], "jobs": jobs}

    def _given(self, job: Mapping[str, Any], permissions: Mapping[str, str]) -> dict[str, Any]:
        scopes = " ".join(f"{name}:{level}" for name, level in permissions.items())
        identity = "" if self.run.of_a_fork else scopes
        kept = {key: value for key, value in job.items() if key not in {"environment", "permissions"}}
        text = re.sub(r"\bgithub\.token\b", f"'token {scopes}'", json.dumps(kept))
        secret = rf"fromJSON(vars.SECRETS)[{_environment(job)}].\1"
        given: dict[str, Any] = json.loads(re.sub(r"\bsecrets\.(\w+)", secret, text))
        own = {"JOB_ENVIRONMENT": f"${{{{ {_environment(job)} }}}}", "JOB_PERMISSIONS": identity}
        if "id-token:write" in identity.split():
            own |= {
                "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.forge.url}/identity?api-version=2.0&sub={self._subject(job)}",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": f"token {scopes}",
            }
        return {**given, "env": {**given.get("env", {}), **own}}

    def _subject(self, job: Mapping[str, Any]) -> str:
        """The `sub` of the job's identity, by GitHub's rules; with an expression for its environment."""
        if "environment" in job:
            return f"repo:{REPOSITORY}:environment:${{{{ {_environment(job)} }}}}"
        return f"repo:{REPOSITORY}:{'pull_request' if self.run.event == 'pull_request' else f'ref:{self.run.ref}'}"


def _stand_in(used: str) -> Path:
    """The folder of what stands for an action, `owner/name@ref`."""
    folder = ROOT / "tests/gitops/actions" / used.partition("@")[0]
    assert folder.is_dir(), f"{used} has no stand-in in tests/gitops/actions"
    return folder


def _needs(job: Mapping[str, Any]) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else needs


def _closed(job: Mapping[str, Any]) -> str:
    """The expression that is true while the job's environment does not let it in."""
    return f"contains(fromJSON(vars.CLOSED), {_environment(job)})"


def _environment(job: Mapping[str, Any]) -> str:
    """The expression that gives the name of the job's environment, or an empty text."""
    written = job.get("environment", "")
    inner = _inner(written)
    return f"'{written}'" if inner == written else f"({inner})"


def _inner(written: str) -> str:
    """What stands between the braces, where there are any."""
    whole = re.fullmatch(r"\s*\$\{\{(.*)\}\}\s*", written, re.DOTALL)
    return whole[1].strip() if whole else written


def pull_request(number: int, head: str, base: str, repository: str = REPOSITORY) -> dict[str, Any]:
    """The payload of a pull_request event."""
    request = {
        "number": number,
        "head": {"sha": head, "ref": "a-branch", "repo": {"full_name": repository}},
        "base": {"sha": base, "ref": "main", "repo": {"full_name": REPOSITORY}},
    }
    return {"pull_request": request}
