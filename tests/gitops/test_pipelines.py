"""What the pipelines may never do, read from their YAML. `make lint` checks their form, the rehearsal their work."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccc_numbers.fleet.cli import main
from tests.gitops.fleet import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
GITLAB = [ROOT / ".gitlab-ci.yml", ROOT / "pipelines/gitlab" / "stacks.yml"]


def steps(file: Path) -> Iterator[dict[str, Any]]:
    """All steps of a workflow or a composite action."""
    read = yaml.safe_load(file.read_text("utf-8"))
    jobs = read["jobs"].values() if "jobs" in read else [read["runs"]]
    for job in jobs:
        yield from job["steps"]


def scripts() -> Iterator[str]:
    """Every script of every pipeline."""
    for file in (*WORKFLOWS, *ACTIONS):
        yield from (step["run"] for step in steps(file) if "run" in step)
    for file in GITLAB:
        for job in yaml.safe_load(file.read_text("utf-8")).values():
            if isinstance(job, dict):
                for part in ("before_script", "script", "after_script"):
                    yield from job.get(part, [])


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_other_peoples_actions_are_pinned_by_digest_and_say_their_version(file: Path) -> None:
    for line in file.read_text("utf-8").splitlines():
        used = re.search(r"uses: (\S+)(.*)", line)
        if used and not used[1].startswith("./"):
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", used[1]), line
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", used[2]), line


def test_an_action_has_one_version_everywhere() -> None:
    used = {step["uses"] for file in (*WORKFLOWS, *ACTIONS) for step in steps(file) if "uses" in step}
    names = [each.partition("@")[0] for each in used]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_others_write_never_becomes_part_of_a_script(file: Path) -> None:
    for step in steps(file):
        for key in ("run", "shell", "working-directory"):
            assert "${{" not in step.get(key, ""), "give it to the script as a variable"


def test_a_script_of_gitlab_puts_every_variable_in_quotes() -> None:
    """Titles, branches and stacks are variables of the job; only WHICH is several words on purpose."""
    for script in scripts():
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", script)
        assert set(re.findall(r"\$\{?(\w+)", bare)) <= {"WHICH"}, script
        assert "eval" not in script


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_secret_or_an_identity_is_had_in_an_environment_alone(file: Path) -> None:
    """A secret of the repository is every branch's, and an identity without an environment says only the event."""
    read = yaml.safe_load(file.read_text("utf-8"))
    assert read["permissions"] == {"contents": "read"}
    events = read[True]  # YAML 1.1 takes `on` for true
    assert {"pull_request", "workflow_run", "issue_comment"}.isdisjoint(
        events
    ) or "secrets." not in file.read_text()
    for name, job in read["jobs"].items():
        if "secrets." in yaml.safe_dump(job) or "id-token" in job.get("permissions", {}):
            assert job.get("environment"), name


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_on_pull_request_target_a_fork_gets_nothing_and_nobodys_code_is_checked_out(file: Path) -> None:
    read = yaml.safe_load(file.read_text("utf-8"))
    if "pull_request_target" not in read[True]:
        return
    ours = "github.event.pull_request.head.repo.full_name == github.repository"
    for name, job in read["jobs"].items():
        may_only_read = {"read"}.issuperset(job.get("permissions", {}).values())
        assert (may_only_read and "secrets." not in yaml.safe_dump(job)) or ours in job["if"], name
        assert "timeout-minutes" in job, name
        for step in job["steps"]:
            assert {"ref", "repository", "allow-unsafe-pr-checkout"}.isdisjoint(step.get("with", {})), name


