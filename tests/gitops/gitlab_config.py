"""Reads a pipeline of GitLab: `include`, `extends`, and every keyword; one that is not known here is an error.

A keyword that nobody plays is a keyword that nobody tests: whoever adds one to the pipelines adds it here too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

Job = Mapping[str, Any]

_GLOBAL = {"include", "stages", "variables", "workflow"}
_JOB = {
    *("after_script", "artifacts", "before_script", "cache", "environment", "extends", "id_tokens", "image"),
    *("interruptible", "needs", "resource_group", "rules", "script", "stage", "trigger", "variables"),
}
# With a trigger a job has no machine to run on.
_TRIGGER_JOB = {"extends", "needs", "rules", "stage", "trigger", "variables"}
_WITHIN = {
    "artifacts": {"expire_in", "paths", "reports", "when"},
    "cache": {"key", "paths", "policy"},
    "environment": {"action", "name"},
    "trigger": {"forward", "include", "strategy"},
    "workflow": {"auto_cancel", "rules"},
}
_RULE = {"auto_cancel", "if", "variables", "when"}
_WHEN = {"always", "manual", "never", "on_success"}


@dataclass(frozen=True)
class Config:
    """A pipeline ready to be created: hidden jobs are gone, every job is whole."""

    stages: tuple[str, ...]
    variables: Mapping[str, str]
    workflow: Mapping[str, Any]
    jobs: Mapping[str, Job]


def read_config(text: str, local: Callable[[str], str]) -> Config:
    """`local` answers the text of a file of the repository at the pipeline's commit."""
    whole = _with_includes(yaml.safe_load(text), local)
    jobs = {name: each for name, each in whole.items() if name not in _GLOBAL}
    finished = {name: _extended(name, jobs) for name in jobs if not name.startswith(".")}
    assert finished, "GitLab refuses a pipeline without a job"
    _known("workflow", whole.get("workflow", {}))
    for name, job in finished.items():
        _check(name, job, whole["stages"])
    return Config(
        tuple(whole["stages"]),
        _texts(whole.get("variables", {})),
        whole.get("workflow", {}),
        finished,
    )


def merged(below: Any, above: Any) -> Any:
    """Maps become one, key by key; anything else is replaced as a whole, lists too."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}
    return above


def _with_includes(read: dict[str, Any], local: Callable[[str], str]) -> dict[str, Any]:
    """What is included stands below: the file that includes has the last word."""
    whole: dict[str, Any] = {}
    for each in read.pop("include", []):
        assert set(each) == {"local"}, f"unknown include {each}"
        assert each["local"].startswith("/"), "from the root of the repository"
        whole |= merged(whole, _with_includes(yaml.safe_load(local(each["local"][1:])), local))
    whole |= merged(whole, read)
    return whole


def _extended(name: str, jobs: Mapping[str, Job]) -> Job:
    job = dict(jobs[name])
    parent = job.pop("extends", None)
    assert parent is None or isinstance(parent, str), f"{name} extends several"
    return job if parent is None else merged(_extended(parent, jobs), job)


def _check(name: str, job: Job, stages: list[str]) -> None:
    known = _TRIGGER_JOB if "trigger" in job else _JOB
    assert set(job) <= known, f"{name}: nobody plays {set(job) - known}"
    assert job["stage"] in stages, f"{name}: no stage {job['stage']}"
    assert ("trigger" in job) != ("script" in job), name
    for part in ("before_script", "script", "after_script"):
        assert all(isinstance(line, str) for line in job.get(part, [])), (
            f"{name}: {part} is not a list of texts"
        )
    # Without rules a job has those of `only: [branches, tags]`, and is missing from merge requests.
    assert job["rules"], f"{name}: no rules"
    for key, part in job.items():
        _known(key, part)
    _check_rules(job["rules"])


def _check_rules(rules: list[Mapping[str, Any]]) -> None:
    for rule in rules:
        assert set(rule) <= _RULE, f"nobody plays {set(rule) - _RULE}"
        assert rule.get("when", "on_success") in _WHEN, rule


def _known(key: str, part: object) -> None:
    if key in _WITHIN:
        assert isinstance(part, Mapping), f"{key} is no map"
        assert set(part) <= _WITHIN[key], f"nobody plays {set(part) - _WITHIN[key]} of {key}"
        if key == "workflow":
            _check_rules(part.get("rules", []))


def _texts(variables: Mapping[str, object]) -> dict[str, str]:
    for name, value in variables.items():
        assert isinstance(value, str), f"variable {name} is no text"
    return {name: str(value) for name, value in variables.items()}
