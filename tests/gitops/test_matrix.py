"""`ccc-numbers matrix` on real repositories."""

import json
from pathlib import Path

import pytest
import yaml

from ccc_numbers.fleet.cli import main
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.matrix import Job, as_github, as_gitlab
from ccc_numbers.fleet.gitops.touched import Selection, TouchedStack, select
from tests.gitops.gitlab_rules import filled_in
from tests.gitops.repository import Repository

ACME = """\
catalogue: acme-prices.yaml
instances:
  acme-support:
    numbersFile: acme-numbers.csv
    contactFlows:
      夜间流程: {type: main, definition: flows/night.json}
orders:
  a-1:
    vendor: A
    materials: {script: materials/acme/script.docx}
"""
BETA = "instances:\n  beta:\n    contactFlows: {夜间流程: {definition: ./flows/day.json}}\n"
GAMMA = "instances:\n  gamma:\n    contactFlows: {夜间流程: {definition: flows/night.json}}\n"


@pytest.fixture
def fleet(tmp_path: Path) -> Repository:
    repository = Repository.new(tmp_path / "fleet")
    for path, text in {
        "Pulumi.yaml": "name: fleet\nruntime: python\nstackConfigDir: stacks\n",
        "__main__.py": "",
        "README.md": "",
        "stacks/Pulumi.acme.yaml": "config: {ccc:region: cn-shanghai}\n",
        "stacks/acme.yaml": ACME,
        "stacks/acme-numbers.csv": "number\n02180001001\n",
        "stacks/acme-prices.yaml": "products: []\n",
        "stacks/flows/night.json": "{}",
        "stacks/materials/acme/script.docx": "",
        "stacks/Pulumi.beta.yaml": "config: {ccc-numbers:declaration: customers/beta-numbers.yaml}\n",
        "stacks/customers/beta-numbers.yaml": BETA,
        "stacks/customers/flows/day.json": "{}",
        "stacks/Pulumi.gamma.yaml": "config: {ccc:simulatorSeed: stacks/gamma.seed.yaml}\n",
        "stacks/gamma.yaml": GAMMA,
        "stacks/gamma.seed.yaml": "instances: {}\n",
    }.items():
        repository.write(path, text)
    repository.commit("begin")
    return repository


def touched(repository: Repository, capsys: pytest.CaptureFixture[str], since: str = "HEAD") -> list[str]:
    code = main(["matrix", "--since", since, "-o", "list", "--project", str(repository.folder)])
    assert code == 0
    return capsys.readouterr().out.split()


@pytest.mark.parametrize(
    ("path", "stacks"),
    [
        ("stacks/acme.yaml", ["acme"]),
        ("stacks/Pulumi.acme.yaml", ["acme"]),
        ("stacks/acme-numbers.csv", ["acme"]),
        ("stacks/acme-prices.yaml", ["acme"]),
        ("stacks/materials/acme/script.docx", ["acme"]),
        ("stacks/flows/night.json", ["acme", "gamma"]),
        ("stacks/customers/flows/day.json", ["beta"]),
        ("stacks/customers/beta-numbers.yaml", ["beta"]),
        ("stacks/gamma.seed.yaml", ["gamma"]),
        ("components/program.py", ["acme", "beta", "gamma"]),
        ("requirements.lock", ["acme", "beta", "gamma"]),
        ("requirements.txt", ["acme", "beta", "gamma"]),
        ("plugin/pulumi-resource-ccc", ["acme", "beta", "gamma"]),
        ("__main__.py", ["acme", "beta", "gamma"]),
        ("README.md", []),
        ("ccc_numbers/fleet/commands/drift.py", []),
        ("stacks/new-and-named-nowhere.csv", []),
    ],
)
def test_a_changed_file_touches_the_stacks_that_use_it(
    fleet: Repository, capsys: pytest.CaptureFixture[str], path: str, stacks: list[str]
) -> None:
    before = (fleet.folder / path).read_text("utf-8") if (fleet.folder / path).exists() else ""
    fleet.write(path, f"{before}\n")
    assert touched(fleet, capsys) == stacks