def test_what_an_allowed_preview_has_touched_is_not_kept_in_a_cache() -> None:
    """On pull_request_target a job's cache is the default branch's own. What writes numbers does not trust it either."""
    jobs = {file.stem: yaml.safe_load(file.read_text("utf-8"))["jobs"] for file in WORKFLOWS}
    cached = "${{ needs.check.outputs.environment == 'preview' }}"
    for job, wanted in ((jobs["preview"]["plan"], [cached, "false"]), (jobs["deploy"]["apply"], ["false"])):
        uses = [
            step.get("with", {}) for step in job["steps"] if step.get("uses") == "./.github/actions/setup"
        ]
        assert [each.get("cache") for each in uses] == wanted
    allowed = yaml.safe_load(GITLAB[1].read_text("utf-8"))[".ccc-numbers:preview-allowed"]
    assert allowed["cache"] == {"policy": "pull"}


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_who_writes_numbers_is_approved_and_alone(file: Path) -> None:
    read = yaml.safe_load(file.read_text("utf-8"))
    for job in read["jobs"].values():
        if "CCC_DEPLOY_ROLE_ARN" in yaml.safe_dump(job):
            assert job["environment"]
            assert job["concurrency"]["group"].endswith("${{ matrix.stack }}")
            assert job["concurrency"]["cancel-in-progress"] is False


def test_on_gitlab_too() -> None:
    templates = yaml.safe_load(GITLAB[1].read_text("utf-8"))
    apply, reading = templates[".ccc-numbers:apply"], templates[".ccc-numbers:identity"]
    assert apply["id_tokens"] != reading["id_tokens"], (
        "the deploy role does not take the identity of a preview"
    )
    assert apply["rules"] == [{"when": "manual"}]
    assert apply["resource_group"].endswith("$STACK")
    assert apply["environment"]["name"] == "production"


def test_every_command_and_option_that_a_pipeline_uses_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    used: dict[str, set[str]] = {}
    for script in scripts():
        for words in re.findall(r"tools/run ccc-numbers ([^\n>|]*)", script.replace("\\\n", " ")):
            verb, *words = shlex.split(words)
            used.setdefault(verb, set()).update(word for word in words if re.fullmatch(r"--[a-z-]+", word))
    assert {
        "check",
        "guarded",
        "matrix",
        "plan",
        "proposal",
        "apply",
        "comment",
        "reviewed",
        "drift",
        "issue",
    } <= used.keys()
    for verb, options in used.items():
        assert main([verb, "--help"]) == 0
        told = capsys.readouterr().out
        assert {option for option in options if option not in told} == set(), verb


@pytest.mark.parametrize(
    ("prefix", "script"),
    [
        ("", next(each for each in scripts() if "ccc-numbers drift" in each and "$GITHUB_OUTPUT" in each)),
        ("CCC_DRIFT_", "\n".join(yaml.safe_load(GITLAB[0].read_text("utf-8"))["drift"]["script"])),
    ],
    ids=["github", "gitlab"],
)
def test_the_daily_drift_looks_at_calls_and_reach_when_asked(
    prefix: str, script: str, tmp_path: Path
) -> None:
    (tmp_path / "tools").mkdir()
    program = tmp_path / "tools" / "run"
    program.write_text('#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done >> "$WORDS"\n')
    program.chmod(0o755)
    words = tmp_path / "words"
    names = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
    plain = {
        "WORDS": str(words),
        **{name: str(tmp_path / name) for name in names},
        "PATH": os.environ["PATH"],
    }
    for asked, passed in (
        ({}, []),
        ({"TRAFFIC": "30d; rm x", "REACHABILITY": "true"}, ["--traffic", "30d; rm x", "--reachability"]),
    ):
        words.write_text("")
        own = {f"{prefix}{name}": value for name, value in asked.items()}
        subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=plain | own, check=True)
        drift = words.read_text().splitlines()
        drift = drift[: drift.index("issue") - 1] if "issue" in drift else drift
        assert drift[:3] == ["ccc-numbers", "drift", "--mask"]
        assert drift[len(drift) - len(passed) :] == passed
        assert ("--traffic" in drift) is bool(passed)


def test_numbers_are_masked_wherever_a_pipeline_shows_them() -> None:
    for script in scripts():
        for verb in ("plan", "apply", "drift"):
            if f"ccc-numbers {verb} " in script:
                assert "--mask" in script, script


def test_the_templates_that_child_pipelines_use_are_there() -> None:
    templates = yaml.safe_load(GITLAB[1].read_text("utf-8"))
    for name in ("plan", "preview", "preview-allowed", "apply", "waits", "comment", "nothing"):
        assert f".ccc-numbers:{name}" in templates
