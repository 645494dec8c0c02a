"""That the stand-in for GitLab's runner means what GitLab means, on pipelines small enough to see it."""

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.gitops.clone import ROOT
from tests.gitops.gitlab_config import read_config
from tests.gitops.gitlab_pipeline import GitLab, Pipeline, Variable
from tests.gitops.gitlab_rules import Conditions, filled_in, first_that_fits
from tests.gitops.repository import Repository

RULES = {"CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_NAME": "main"}
ALWAYS = "rules: [{when: on_success}]"
Project = Callable[..., Pipeline]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Runs a pipeline that a test writes."""
    repository = Repository.new(tmp_path / "project")

    def run(text: str, *, lab: dict[str, object] | None = None, **given: str) -> Pipeline:
        repository.write(".gitlab-ci.yml", dedent(text))
        commit = repository.commit()
        environment = {"PATH": os.environ["PATH"]}
        here = GitLab(tmp_path / "runner", repository.folder, environment, "", **(lab or {}))  # type: ignore[arg-type]
        pipeline = here.run("push", commit, RULES, **given)
        assert pipeline is not None
        return pipeline

    return run


def test_all_of_our_pipelines_is_understood() -> None:
    config = read_config((ROOT / ".gitlab-ci.yml").read_text(), lambda path: (ROOT / path).read_text())
    assert set(config.jobs) == {
        "check",
        "proposal",
        "preview",
        "deploy-matrix",
        "deploy",
        "drift",
        "dependencies",
    }
    assert config.stages == ("check", "plan", "apply", "tell")
    assert config.jobs["drift"]["variables"]["AWS_PROFILE"] == "ccc-numbers", (
        "a map of a template is extended"
    )
    assert config.jobs["drift"]["rules"] == [
        {"if": '$CI_PIPELINE_SOURCE == "schedule" && $DEPENDENCIES == null'}
    ], "a list is replaced"


@pytest.mark.parametrize(
    "addition",
    [
        "timeout: 1h",
        "retry: 2",
        "when: manual",
        "artifacts: {paths: [x], untracked: true}",
        "environment: {name: production, on_stop: stop}",
        "rules: [{changes: [x]}]",
        "rules: [{when: delayed}]",
        "cache: {key: {files: [x]}, when: always}",
    ],
)
def test_a_keyword_that_nobody_plays_is_an_error(addition: str) -> None:
    rules = "" if addition.startswith("rules") else ALWAYS
    job = f"stages: [test]\njob:\n  stage: test\n  image: x\n  script: ['true']\n  {rules}\n"
    with pytest.raises(AssertionError, match=r"nobody plays|'delayed'"):
        read_config(f"{job}  {addition}\n", lambda _: "")
    if rules:
        assert read_config(job, lambda _: "").jobs.keys() == {"job"}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('$A == "a"', True),
        ("$A", True),
        ("$EMPTY", False),
        ("$NOWHERE", False),
        ('$NOWHERE == ""', False),
        ("$NOWHERE == null", True),
        ("$A != $B", True),
        ('$A == "b" && $B == "b" || $A', True),
        ('$A == "b" && ($B == "b" || $A)', False),
        ('$MENTIONS == "a"', False),
    ],
)
def test_rules_compare_what_was_written(condition: str, holds: bool) -> None:
    variables = {"A": "a", "B": "b", "EMPTY": "", "MENTIONS": "$A"}
    assert bool(Conditions(variables).value(condition)) is holds


def test_what_rules_cannot_say_here_is_an_error() -> None:
    with pytest.raises(AssertionError, match="cannot read"):
        Conditions({}).value("$A =~ /x/")


def test_the_first_rule_that_fits_decides() -> None:
    rules: list[dict[str, Any]] = [
        {"if": "$A", "when": "never"},
        {"if": "$B", "variables": {"X": "1"}},
        {"when": "manual"},
    ]
    assert first_that_fits(rules, {"A": "a", "B": "b"}) is None
    assert first_that_fits(rules, {"B": "b"}) == rules[1]
    assert first_that_fits(rules, {}) == rules[2]
    assert first_that_fits(rules[:2], {}) is None


def test_variables_in_variables_are_filled_in_however_deep_and_what_is_missing_is_nothing() -> None:
    told = filled_in({"FILE": "${DIR}/.x-$ID", "DIR": "$ROOT/b", "ROOT": "/r", "ID": "7", "NO": "$WHO$$"})
    assert told == {"FILE": "/r/b/.x-7", "DIR": "/r/b", "ROOT": "/r", "ID": "7", "NO": "$"}
    with pytest.raises(AssertionError, match="a circle"):
        filled_in({"A": "$B", "B": "$A"})


def test_one_shell_until_the_first_failure_and_another_one_after_it(project: Project) -> None:
    pipeline = project(
        f"""
        stages: [one, two, tell]
        job:
          {{stage: one, image: x, {ALWAYS}, before_script: [export SEEN=before, mkdir out],
            script: ['echo "$SEEN"', 'echo kept > out/kept', 'false | true', 'echo never'],
            after_script: ['echo "after:$SEEN:$GIVEN"', 'false'],
            variables: {{GIVEN: yes it is}}, artifacts: {{when: always, paths: [out]}}}}
        lost:
          {{stage: one, image: x, {ALWAYS}, script: ['echo x > lost', 'false'], artifacts: {{paths: [lost]}}}}
        next: {{stage: two, image: x, {ALWAYS}, script: ['echo not here']}}
        tell:
          {{stage: tell, image: x, rules: [{{when: always}}], script: [cat out/kept, 'test ! -e lost']}}
        """
    )
    assert pipeline.results == {"job": "failed", "lost": "failed", "next": "skipped", "tell": "success"}
    said = [line for line in pipeline.logs["job"].splitlines() if not line.startswith("$ ")]
    assert said == ["before", "after::yes it is"]
    assert "kept" in pipeline.logs["tell"]


def test_who_sees_a_variable_and_which_one_wins(project: Project) -> None:
    show = "script: ['echo \"$IMAGE/$OWN/$SECRET\"']"
    pipeline = project(
        f"""
        stages: [one]
        variables: {{IMAGE: of the file, OWN: of the file, SECRET: of the file}}
        job: {{stage: one, image: $IMAGE, {ALWAYS}, {show}, variables: {{OWN: of the job}}}}
        apply:
          {{stage: one, image: x, rules: [{{variables: {{OWN: of the rule}}}}], {show}, environment: {{name: live}}}}
        """,
        lab={"settings": {"IMAGE": Variable("of the settings"), "SECRET": Variable("s", scope="live")}},
    )
    assert pipeline.logs["job"].splitlines()[-1] == "of the settings/of the job/of the file"
    assert pipeline.logs["apply"].splitlines()[-1] == "of the settings/of the rule/s"
    assert pipeline.runs["job"].image == "of the settings"


@pytest.mark.parametrize(
    ("forward", "seen"),
    [("", "of the file/7/"), ("forward: {yaml_variables: false},", "of the settings//")],
    ids=["by itself", "switched off"],
)
def test_what_a_trigger_hands_down_wins_over_the_settings(project: Project, forward: str, seen: str) -> None:
    pipeline = project(
        f"""
        stages: [one, two]
        variables: {{IMAGE: of the file}}
        make:
          stage: one
          image: x
          {ALWAYS}
          script:
            - |
              cat > child.yml <<'END'
              stages: [a]
              j:
                stage: a
                image: x
                {ALWAYS}
                script: ['echo "$IMAGE/$REQUEST/$WHO"']
              END
          artifacts: {{paths: [child.yml]}}
        go:
          stage: two
          needs: [make]
          {ALWAYS}
          variables: {{REQUEST: $NUMBER}}
          trigger: {{{forward} include: [{{artifact: child.yml, job: make}}]}}
        """,
        lab={"settings": {"IMAGE": Variable("of the settings")}},
        NUMBER="7",
        WHO="only the parent",
    )
    assert pipeline.children["go"].logs["j"].splitlines()[-1] == seen
    assert pipeline.children["go"].facts["CI_PIPELINE_SOURCE"] == "parent_pipeline"


def test_an_older_deployment_to_the_same_environment_is_outdated_unless_that_is_switched_off(
    tmp_path: Path,
) -> None:
    repository = Repository.new(tmp_path / "project")
    job = "{stage: a, image: x, rules: [{when: manual}], environment: {name: production}, script: ['true']}"
    repository.write(".gitlab-ci.yml", f"stages: [a]\none: {job}\nother: {job}\n")
    lab = GitLab(tmp_path, repository.folder, {"PATH": os.environ["PATH"]}, "", deployers=frozenset({"m"}))
    first = lab.run("push", repository.commit(), RULES)
    repository.write("x", "")
    second = lab.run("push", repository.commit(), RULES)
    assert first is not None
    assert second is not None
    assert second.play("one", "m") == "success"
    assert first.play("one", "m") == "failed", "so docs/gitops.md has it switched off"
    lab.prevents_outdated_deployments = False
    assert first.play("other", "m") == "success"
