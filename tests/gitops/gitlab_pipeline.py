"""Runs GitLab pipelines on this machine: the jobs' own scripts, read from the YAML at the commit, as GitLab would.

What is true to GitLab here, because our pipelines lean on it: which variable wins, who sees a protected or scoped
one, what a trigger hands down, whose artifacts a job gets, that `before_script` and `script` are one shell and
`after_script` another that always runs. Jobs run one after the other. `make tools` has a stand-in.

gitlab-ci-local (4.75.1, without containers) cannot do this: it empties the job's folder before `after_script`, so the
artifacts of all our jobs with an identity are lost, or has all jobs share one folder. It hands down YAML variables that
`forward` keeps back, does not wait at a manual job, never starts a `when: always` job behind a skipped one, and knows no
`workflow: rules`, `strategy: depend`, `id_tokens` and protected variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.gitops.gitlab import PROJECT, PROJECT_ID
from tests.gitops.gitlab_config import Config, Job, read_config
from tests.gitops.gitlab_job import Run
from tests.gitops.gitlab_rules import expanded, filled_in, first_that_fits
from tests.gitops.identity import GITLAB
from tests.gitops.machine import Machine

BRANCH = "main"


@dataclass(frozen=True)
class Variable:
    """A CI/CD variable of the project's settings."""

    value: str
    scope: str = "*"
    protected: bool = False


@dataclass
class GitLab(Machine):
    """A project, its settings and its runner. `deployers` may deploy to `production`, which is protected."""

    settings: Mapping[str, Variable] = field(default_factory=dict)
    deployers: frozenset[str] = frozenset()
    prevents_outdated_deployments: bool = True
    """GitLab's default."""
    id: str = PROJECT_ID
    path: str = PROJECT
    deployed: list[tuple[int, str]] = field(default_factory=list)
    """Pipeline and commit of each deployment that went well."""
    _ids: list[int] = field(default_factory=lambda: [100])

    def run(self, source: str, commit: str, facts: Mapping[str, str], **given: str) -> Pipeline | None:
        """Create a pipeline and run all that nobody has to start; None when there is none to create.

        `facts` are the predefined variables that this kind of pipeline has, `given` what somebody filled in.
        """
        text = self.show(commit, ".gitlab-ci.yml")
        return self.create(text, commit, {"CI_PIPELINE_SOURCE": source, **facts}, given)

    def create(
        self, text: str, commit: str, facts: Mapping[str, str], given: Mapping[str, str]
    ) -> Pipeline | None:
        """The same from a text, as for a child pipeline."""
        number = self.next_id()
        known = {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_API_V4_URL": self.api,
            "CI_PROJECT_ID": self.id,
            "CI_PROJECT_PATH": self.path,
            "CI_DEFAULT_BRANCH": BRANCH,
            "CI_COMMIT_SHA": commit,
            "CI_PIPELINE_ID": str(number),
            "CI_COMMIT_BEFORE_SHA": "0" * 40,
            **facts,
            "CI_PIPELINE_URL": f"https://gitlab.example/{self.path}/-/pipelines/{number}",
        }
        config = read_config(text, lambda path: self.show(commit, path))
        pipeline = Pipeline(self, number, commit, known, given, config)
        return pipeline if pipeline.begin() else None

    def next_id(self) -> int:
        """GitLab counts all it makes."""
        self._ids[0] += 1
        return self._ids[0]

    def visible(self, environment: str | None, ref: str) -> dict[str, str]:
        """The settings' variables that a job sees."""
        return {
            name: each.value
            for name, each in self.settings.items()
            if fnmatchcase(environment or "*", each.scope) and (ref == BRANCH or not each.protected)
        }


