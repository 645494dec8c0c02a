"""GitLab: its notes and issues, and the event of a merge request that its webhook hands to a pipeline."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, JsonValue, ValidationError

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.forge import BOT, Forge, JsonObject, text_at
from ccc_numbers.fleet.gitops.http import Api
from ccc_numbers.messages.language import mark, tr

_WORTH_A_PREVIEW = ("open", "reopen", "update")
_LARGEST = 8 * 1024 * 1024


class GitLab(Forge):
    """GitLab, of whichever host."""

    name = "GitLab"
    in_job = "GITLAB_CI"
    settings = mark("in the project's CI/CD variables")
    applies_reviewed_plans = False
    project, home = "CI_PROJECT_ID", "/projects"
    tokens = ("GITLAB_TOKEN",)
    without_token = mark(
        "no GITLAB_TOKEN: put a project access token with the scope api into the CI/CD variables; the "
        "job's own token may not comment"
    )
    change, requests, notes = "PUT", "merge_requests", "notes"
    issue_keys = ("iid", "description")
    opened = "opened"
    closing: ClassVar[JsonObject] = {"state_event": "close"}

    @staticmethod
    def api_of(environ: Mapping[str, str], token: str) -> Api:
        return Api("GitLab", environ.get("CI_API_V4_URL", ""), {"PRIVATE-TOKEN": token})

    @staticmethod
    def labels(label: str) -> JsonValue:
        return label

    @staticmethod
    def run_link(environ: Mapping[str, str]) -> str | None:
        return environ.get("CI_PIPELINE_URL")

    def poster(self) -> str:
        """The user of the token, which GitLab makes for each project access token."""
        name = text_at(self.api.call("GET", "/user"), "username")
        if not name:
            raise FleetError(
                tr("GitLab does not say whose token GITLAB_TOKEN is: set {bot} to its user's name", bot=BOT)
            )
        return name


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
        return self.last_commit.id


class _Event(BaseModel, frozen=True):
    object_kind: Literal["merge_request"]
    object_attributes: MergeRequest


def read_event(file: Path, environ: Mapping[str, str]) -> MergeRequest | None:
    """The merge request to preview; None for one of a fork, a closed one, or an edit of only its description."""
    try:
        if file.stat().st_size > _LARGEST:
            raise FleetError(tr("{file}: is larger than any event of GitLab", file=file))
        event = _Event.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise FleetError(
            tr(
                "{file}: is not the event of a merge request ({name}); let the webhook send only merge request "
                "events",
                file=file,
                name=type(error).__name__,
            )
        ) from None
    request = event.object_attributes
    ours = str(request.target_project_id) == environ.get("CI_PROJECT_ID")
    from_here = request.source_project_id == request.target_project_id
    into_default = request.target_branch == environ.get("CI_DEFAULT_BRANCH")
    pushed = request.action != "update" or request.oldrev is not None
    wanted = request.action in _WORTH_A_PREVIEW and pushed
    return request if ours and from_here and into_default and wanted else None
