"""Stand-ins for other people's actions, which act cannot fetch here: `python -m tests.gitops.actions NAME` is a job's step.

Each takes the inputs it names and gets the run it belongs to as RunFacts; any other input is one that act does not hand on.
"""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

from tests.gitops.clone import ROOT, check_out

Inputs = Mapping[str, str]


@dataclass(frozen=True)
class RunFacts:
    """What a stand-in knows of its run; `artifacts` are all runs' by number, `of_a_fork` is whether a fork wrote it."""

    bare: str
    commit: str
    artifacts: str
    of_a_fork: bool

    def variable(self) -> dict[str, str]:
        """The variable that hands it to `main`."""
        return {"REHEARSAL_RUN": json.dumps(asdict(self))}


def _checkout(run: RunFacts, given: Inputs) -> None:
    assert given["persist-credentials"] == "false", "a checkout that leaves its token behind"
    check_out(Path(run.bare), run.commit, Path.cwd(), 0 if given["fetch-depth"] == "0" else 1)
    # What `make tools` does in a clone: its own packages are the ones that are imported.
    _export(PYTHONPATH=os.pathsep.join(filter(None, (str(Path.cwd()), os.environ["JOB_PYTHONPATH"]))))


def _become(run: RunFacts, given: Inputs) -> None:
    """Exchanges the identity that GitHub would give this job for keys of a role."""
    # Takes as long to import as all the rest here takes to run, and only this one needs it.
    from tests.gitops.cloud import AUDIENCE, STS, id_token

    if "id-token:write" not in os.environ["JOB_PERMISSIONS"].split() or run.of_a_fork:
        sys.exit("no identity")
    query = {
        "Action": "AssumeRoleWithOIDC",
        "OIDCProviderArn": given["oidc-provider-arn"],
        "RoleArn": given["role-to-assume"],
        "OIDCToken": id_token({"sub": _subject(), "aud": given["audience"] or AUDIENCE}),
    }
    trust = ssl.create_default_context(cafile=os.environ["ALIBABA_CLOUD_CA_BUNDLE"])
    opener = build_opener(ProxyHandler({"https": os.environ["HTTPS_PROXY"]}), HTTPSHandler(context=trust))
    try:
        with opener.open(f"https://{STS}/?{urlencode(query)}", timeout=30) as answer:
            keys = json.load(answer)["Credentials"]
    except HTTPError as error:
        sys.exit(json.load(error)["Message"])
    _export(
        ALIBABA_CLOUD_ACCESS_KEY_ID=keys["AccessKeyId"],
        ALIBABA_CLOUD_ACCESS_KEY_SECRET=keys["AccessKeySecret"],
        ALIBABA_CLOUD_SECURITY_TOKEN=keys["SecurityToken"],
    )


def _subject() -> str:
    """The `sub` of the job's identity."""
    repository = f"repo:{os.environ['GITHUB_REPOSITORY']}"
    if environment := os.environ["JOB_ENVIRONMENT"]:
        return f"{repository}:environment:{environment}"
    if os.environ["GITHUB_EVENT_NAME"] == "pull_request":
        return f"{repository}:pull_request"
    return f"{repository}:ref:{os.environ['GITHUB_REF']}"


def _upload(run: RunFacts, given: Inputs) -> None:
    if Path(given["path"]).is_dir():
        shutil.copytree(given["path"], Path(run.artifacts, os.environ["GITHUB_RUN_ID"], given["name"]))
    else:
        print(f"No files were found with the provided path: {given['path']}")


def _download(run: RunFacts, given: Inputs) -> None:
    kept = Path(run.artifacts, given["run-id"] or os.environ["GITHUB_RUN_ID"])
    if name := given["name"]:
        if not (kept / name).is_dir():
            sys.exit(f"no artifact {name}")
        shutil.copytree(kept / name, given["path"], dirs_exist_ok=True)
        return
    for found in kept.iterdir() if kept.is_dir() else []:
        if fnmatch.fnmatch(found.name, given["pattern"]):
            shutil.copytree(found, Path(given["path"], found.name))


def _export(**variables: str) -> None:
    with Path(os.environ["GITHUB_ENV"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in variables.items())


_ACTIONS: Mapping[str, tuple[Callable[[RunFacts, Inputs], None] | None, tuple[str, ...]]] = {
    # Where there is no function, what the action brings is here already.
    "actions/cache": (None, ("path", "key")),
    "actions/checkout": (_checkout, ("persist-credentials", "fetch-depth")),
    "actions/download-artifact": (_download, ("name", "pattern", "path", "run-id", "github-token")),
    "actions/setup-python": (None, ("python-version",)),
    "actions/upload-artifact": (_upload, ("name", "path", "retention-days")),
    "aliyun/configure-aliyun-credentials-action": (
        _become,
        ("role-to-assume", "oidc-provider-arn", "role-session-name", "audience"),
    ),
}


def local_repository(folder: Path, used: str) -> str:
    """Puts the stand-in for an action (`owner/name@ref`) into the folder; what act's --local-repository wants to hear."""
    name = used.partition("@")[0]
    function, inputs = _ACTIONS[name]
    python = (
        f"JOB_PYTHONPATH=$PYTHONPATH PYTHONPATH={ROOT} {sys.executable} -P -m tests.gitops.actions {name}"
    )
    step = {
        "run": python if function else "true",
        "shell": "bash",
        "env": {"INPUTS": "${{ toJSON(inputs) }}"},
    }
    action = {
        "name": name,
        "inputs": {each: {"default": ""} for each in inputs},
        "runs": {"using": "composite", "steps": [step]},
    }
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "action.yml").write_text(json.dumps(action), "utf-8")
    return f"{used}={folder / name}"


def _main(name: str) -> None:
    function, _ = _ACTIONS[name]
    assert function
    function(RunFacts(**json.loads(os.environ["REHEARSAL_RUN"])), json.loads(os.environ["INPUTS"]))


if __name__ == "__main__":
    _main(sys.argv[1])
