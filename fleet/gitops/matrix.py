"""A selection of stacks in the words of the pipelines that shall work on them."""

from __future__ import annotations

import json

import yaml

from fleet.errors import FleetError
from fleet.gitops.touched import Selection

LARGEST_MATRIX = 256
"""Jobs a GitHub matrix may have."""


def as_github(selection: Selection) -> str:
    """`{"include": [{"stack": …, "reason": …}]}` on one line, for `strategy.matrix: ${{ fromJSON(…) }}`.

    Raises FleetError where GitHub would refuse the matrix, and the pipeline with it, as too large.
    """
    if len(selection.touched) > LARGEST_MATRIX:
        raise FleetError(
            f"{len(selection.touched)} stacks, and GitHub runs at most {LARGEST_MATRIX} jobs of one matrix; "
            "name the stacks to do first, or let one job do all: ccc-numbers plan $(ccc-numbers matrix -o list …)"
        )
    rows = [{"stack": each.stack, "reason": each.reason} for each in selection.touched]
    return json.dumps({"include": rows}, ensure_ascii=False, separators=(",", ":"))


def as_gitlab(selection: Selection, job: str, include: str) -> str:
    """A child pipeline: one job per stack out of the template `.ccc-numbers:JOB` of the file `include`.

    GitLab refuses an empty pipeline, so one that has nothing to do says so in a job of its own.
    """
    jobs: dict[str, object] = {
        f"{job}: {each.stack}": {
            "extends": f".ccc-numbers:{job}",
            "variables": {"STACK": each.stack, "REASON": each.reason},
        }
        for each in selection.touched
    }
    if not jobs:
        jobs["no stack concerned"] = {
            "extends": ".ccc-numbers:nothing",
            "script": ["echo 'This change concerns no stack.'"],
        }
    pipeline = {"include": [{"local": include}], **jobs}
    return str(yaml.safe_dump(pipeline, allow_unicode=True, sort_keys=False))


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