@dataclass
class Pipeline:
    """One pipeline. `results` are success, failed, skipped or manual (waits for somebody), by job."""

    gitlab: GitLab
    id: int
    commit: str
    facts: Mapping[str, str]
    given: Mapping[str, str]
    config: Config
    results: dict[str, str] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    children: dict[str, Pipeline] = field(default_factory=dict)
    auto_cancel: str = "conservative"
    _rules: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """All that all jobs said, those of child pipelines too."""
        return "".join((*self.logs.values(), *(child.log for child in self.children.values())))

    @property
    def tokens(self) -> list[str]:
        """All identity tokens that jobs were given, those of child pipelines too."""
        own = [token for run in self.runs.values() for token in run.tokens]
        return [*own, *(token for child in self.children.values() for token in child.tokens)]

    def begin(self) -> bool:
        """Choose the jobs and run them; False when GitLab would not create this pipeline."""
        workflow = self.config.workflow
        settings: Mapping[str, Any] = workflow.get("auto_cancel", {})
        if "rules" in workflow:
            rule = first_that_fits(workflow["rules"], self._before_any_job({}))
            if rule is None:
                return False
            settings = rule.get("auto_cancel", settings)
        self.auto_cancel = settings.get("on_new_commit", "conservative")
        for name, job in self.config.jobs.items():
            rule = first_that_fits(job["rules"], self._before_any_job(job))
            if rule is not None:
                self._rules[name] = rule
        if not self._rules:
            return False
        source = self.facts["CI_PIPELINE_SOURCE"]
        self.gitlab.say(f"\n== {self.gitlab.path}: pipeline {self.id} by {source} ({self.commit[:7]})")
        self._advance()
        return True

    def play(self, name: str, who: str) -> str:
        """Somebody starts a manual job; how it ended."""
        assert self.results[name] == "manual", f"{name} is {self.results[name]}"
        environment = self._environment(self.config.jobs[name])
        if environment is not None and who not in self.gitlab.deployers:
            raise PermissionError(f"{who} may not deploy to {environment}")
        self.gitlab.say(f"\n== {who} starts {name!r} of pipeline {self.id}")
        later = any(pipeline > self.id and commit != self.commit for pipeline, commit in self.gitlab.deployed)
        if environment is not None and self.gitlab.prevents_outdated_deployments and later:
            self.gitlab.say(
                "   The deployment job is older than the latest deployment, and therefore failed."
            )
            self.results[name] = "failed"
            return "failed"
        self.results[name] = self._run(name, self.config.jobs[name])
        if environment is not None and self.results[name] == "success":
            self.gitlab.deployed.append((self.id, self.commit))
        self._advance()
        return self.results[name]

    def _advance(self) -> None:
        """Everything that can run, stage by stage; needs point backwards, so once is enough."""
        for stage in self.config.stages:
            for name in self._rules:
                job = self.config.jobs[name]
                if job["stage"] == stage and name not in self.results:
                    state = self._next(name, job)
                    if state is not None:
                        self.results[name] = state

    def _next(self, name: str, job: Job) -> str | None:
        when = self._rules[name].get("when", "on_success")
        before = [self.results.get(each) for each in self._before(name, job)]
        if when == "always" and None not in before and "manual" not in before:
            return self._run(name, job)
        if "failed" in before or "skipped" in before:
            return "skipped"
        if None in before or "manual" in before:
            return None
        return "manual" if when == "manual" else self._run(name, job)

    def _before(self, name: str, job: Job) -> list[str]:
        """The jobs that have to end first, and whose artifacts it gets: `needs`, or all of the earlier stages."""
        if "needs" in job:
            missing = [each for each in job["needs"] if each not in self._rules]
            assert not missing, f"{name} needs {missing}, which is not in the pipeline: GitLab refuses it"
            return list(job["needs"])
        stages = self.config.stages
        earlier = stages[: stages.index(job["stage"])]
        return [each for each in self._rules if self.config.jobs[each]["stage"] in earlier]

    def _run(self, name: str, job: Job) -> str:
        if "trigger" in job:
            return self._trigger(name, job)
        run = self.runs[name] = Run(name, job, self.gitlab, self.commit, self.gitlab.next_id())
        names = self._variables(name, job)
        for each in self._before(name, job):
            if each in self.runs:
                run.takes(self.runs[each])
        well = run.play(names)
        self.logs[name] = run.log
        return "success" if well else "failed"

    def _trigger(self, name: str, job: Job) -> str:
        trigger = job["trigger"]
        (include,) = trigger["include"]
        assert set(include) == {"artifact", "job"}
        assert include["job"] in self._before(name, job), "its artifact may not be there yet"
        text = (self.runs[include["job"]].artifacts / include["artifact"]).read_text("utf-8")
        handed: dict[str, str] = {}
        if trigger.get("forward", {}).get("yaml_variables", True):
            written = {**self.config.variables, **self._own(name, job)}
            known = filled_in({**self._before_any_job(job), **written})
            # Down there they win over everything, the project's settings too.
            handed = {key: known[key] for key in written}
        facts = {**self.facts, "CI_PIPELINE_SOURCE": "parent_pipeline"}
        child = self.gitlab.create(text, self.commit, facts, handed)
        if child is None:
            return "failed"
        self.children[name] = child
        failed = "failed" in child.results.values()
        return "failed" if failed and trigger.get("strategy") == "depend" else "success"

    def _own(self, name: str, job: Job) -> dict[str, str]:
        return {**job.get("variables", {}), **self._rules.get(name, {}).get("variables", {})}

    def _before_any_job(self, job: Job) -> dict[str, str]:
        """What `rules` see: no variable that only a job has, and none filled in."""
        visible = self.gitlab.visible(None, self._ref)
        written = {**self.config.variables, **job.get("variables", {})}
        return {**self.facts, **written, **visible, **self.given}

    def _variables(self, name: str, job: Job) -> dict[str, str]:
        """What the job's shell sees, by GitLab's precedence: later ones win."""
        environment = self._environment(job)
        facts = {**self.facts, "CI_JOB_NAME": name, "CI_JOB_STAGE": job["stage"]}
        if environment is not None:
            facts["CI_ENVIRONMENT_NAME"] = environment
        claims = {
            "iss": GITLAB,
            "sub": f"project_path:{self.gitlab.path}:ref_type:branch:ref:{self._ref}",
        }
        visible = self.gitlab.visible(environment, self._ref)
        run = self.runs[name].facts(claims)
        return filled_in(
            {**facts, **run, **self.config.variables, **self._own(name, job), **visible, **self.given}
        )

    def _environment(self, job: Job) -> str | None:
        if "environment" not in job:
            return None
        assert job["environment"].get("action", "start") in ("start", "access")
        return expanded(job["environment"]["name"], {})

    @property
    def _ref(self) -> str:
        return self.facts["CI_COMMIT_REF_NAME"]
