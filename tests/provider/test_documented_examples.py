"""The examples of the schema's resources: three languages that declare the same, with inputs that the schema has."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from ccc_numbers.provider.resources import MODULES
from components import resources as classes
from tests.support.stack import ROOT
from tools import languages
from tools.layout import Checkout

EXAMPLES = ROOT / "docs" / "examples" / "resources"
SCHEMA: dict[str, Any] = json.loads((ROOT / "ccc_numbers/provider/schema.json").read_text("utf-8"))
Declared = tuple[str, dict[str, Any]]
STUB = """
const made = (type) => class { constructor(name, properties) { console.log(JSON.stringify([type, name, properties])); } };
module.exports = new Proxy({}, { get: (_, type) => made(type) });
"""


def in_yaml(resource: str) -> Declared:
    (key, each), *_ = yaml.safe_load((EXAMPLES / f"{resource}.yaml").read_text("utf-8"))["resources"].items()
    assert each["type"] == f"ccc:{resource}"
    return each.get("name", key), each["properties"]


def in_typescript(resource: str, folder: Path) -> Declared:
    """As node runs it: these examples have no types, so they are JavaScript but for the words of modules."""
    text = (EXAMPLES / f"{resource}.ts").read_text("utf-8")
    text = text.replace('import * as ccc from "@pulumi/ccc";', 'const ccc = require("./ccc.js");')
    (folder / "ccc.js").write_text(STUB, "utf-8")
    (folder / "index.js").write_text(re.sub(r"^export ", "", text, flags=re.MULTILINE), "utf-8")
    done = subprocess.run(
        [languages.node(Checkout(ROOT)) / "node", "index.js"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    kind, name, properties = json.loads(done.stdout)
    assert kind == resource
    return name, properties


def in_python(resource: str, monkeypatch: pytest.MonkeyPatch) -> Declared:
    said: list[Declared] = []

    def remember(self: object, kind: str, name: str, inputs: dict[str, Any], opts: object = None) -> None:
        assert kind == f"ccc:index:{resource}"
        said.append((name, {key: value for key, value in inputs.items() if value is not None}))

    monkeypatch.setattr(pulumi.CustomResource, "__init__", remember)
    monkeypatch.setattr(pulumi, "export", lambda *_: None)
    monkeypatch.setattr(classes.PhoneNumber, "status", None, raising=False)
    monkeypatch.setitem(sys.modules, "ccc_numbers.components", sys.modules["components"])
    monkeypatch.setitem(sys.modules, "ccc_numbers.components.resources", classes)
    runpy.run_path(str(EXAMPLES / f"{resource}.py"))
    (one,) = said
    return one


@pytest.mark.parametrize("token", MODULES)
def test_the_three_languages_declare_the_same(
    token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = token.rpartition(":")[2]
    wanted = in_yaml(resource)
    assert in_typescript(resource, tmp_path) == wanted
    assert in_python(resource, monkeypatch) == wanted


@pytest.mark.parametrize("token", SCHEMA["resources"])
def test_an_example_has_the_inputs_of_the_schema(token: str) -> None:
    resource, described = token.rpartition(":")[2], SCHEMA["resources"][token]
    _, properties = in_yaml(resource)
    assert properties.keys() <= described["inputProperties"].keys()
    assert set(described.get("requiredInputs", [])) <= properties.keys()
    for language in ("typescript", "python", "yaml"):
        assert f"```{language}\n" in described["description"]


def test_the_registrys_page_shows_the_same_example() -> None:
    page = (ROOT / "docs" / "_index.md").read_text("utf-8")
    for language, suffix in (("typescript", "ts"), ("python", "py"), ("yaml", "yaml")):
        assert f"```{language}\n{(EXAMPLES / f'PhoneNumber.{suffix}').read_text('utf-8')}```" in page