def test_a_deleted_file_counts_for_who_referred_to_it_before(
    fleet: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (fleet.folder / "stacks/acme-prices.yaml").unlink()
    assert touched(fleet, capsys) == ["acme"]


def test_what_others_did_on_main_meanwhile_is_no_change_of_ours(
    fleet: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.git("switch", "-q", "-c", "branch")
    fleet.write("stacks/gamma.yaml", "instances: {gamma: {}}\n")
    fleet.commit()
    fleet.git("switch", "-q", "main")
    fleet.write("stacks/acme.yaml", f"{ACME}\n")
    fleet.commit()
    fleet.git("switch", "-q", "branch")
    assert touched(fleet, capsys, "main") == ["gamma"]


def test_a_renamed_stack_is_touched_and_its_old_name_is_mourned(
    fleet: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.git("mv", "stacks/Pulumi.gamma.yaml", "stacks/Pulumi.delta.yaml")
    fleet.git("mv", "stacks/gamma.yaml", "stacks/delta.yaml")
    fleet.commit()
    assert main(["matrix", "--since", "HEAD~", "--project", str(fleet.folder)]) == 0
    said = capsys.readouterr()
    assert [row["stack"] for row in json.loads(said.out)["include"]] == ["delta"]
    advice = "stack gamma is delta now, with the same instances"
    assert advice in said.err
    assert said.err.rstrip().endswith("pulumi stack rename delta --stack gamma")
    assert "destroy" not in said.err

    # Its instances in the file of another stack that was there before.
    fleet.git("rm", "-q", "stacks/Pulumi.delta.yaml", "stacks/delta.yaml")
    fleet.write("stacks/acme.yaml", ACME.replace("instances:", "instances:\n  gamma: {numbers: {}}", 1))
    fleet.commit()
    assert main(["matrix", "--since", "HEAD~", "--project", str(fleet.folder)]) == 0
    said = capsys.readouterr()
    assert "stack delta is no longer here, and acme declares its instances" in said.err
    assert "destroy" not in said.err


def test_a_file_that_cannot_be_read_is_touched_by_anything_beside_it(
    fleet: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.write("stacks/gamma.yaml", "instances: {gamma: [\n")
    fleet.commit()
    fleet.write("stacks/whatever.csv", "number\n")
    assert touched(fleet, capsys) == ["gamma"]


def test_a_project_in_a_folder_of_its_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository = Repository.new(tmp_path)
    repository.write("calls/Pulumi.yaml", "name: fleet\n")
    repository.write("calls/stacks/Pulumi.acme.yaml", "config: {}\n")
    repository.write("calls/stacks/acme.yaml", ACME)
    repository.commit()
    repository.write("calls/stacks/acme-numbers.csv", "number\n")
    repository.write("elsewhere/components/x.py", "")
    assert touched(Repository(tmp_path / "calls"), capsys) == ["acme"]


def test_file_names_in_chinese(fleet: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    fleet.write("stacks/gamma.yaml", "instances: {g: {numbersFile: 号码.csv}}\n")
    fleet.commit()
    fleet.write("stacks/号码.csv", "number\n")
    assert touched(fleet, capsys) == ["gamma"]


def test_the_github_matrix_goes_to_the_outputs_of_the_step(
    fleet: Repository,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    fleet.write("stacks/acme-numbers.csv", "number\n")
    assert main(["matrix", "--since", "HEAD", "--project", str(fleet.folder)]) == 0
    matrix = {"include": [{"stack": "acme", "reason": "stacks/acme-numbers.csv"}]}
    assert json.loads(capsys.readouterr().out) == matrix
    outputs = dict(line.split("=", 1) for line in (tmp_path / "outputs").read_text().splitlines())
    assert json.loads(outputs.pop("matrix")) == matrix
    assert outputs == {"count": "1", "stacks": "acme", "removed": ""}


def test_the_gitlab_child_pipeline_has_a_job_per_stack(
    fleet: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["matrix", "acme", "beta", "-o", "gitlab", "--job", "deploy", "--project", str(fleet.folder)]
    assert main(words) == 0
    pipeline = yaml.safe_load(capsys.readouterr().out)
    assert pipeline["include"] == [{"local": "/pipelines/gitlab/stacks.yml"}]
    assert pipeline["plan acme"]["extends"] == ".ccc-numbers:plan"
    assert pipeline["apply beta"]["variables"]["STACK"] == "beta"
    assert pipeline["apply beta"]["needs"] == ["plan beta"]
    assert pipeline["workflow"] == {"auto_cancel": {"on_new_commit": "none"}}


def test_a_file_named_like_a_variable_shows_no_variable_on_gitlab() -> None:
    """GitLab fills in a variable's value: `stacks/$PULUMI_CONFIG_PASSPHRASE.csv` would put the secret into the note."""
    selection = Selection((TouchedStack("acme", "stacks/$GITLAB_TOKEN.csv"),))
    job = yaml.safe_load(as_gitlab(selection, Job.PREVIEW, "/x.yml", {"WAITS": "$SECRET"}))["preview acme"]
    shown = filled_in({**job["variables"], "GITLAB_TOKEN": "secret", "SECRET": "secret"})
    assert (shown["REASON"], shown["WAITS"]) == ("stacks/$GITLAB_TOKEN.csv", "$SECRET")


@pytest.mark.parametrize(
    ("job", "jobs"),
    [("preview", ["include", "comment"]), ("deploy", ["include", "workflow", "no stack concerned"])],
)
def test_gitlab_gets_a_job_even_when_there_is_nothing_to_do(
    fleet: Repository, capsys: pytest.CaptureFixture[str], job: str, jobs: list[str]
) -> None:
    """A preview's is the one that corrects the note of an earlier push."""
    words = ["matrix", "--since", "HEAD", "-o", "gitlab", "--job", job, "--project", str(fleet.folder)]
    assert main(words) == 0
    assert list(yaml.safe_load(capsys.readouterr().out)) == jobs


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "nowhere"], '"nowhere" is not in this clone; fetch it (GitHub: fetch-depth: 0'),
        (["--since", "d" * 40], "is not in this clone"),
        (["--since", "--output=/etc/passwd"], "is not a revision"),
        ([], "say which stacks: --since REV, --all, or their names"),
        (["--all", "--since", "HEAD"], "say which stacks"),
        (["acm"], 'no stack "acm"; did you mean "acme"?'),
    ],
)
def test_a_mistake_is_one_line(
    fleet: Repository, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["matrix", *words, "--project", str(fleet.folder)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_branchs_first_push_has_nothing_before_it_and_touches_all(
    fleet: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["matrix", "--all", "-o", "list", "--project", str(fleet.folder)]) == 0
    everything = capsys.readouterr().out
    assert everything
    assert main(["matrix", "--since", "0" * 40, "-o", "list", "--project", str(fleet.folder)]) == 0
    assert capsys.readouterr().out == everything


def test_no_repository_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    assert main(["matrix", "--since", "HEAD", "--project", str(tmp_path)]) == 2
    assert "not a git repository" in capsys.readouterr().err


def test_a_shallow_clone_says_what_to_fetch(
    fleet: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = fleet.git("rev-parse", "HEAD")
    fleet.write("README.md", "more")
    fleet.commit()
    fleet.git("clone", "-q", "--depth=1", f"file://{fleet.folder}", str(tmp_path / "shallow"))
    assert main(["matrix", "--since", first, "--project", str(tmp_path / "shallow")]) == 2
    assert "fetch-depth: 0" in capsys.readouterr().err


def test_more_stacks_than_github_takes_are_refused_by_us() -> None:
    many = Selection(tuple(TouchedStack(f"s{index}", "all stacks") for index in range(257)))
    with pytest.raises(FleetError, match="257 stacks, and GitHub runs at most 256 jobs"):
        as_github(many)


def test_aliases_are_followed_once() -> None:
    bomb = "x-a: &a [f.csv]\n" + "".join(
        f"x-{each}: &{each} [*{last}, *{last}, *{last}, *{last}]\n"
        for last, each in zip("abcdefghijklmnopqrs", "bcdefghijklmnopqrst", strict=True)
    )
    texts = {"stacks/Pulumi.a.yaml": "", "stacks/a.yaml": bomb}
    assert select(frozenset({"stacks/f.csv"}), texts, {}).touched == (TouchedStack("a", "stacks/f.csv"),)


def test_a_job_has_the_account_and_roles_its_stack_names(
    fleet: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.write(
        "stacks/Pulumi.acme.yaml",
        'config: {ccc:account: "1570000000000002", ccc:assumeRole: {role: ccc-deploy, readRole: ccc-drift, externalId: hush}}\n',
    )
    words = ["matrix", "acme", "beta", "--project", str(fleet.folder)]
    assert main(words) == 0
    said = capsys.readouterr().out
    arn = "acs:ram::1570000000000002:role/ccc-"
    assert json.loads(said)["include"] == [
        {
            "stack": "acme",
            "reason": "asked for",
            "account": "1570000000000002",
            "role": f"{arn}deploy",
            "readRole": f"{arn}drift",
        },
        {"stack": "beta", "reason": "asked for"},
    ]
    assert main([*words, "-o", "gitlab", "--job", "deploy"]) == 0
    jobs = capsys.readouterr().out
    assert yaml.safe_load(jobs)["apply acme"]["variables"]["ROLE"] == f"{arn}deploy"
    assert "hush" not in said + jobs
