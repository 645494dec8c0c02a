"""A merge request's event, as GitLab's webhook hands it to a pipeline of the default branch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError

from ccc_numbers.fleet.errors import FleetError

_WORTH_A_PREVIEW = ("open", "reopen", "update")
_LARGEST = 8 * 1024 * 1024


class _Commit(BaseModel, frozen=True):
    id: str


class MergeRequest(BaseModel, frozen=True):
    """`iid` is its number in the project; ids of projects are GitLab's own."""

    iid: int
    action: str = ""
    source_project_id: int | None = None
    target_project_id: int
    target_branch: str
    last_commit: _Commit
    oldrev: str | None = None

    @property
    def commit(self) -> str:
        """The commit that is proposed."""
        return self.last_commit.id


class _Event(BaseModel, frozen=True):
    object_kind: str
    object_attributes: MergeRequest


def read_event(file: Path, environ: Mapping[str, str]) -> MergeRequest | None:
    """The merge request that is to be previewed, or None: a fork's, closed, or only its description was edited."""
    try:
        if file.stat().st_size > _LARGEST:
            raise FleetError(f"{file}: is larger than any event of GitLab's")
        event = _Event.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise FleetError(
            f"{file}: is not a merge request's event ({type(error).__name__}); "
            "let the webhook send merge request events alone"
        ) from None
    request = event.object_attributes
    ours = str(request.target_project_id) == environ.get("CI_PROJECT_ID")
    from_here = request.source_project_id == request.target_project_id
    into_default = request.target_branch == environ.get("CI_DEFAULT_BRANCH")
    pushed = request.action != "update" or request.oldrev is not None
    wanted = request.action in _WORTH_A_PREVIEW and pushed
    return request if ours and from_here and into_default and wanted else None
