"""The package schema, the plugin and the Python classes say the same."""

import asyncio
import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from ccc_numbers import __version__
from ccc_numbers.api.settings import Settings
from ccc_numbers.provider.functions import FUNCTIONS
from ccc_numbers.provider.plugin import Plugin
from ccc_numbers.provider.resources import MODULES
from components import resources as classes
from tests.support.stack import ROOT, environment

SCHEMA: dict[str, Any] = json.loads((ROOT / "ccc_numbers/provider/schema.json").read_text(encoding="utf-8"))
VALUES = {"string": "x", "array": ["x"], "boolean": True, "number": 1.0, "object": {"x": "y"}}


def test_every_resource_and_function_is_in_the_schema() -> None:
    components = {token for token, each in SCHEMA["resources"].items() if each.get("isComponent")}
    assert components == {"ccc:index:InstanceNumbers"}
    assert set(SCHEMA["resources"]) == {*MODULES, *components}
    assert set(SCHEMA["functions"]) == set(FUNCTIONS)
    assert SCHEMA["version"] == __version__


@pytest.mark.parametrize("token", MODULES)
def test_the_plugin_takes_the_inputs_the_schema_names(tmp_path: Path, token: str) -> None:
    """Each input as the schema has it is taken; another type, and a name that is not there, are refused."""
    plugin = Plugin(tmp_path, {}, None)
    plugin.configure({}, "")
    resource, described = plugin.resource(f"urn:pulumi:dev::p::{token}::x"), SCHEMA["resources"][token]

    def said_wrong(inputs: dict[str, Any]) -> str:
        return "\n".join(resource.check(plugin.run, {}, inputs))

    for name, each in described["inputProperties"].items():
        kind = each.get("type", "string")
        assert f'"{name}"' not in said_wrong({name: VALUES[kind]})
        for other in VALUES.keys() - {kind}:
            assert f'"{name}" must be a ' in said_wrong({name: VALUES[other]})
        assert (f'"{name}" is required' in said_wrong({})) is (name in described["requiredInputs"])
    for name in described["properties"].keys() - described["inputProperties"].keys() | {"nonsense"}:
        assert f'unknown property "{name}"' in said_wrong({name: "x"})


@pytest.mark.parametrize("token", MODULES)
def test_the_python_class_has_the_properties_of_the_schema(token: str) -> None:
    cls, described = getattr(classes, token.rsplit(":", 1)[-1]), SCHEMA["resources"][token]
    annotations = inspect.get_annotations(cls)
    assert annotations.keys() == described["properties"].keys()
    optional = {name for name, kind in annotations.items() if "None" in str(kind)}
    assert optional == annotations.keys() - set(described["required"])
    taken = inspect.signature(cls).parameters.values()
    required = {each.name.replace("_", "") for each in taken if each.default is each.empty}
    wanted = {"about"} if token.endswith("VendorOrder") else {*map(str.lower, described["requiredInputs"])}
    assert required == {"resourcename", *wanted}


def test_everything_is_described() -> None:
    def bare(node: object, path: str) -> list[str]:
        if not isinstance(node, dict):
            return []
        listed = {**(node.get("properties") or {}), **(node.get("inputProperties") or {})}
        found = [f"{path}/{key}" for key, each in listed.items() if "description" not in each]
        return found + [each for key, child in node.items() for each in bare(child, f"{path}/{key}")]

    assert bare({k: SCHEMA[k] for k in ("provider", "types", "resources")}, "") == []


def test_the_providers_settings_are_those_of_the_client() -> None:
    from ccc_numbers.api.settings import _ENVIRONMENT, _KEYS

    described = SCHEMA["provider"]["inputProperties"]
    assert set(described) == set(_KEYS)
    stand_ins = {
        key: each["defaultInfo"]["environment"] for key, each in described.items() if "defaultInfo" in each
    }
    assert stand_ins == {key: [variable] for key, variable in _ENVIRONMENT.items()}
    assert Settings.parse({})


def test_pulumi_accepts_the_schema_and_gets_it_from_the_plugin(tmp_path: Path) -> None:
    env = environment(tmp_path)
    checked = subprocess.run(
        ["pulumi", "schema", "check", "ccc_numbers/provider/schema.json"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    asked = subprocess.run(
        ["pulumi", "package", "get-schema", "./ccc_numbers/provider/pulumi-resource-ccc"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(asked.stdout)["resources"].keys() == SCHEMA["resources"].keys()


def test_an_unknown_type_or_function_is_refused_with_the_nearest(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, {}, None)
    with pytest.raises(Exception, match='did you mean "ccc:index:PhoneNumber"'):
        plugin.resource("urn:pulumi:dev::p::ccc:index:PhoneNumbr::x")


@pytest.mark.parametrize(
    "command", [["ccc_numbers/provider/pulumi-resource-ccc"], [sys.executable, "plugin"]]
)
async def test_the_plugin_serves_its_schema_however_it_is_started(command: list[str]) -> None:
    """The executable this project's engine runs, and the folder other projects add (`PulumiPlugin.yaml`)."""
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    try:
        port = int(await asyncio.wait_for(process.stdout.readline(), 30))
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            answer = await stub.GetSchema(provider_pb2.GetSchemaRequest(version=0))
    finally:
        process.terminate()
        await process.wait()
    assert json.loads(answer.schema) == SCHEMA
