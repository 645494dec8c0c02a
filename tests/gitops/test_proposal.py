"""`ccc-numbers proposal`: what is taken of a proposed commit, what has to be allowed, what is refused."""

import base64
import json
import os
from pathlib import Path

import pytest

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.gitlab import read_event
from ccc_numbers.fleet.gitops.proposal import fetch, propose, take_stacks
from tests.gitops.repository import Repository

SETTINGS = "config:\n  ccc:region: cn-shanghai\n"
EVENT = {
    "iid": 7,
    "action": "open",
    "source_project_id": 12,
    "target_project_id": 12,
    "target_branch": "main",
    "last_commit": {"id": "a" * 40},
}
ACME = "instances: {acme: {numbers: {}}}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A fleet on main, with a clone's origin: itself; the branch `proposed` is checked out."""
    made = Repository.new(tmp_path / "fleet")
    for path, text in {
        "Pulumi.yaml": "name: fleet\nruntime: python\n",
        "__main__.py": "",
        "stacks/Pulumi.acme.yaml": SETTINGS,
        "stacks/acme.yaml": ACME,
        "stacks/old.csv": "number\n",
    }.items():
        made.write(path, text)
    made.commit("Begin")
    made.git("remote", "add", "origin", str(made.folder))
    made.git("switch", "-q", "-c", "proposed")
    return made


def proposed(repository: Repository) -> str:
    """Commit what was written, and go back to main, as a preview's job checks it out."""
    commit = repository.commit("Propose")
    repository.git("switch", "-q", "main")
    return commit


def run(repository: Repository, commit: str, *more: str) -> int:
    return main(["proposal", commit, *more, "--project", str(repository.folder)])


