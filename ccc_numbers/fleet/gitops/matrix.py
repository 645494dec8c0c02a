"""A selection of stacks in the form that each pipeline reads."""

import json
from collections.abc import Mapping
from enum import StrEnum

import yaml

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.touched import Selection, TouchedStack
from ccc_numbers.messages.json_text import visible_json
from ccc_numbers.messages.language import tr

TEMPLATES = "/pipelines/gitlab/stacks.yml"
"""The file with the templates of GitLab's jobs, in a checkout and in a team's repository."""
LARGEST_MATRIX = 256
"""Jobs a GitHub matrix may have."""


def as_github(selection: Selection) -> str:
    """`{"include": [{"stack": …, "reason": …}]}` on one line, for `strategy.matrix: ${{ fromJSON(…) }}`.

    A stack that names them also has `account`, `role` and `readRole`. Raises FleetError for a matrix that GitHub would
    refuse as too large, and the pipeline with it.
    """
    if len(selection.touched) > LARGEST_MATRIX:
        raise FleetError(
            tr(
                "{count} stacks, and GitHub runs at most {largest_matrix} jobs of one matrix; name the stacks "
                "to do first, or let one job do all: ccc-numbers plan $(ccc-numbers matrix -o list …)",
                count=len(selection.touched),
                largest_matrix=LARGEST_MATRIX,
            )
        )
    rows = [{"stack": each.stack, "reason": each.reason, **_whom(each)} for each in selection.touched]
    return visible_json(json.dumps({"include": rows}, ensure_ascii=False, separators=(",", ":")))


def _whom(stack: TouchedStack) -> dict[str, str]:
    """The account and the roles that a stack names."""
    role = stack.identity.role
    found = {"account": stack.identity.account} | (
        {"role": role.write, "readRole": role.read} if role else {}
    )
    return {key: value for key, value in found.items() if value}


class Job(StrEnum):
    """The work of a child pipeline of GitLab."""

    PREVIEW = "preview"
    ALLOWED = "preview-allowed"
    DEPLOY = "deploy"


# The templates of a job: per stack, each needs the one before it; then once for all stacks.
_TEMPLATES_OF: Mapping[Job, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Job.PREVIEW: (("preview",), ("comment",)),
    Job.ALLOWED: (("preview-allowed",), ("waits", "comment")),
    Job.DEPLOY: (("plan", "apply"), ()),
}
_AS_VARIABLE = {"account": "ACCOUNT", "role": "ROLE", "readRole": "READ_ROLE"}


def as_gitlab(selection: Selection, job: Job, include: str, known: Mapping[str, str] = {}) -> str:
    """A child pipeline: per stack the jobs of the templates `.ccc-numbers:…` in the file `include`.

    `known` are more variables of each job. GitLab refuses an empty pipeline, so one without work has a job that says
    so; a preview says it in the comment of an earlier push, where there is one.
    """
    per_stack, once = _TEMPLATES_OF[job]
    jobs: dict[str, object] = {}
    for each in selection.touched:
        whom = {_AS_VARIABLE[key]: value for key, value in _whom(each).items()}
        needs: list[str] = []
        for template in per_stack:
            name = f"{template} {each.stack}"
            variables = {**known, "STACK": each.stack, "REASON": each.reason, **whom}
            jobs[name] = _job(template, variables) | ({"needs": needs} if needs else {})
            needs = [name]
    for template in once:
        jobs[template] = _job(template, {**known, "STACKS": selection.names})
    # The next push plans its own stacks, not these: cancelled for it, these would be forgotten.
    lasts = {"workflow": {"auto_cancel": {"on_new_commit": "none"}}} if job is Job.DEPLOY else {}
    return _pipeline(include, {**lasts, **(jobs or _NOTHING)})


_NOTHING: Mapping[str, object] = {"no stack concerned": {"extends": ".ccc-numbers:nothing"}}


def nothing_to_do(include: str) -> str:
    """A child pipeline with one job, which says that there is nothing to do."""
    return _pipeline(include, _NOTHING)


def _job(template: str, variables: Mapping[str, str]) -> dict[str, object]:
    """A job of a template. GitLab replaces names after a `$` by other variables, secrets too, so a `$` is doubled."""
    literal = {name: value.replace("$", "$$") for name, value in variables.items()}
    return {"extends": f".ccc-numbers:{template}", "variables": literal}


def _pipeline(include: str, jobs: Mapping[str, object]) -> str:
    pipeline = {"include": [{"local": include}], **jobs}
    return str(yaml.safe_dump(pipeline, allow_unicode=True, sort_keys=False))


def as_list(selection: Selection) -> str:
    return "".join(f"{each.stack}\n" for each in selection.touched)


def github_outputs(selection: Selection) -> str:
    """The lines for `$GITHUB_OUTPUT`: `matrix`, `count`, `stacks`, `removed`."""
    return (
        f"matrix={as_github(selection)}\ncount={len(selection.touched)}\n"
        f"stacks={selection.names}\nremoved={' '.join(selection.removed)}\n"
    )
