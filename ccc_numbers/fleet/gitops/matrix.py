"""A selection of stacks in the words of the pipelines that shall work on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum

import yaml

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.touched import Selection, Touched
from ccc_numbers.messages.json_text import visible_json

TEMPLATES = "/pipelines/gitlab/stacks.yml"
"""The file with the templates of GitLab's jobs, in a checkout and in a team's repository."""
LARGEST_MATRIX = 256
"""Jobs a GitHub matrix may have."""


def as_github(selection: Selection) -> str:
    """`{"include": [{"stack": …, "reason": …}]}` on one line, for `strategy.matrix: ${{ fromJSON(…) }}`.

    A stack that names them has `account`, `role` and `readRole` as well.

    Raises FleetError where GitHub would refuse the matrix, and the pipeline with it, as too large.
    """
    if len(selection.touched) > LARGEST_MATRIX:
        raise FleetError(
            f"{len(selection.touched)} stacks, and GitHub runs at most {LARGEST_MATRIX} jobs of one matrix; "
            "name the stacks to do first, or let one job do all: ccc-numbers plan $(ccc-numbers matrix -o list …)"
        )
    rows = [{"stack": each.stack, "reason": each.reason, **_whom(each)} for each in selection.touched]
    return visible_json(json.dumps({"include": rows}, ensure_ascii=False, separators=(",", ":")))


def _whom(stack: Touched) -> dict[str, str]:
    """The account and the roles that a stack names."""
    role = stack.identity.role
    found = {"account": stack.identity.account} | (
        {"role": role.write, "readRole": role.read} if role else {}
    )
    return {key: value for key, value in found.items() if value}


class Job(StrEnum):
    """What a child pipeline of GitLab does."""

    PREVIEW = "preview"
    ALLOWED = "preview-allowed"
    DEPLOY = "deploy"


# Per stack, one job of each of these templates, in this order; then once for all stacks, those after it.
_PER_STACK = {Job.PREVIEW: ("preview",), Job.ALLOWED: ("preview-allowed",), Job.DEPLOY: ("plan", "apply")}
_ONCE: dict[Job, tuple[str, ...]] = {
    Job.PREVIEW: ("comment",),
    Job.ALLOWED: ("waits", "comment"),
    Job.DEPLOY: (),
}


_AS_VARIABLE = {"account": "ACCOUNT", "role": "ROLE", "readRole": "READ_ROLE"}


def as_gitlab(selection: Selection, job: Job, include: str, known: Mapping[str, str] = {}) -> str:
    """A child pipeline: per stack the jobs of the templates `.ccc-numbers:…` in the file `include`.

    `known` are more variables of each job; a `$` in them stays one. A stack's later job needs its earlier one and nobody else's. GitLab refuses an empty pipeline, so one that has
    nothing to do says so: a preview in the note of an earlier push, where there is one.
    """
    pipeline: dict[str, object] = {"include": [{"local": include}]}
    if job is Job.DEPLOY:
        # The next push plans its own stacks, not these: cancelled for it, these would be forgotten.
        pipeline["workflow"] = {"auto_cancel": {"on_new_commit": "none"}}
    for each in selection.touched:
        before: list[str] = []
        for template in _PER_STACK[job]:
            name = f"{template} {each.stack}"
            whom = {_AS_VARIABLE[key]: value for key, value in _whom(each).items()}
            variables = _literal({**known, "STACK": each.stack, "REASON": each.reason, **whom})
            pipeline[name] = {"extends": f".ccc-numbers:{template}", "variables": variables} | (
                {"needs": before} if before else {}
            )
            before = [name]
    stacks = " ".join(each.stack for each in selection.touched)
    for template in _ONCE[job]:
        variables = _literal({**known, "STACKS": stacks})
        pipeline[template] = {"extends": f".ccc-numbers:{template}", "variables": variables}
    if not (selection.touched or _ONCE[job]):
        return nothing_to_do(include, pipeline)
    return _yaml(pipeline)


def nothing_to_do(include: str, pipeline: Mapping[str, object] = {}) -> str:
    """A child pipeline that only says so."""
    job = {"no stack concerned": {"extends": ".ccc-numbers:nothing"}}
    return _yaml({"include": [{"local": include}], **pipeline, **job})


def _literal(variables: Mapping[str, str]) -> dict[str, str]:
    """GitLab puts other variables, secrets too, in the place of their names in a variable's value."""
    return {name: value.replace("$", "$$") for name, value in variables.items()}


def _yaml(pipeline: Mapping[str, object]) -> str:
    return str(yaml.safe_dump(dict(pipeline), allow_unicode=True, sort_keys=False))


def as_list(selection: Selection) -> str:
    """One name a line."""
    return "".join(f"{each.stack}\n" for each in selection.touched)


def github_outputs(selection: Selection) -> str:
    """The lines for `$GITHUB_OUTPUT`: `matrix`, `count`, `stacks`, `removed`."""
    stacks = " ".join(each.stack for each in selection.touched)
    return (
        f"matrix={as_github(selection)}\ncount={len(selection.touched)}\n"
        f"stacks={stacks}\nremoved={' '.join(selection.removed)}\n"
    )