def test_stack_files_are_taken_as_merging_makes_them(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    repository.write("stacks/acme.yaml", f"{ACME}# more\n")
    repository.write("stacks/materials/letter.docx", "x")
    repository.git("rm", "-q", "stacks/old.csv")
    commit = proposed(repository)
    repository.write("stacks/Pulumi.beta.yaml", SETTINGS)
    repository.commit("Meanwhile on main")
    assert run(repository, commit) == 0
    assert json.loads(capsys.readouterr().out) == {
        "include": [{"stack": "acme", "reason": "stacks/acme.yaml"}]
    }
    folder = repository.folder / "stacks"
    assert (folder / "acme.yaml").read_text() == f"{ACME}# more\n"
    assert (folder / "materials/letter.docx").read_text() == "x"
    assert not (folder / "old.csv").exists()
    assert (folder / "Pulumi.beta.yaml").read_text() == SETTINGS, "main's own change is not taken back"
    outputs = dict(line.split("=", 1) for line in (tmp_path / "outputs").read_text().splitlines())
    assert (outputs["environment"], outputs["waits"], outputs["count"]) == ("preview", "", "1")


@pytest.mark.parametrize(
    "path",
    [
        *("__main__.py", "tools/run", ".github/workflows/preview.yml", ".gitattributes", "README.md"),
        *(
            "stacks.py",
            "stacks/Pulumi.acme.yml",
            "stacks/Pulumi.acme.json",
            "components/x\nenvironment=preview",
        ),
    ],
)
def test_anything_else_than_stack_files_waits_and_is_not_taken(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    repository.write(path, "proposed\n")
    commit = proposed(repository)
    assert run(repository, commit) == 0
    assert repository.git("status", "--porcelain", "--", ":!stacks") == "", "nothing of it is taken"
    written = (tmp_path / "outputs").read_text()
    assert "\nenvironment=preview-allowed\n" in written
    assert "\nenvironment=preview\n" not in written
    assert run(repository, commit, "--in", "preview") == 2
    assert "belongs in preview-allowed (it changes " in capsys.readouterr().err
    assert run(repository, commit, "--in", "preview-allowed") == 0
    assert (repository.folder / path).read_text() == "proposed\n", "allowed: all of it is taken"


def test_stack_files_alone_are_not_previewed_where_more_is_allowed(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write("stacks/acme.yaml", f"{ACME}# more\n")
    assert run(repository, proposed(repository), "--in", "preview-allowed") == 2
    assert "belongs in preview, and this is preview-allowed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("config: {ccc:region: cn-beijing, ccc:rate: 5}\nencryptionsalt: v1:x\n", ()),
        ("config: {ccc:region: cn-shanghai, ccc:endpoint: evil.example}\n", ("ccc:endpoint",)),
        ('config: {ccc:region: cn-shanghai, "ccc:endp\\x6fint": evil.example}\n', ("ccc:endpoint",)),
        ("x: &x {ccc:endpoint: e}\nconfig: {<<: *x, ccc:region: cn-shanghai}\n", ("ccc:endpoint", "x")),
        ("config: {ccc:region: x@evil.example/}\n", ("ccc:region",)),
        ("config: {ccc:region: cn-shanghai, ccc:region: evil}\n", ("cannot be read",)),
        (f"{SETTINGS}secretsprovider: awskms://x?endpoint=https://evil.example\n", ("secretsprovider",)),
        (f"{SETTINGS}environment: [x]\n", ("environment",)),
        (f"{SETTINGS}  ccc:rateBudgetUrl: redis://evil.example\n", ("ccc:rateBudgetUrl",)),
        (f"{SETTINGS}  ccc:profile: other\n", ("ccc:profile",)),
        (f"{SETTINGS}  alicloud:ecsRoleName: other\n", ("alicloud:ecsRoleName",)),
    ],
)
def test_settings_that_say_whom_we_talk_to_wait(
    repository: Repository, text: str, waits: tuple[str, ...]
) -> None:
    repository.write("stacks/Pulumi.acme.yaml", text)
    found = propose(repository.folder, proposed(repository)).waits_for
    assert found == tuple(f"stacks/Pulumi.acme.yaml: {key}" for key in waits)


def test_a_link_or_anything_else_that_is_not_a_file_is_refused(repository: Repository) -> None:
    for name, target in (("a-link.csv", "/etc/passwd"), ("a-folder", "..")):
        (repository.folder / "stacks" / name).symlink_to(target)
        commit = repository.commit()
        repository.git("switch", "-q", "main")
        proposal = propose(repository.folder, commit)
        with pytest.raises(FleetError, match=f"stacks/{name}: is a link; stacks/ holds only regular files"):
            take_stacks(repository.folder, proposal)
        assert (repository.folder / "stacks/acme.yaml").read_text() == ACME, "nothing was taken"
        repository.git("switch", "-q", "proposed")
        (repository.folder / "stacks" / name).unlink()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("stacks/.gitattributes", "begins with a dot"),
        ("stacks/.hidden/x.yaml", "begins with a dot"),
        ("stacks/Pulumi.a\nenvironment=preview\n.yaml", "invisible characters"),
        ("stacks/\x1b[31m.csv", "invisible characters"),
        ("stacks/a\\b.csv", "a backslash"),
        (os.fsdecode(b"stacks/\xff.csv"), "invisible characters"),
    ],
)
def test_a_name_that_could_mislead_is_refused(repository: Repository, path: str, why: str) -> None:
    repository.write(path, "x")
    proposal = propose(repository.folder, proposed(repository))
    with pytest.raises(FleetError, match=why) as refused:
        take_stacks(repository.folder, proposal)
    assert str(refused.value).isprintable()


def test_a_submodule_is_refused(repository: Repository) -> None:
    commit = repository.git("rev-parse", "main")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},stacks/sub")
    repository.git("commit", "-q", "-m", "Propose")
    head = repository.git("rev-parse", "HEAD")
    repository.git("switch", "-q", "main")
    proposal = propose(repository.folder, head)
    with pytest.raises(FleetError, match="stacks/sub: is a submodule"):
        take_stacks(repository.folder, proposal)


def test_a_tree_that_leads_out_of_its_folder_is_refused(repository: Repository) -> None:
    """Git's own commands do not make such a tree; a forge takes it from whoever does."""
    git = repository.git
    blob = git("rev-parse", "main:stacks/acme.yaml")
    entry = bytes.fromhex(blob)
    inner = _object(repository, "tree", b"100644 ..\0" + entry + b"100644 acme.yaml\0" + entry)
    outer = _object(repository, "tree", b"40000 stacks\0" + bytes.fromhex(inner))
    commit = git("commit-tree", outer, "-p", "main", "-m", "x")
    git("switch", "-q", "main")
    with pytest.raises(FleetError, match=r"begins with a dot|cannot be merged"):
        take_stacks(repository.folder, propose(repository.folder, commit))


