"""A stack whose secrets are kept by a key management service: no passphrase anywhere, and nothing without the key."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from tests.gitops.fleet import Fleet, seed
from tests.gitops.services import object_store
from tests.support import worlds
from tests.support.simulator import Simulator, start_simulator

_KEYS = {"AWS_ACCESS_KEY_ID": "runner", "AWS_SECRET_ACCESS_KEY": "runner"}
NUMBERS = worlds.numbers(2)


@dataclass
class Kept:
    """A fleet of one stack whose secrets are kept by a key."""

    fleet: Fleet
    ccc: Simulator


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with start_simulator(seed({"acme": NUMBERS})) as ccc, object_store() as state:
        endpoint = state.partition("endpoint=")[2].partition("&")[0]
        service = boto3.client(
            "kms",
            region_name="us-east-1",
            endpoint_url=endpoint,
            aws_access_key_id="admin",
            aws_secret_access_key="admin",
        )
        key = str(service.create_key()["KeyMetadata"]["KeyId"])
        fleet = Fleet.new(tmp_path, PULUMI_BACKEND_URL=state, AWS_ENDPOINT_URL_KMS=endpoint, **_KEYS)
        del fleet.environment["PULUMI_CONFIG_PASSPHRASE"]
        fleet.stack("acme", ccc.url, {number: {} for number in NUMBERS})
        words = ("stack", "init", "acme", "--secrets-provider", f"awskms://{key}?region=us-east-1")
        assert fleet.pulumi(*words).returncode == 0
        yield Kept(fleet, ccc)


def test_a_stack_with_a_key_in_a_kms_needs_no_passphrase(kept: Kept) -> None:
    done = kept.fleet.run("apply", "acme")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(kept.ccc.numbers("acme")) == NUMBERS
    words = ("config", "set", "--secret", "ccc-numbers:note", "between us", "--stack", "acme")
    assert kept.fleet.pulumi(*words).returncode == 0
    assert "between us" not in (kept.fleet.folder / "stacks/Pulumi.acme.yaml").read_text("utf-8")
    assert kept.fleet.pulumi("config", "get", "ccc-numbers:note", "--stack", "acme").stdout == "between us\n"
    state = json.loads(kept.fleet.pulumi("stack", "export", "--stack", "acme").stdout)
    assert state["deployment"]["secrets_providers"]["type"] == "cloud"


def test_a_stack_whose_key_cannot_be_reached_changes_nothing_and_says_why(kept: Kept) -> None:
    done = kept.fleet.run("apply", "acme", AWS_ENDPOINT_URL_KMS="http://127.0.0.1:1")
    assert done.returncode != 0
    assert kept.ccc.numbers("acme") == {}
    told = done.stdout + done.stderr
    assert "Traceback" not in told
    said = "the key of this stack's secrets (secretsprovider) cannot be used: error KMS: Decrypt"
    assert said in told, told
    assert "connection refused" in told
