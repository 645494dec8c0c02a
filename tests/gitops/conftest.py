"""Fixtures: the stand-in for GitHub, as a job of a workflow sees it."""

from collections.abc import Iterator

import pytest

from tests.gitops.github import REPOSITORY, GitHubStandIn, github


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with github() as stand_in:
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_API_URL", stand_in.url)
        monkeypatch.setenv("GITHUB_TOKEN", "token pull-requests:write issues:write actions:read")
        monkeypatch.setenv("GITHUB_RUN_ID", "42")
        monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
        monkeypatch.setattr("ccc_numbers.fleet.gitops.http._PAUSE_SECONDS", 0.0)
        yield stand_in