def test_a_file_too_large_to_be_meant_is_refused(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ccc_numbers.fleet.gitops.proposal._LARGEST", 100)
    repository.write("stacks/large.csv", "x" * 101)
    proposal = propose(repository.folder, proposed(repository))
    with pytest.raises(FleetError, match=r"stacks/large\.csv: too large"):
        take_stacks(repository.folder, proposal)


def test_the_proposals_own_checkout_is_refused(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """A job on `pull_request` checks out the pull request itself: nothing would seem to be changed."""
    repository.write("__main__.py", "evil")
    commit = repository.commit("Propose")
    assert run(repository, commit) == 2
    assert "is part of this checkout, so its own code runs here" in capsys.readouterr().err


def test_a_conflict_is_named(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write("stacks/acme.yaml", "instances: {theirs: {}}\n")
    commit = proposed(repository)
    repository.write("stacks/acme.yaml", "instances: {ours: {}}\n")
    repository.commit("Meanwhile")
    assert run(repository, commit) == 2
    assert "conflicts with the default branch in stacks/acme.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("commit", ["main", "HEAD", "--upload-pack=touch x", "a" * 39, ""])
def test_only_a_full_id_is_taken(
    repository: Repository, capsys: pytest.CaptureFixture[str], commit: str
) -> None:
    assert main(["proposal", "--project", str(repository.folder), "--", commit]) == 2
    assert "is not a commit's full id" in capsys.readouterr().err


def test_a_project_in_a_folder_of_its_repository(tmp_path: Path) -> None:
    whole = Repository.new(tmp_path)
    whole.write("calls/Pulumi.yaml", "name: fleet\n")
    whole.write("calls/stacks/Pulumi.acme.yaml", SETTINGS)
    whole.commit()
    whole.git("switch", "-q", "-c", "proposed")
    whole.write("calls/stacks/acme.yaml", ACME)
    whole.write("components/x.py", "")
    commit = proposed(whole)
    proposal = propose(tmp_path / "calls", commit)
    assert proposal.waits_for == ("/components/x.py",)
    take_stacks(tmp_path / "calls", proposal)
    assert (tmp_path / "calls/stacks/acme.yaml").read_text() == ACME


def test_the_token_is_in_no_argument_and_in_no_file(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, seen = tmp_path / "bin" / "git", tmp_path / "seen"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" "$GIT_CONFIG_KEY_0" "$GIT_CONFIG_VALUE_0" > {seen}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    before = (repository.folder / ".git/config").read_text()
    actions = {**os.environ, "GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "of the step"}
    fetch(repository.folder, "a" * 40, actions)
    words, key, value = seen.read_text().splitlines()
    assert words.endswith(f"fetch --quiet --no-tags --no-recurse-submodules origin {'a' * 40}")
    secret = base64.b64encode(b"x-access-token:of the step").decode()
    assert (key, value) == ("http.https://github.com/.extraheader", f"Authorization: basic {secret}")
    assert secret not in words
    assert (repository.folder / ".git/config").read_text() == before
    fetch(repository.folder, "a" * 40, {**os.environ, "GITHUB_TOKEN": "of somebody's shell"})
    assert seen.read_text().splitlines()[1:] == ["", ""]


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, True),
        ({"action": "update", "oldrev": "a" * 40}, True),
        ({"action": "update"}, False),
        ({"action": "close"}, False),
        ({"source_project_id": 99}, False),
        ({"source_project_id": None}, False),
        ({"target_branch": "other"}, False),
        ({"target_project_id": 99, "source_project_id": 99}, False),
    ],
)
def test_which_events_of_gitlab_are_worth_a_preview(
    tmp_path: Path, change: dict[str, object], taken: bool
) -> None:
    attributes = {**EVENT, **change}
    file = tmp_path / "event"
    file.write_text(json.dumps({"object_kind": "merge_request", "object_attributes": attributes}))
    found = read_event(file, {"CI_PROJECT_ID": "12", "CI_DEFAULT_BRANCH": "main"})
    assert (found is not None) is taken


def test_an_event_of_something_else_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "event"
    file.write_text('{"object_kind": "push"}')
    assert main(["proposal", "--event", str(file), "-o", "gitlab", "--project", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "is not the event of a merge request" in said
    assert said.count("\n") == 1


def _object(repository: Repository, kind: str, content: bytes) -> str:
    file = repository.folder.parent / "object"
    file.write_bytes(content)
    return repository.git("hash-object", "--literally", "-t", kind, "-w", str(file))
