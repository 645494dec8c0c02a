"""Refuses settings in Pulumi's own file of a stack: above all hosts that a run would reach.

Whoever can open a pull request can edit the file; the process that reads it holds the account's keys. The settings of
our own provider are for `ccc_numbers.api.settings` to decide, those of Pulumi and pulumi-alicloud are here. The program
refuses them before a provider starts: Pulumi writes a provider's settings into its logs.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ccc_numbers.api.endpoint import ALLOWED_HOSTS, ENDPOINT
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.settings import Settings
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem
from ccc_numbers.messages.yaml_document import Document, Plain

PROVIDER = "ccc:"

_VARIABLES = ("environment", "values", "environmentVariables")
_ALICLOUD = "alicloud:"
# Of pulumi-alicloud's settings, those that say where its signed requests or its keys come from and go to.
_ADDRESSES = frozenset(
    (
        *("endpoints", "fc", "logEndpoint", "mnsEndpoint", "protocol", "secureTransport"),
        *("credentialsUri", "sharedCredentialsFile", "assumeRoleWithOidc"),
    )
)
_REGION = re.compile(r"[a-z0-9-]+", re.ASCII)
_RULE = "reach"
# Settings that are read together: a role's name with its account, a profile with the role beside it.
_BESIDE = {"assumeRole": ("account",), "profile": ("assumeRole", "account")}


def refused_settings(document: Document, provider: Mapping[str, Plain], project: Path) -> Iterator[Problem]:
    """Settings of the file that are refused, each at its place; `provider` is the `ccc:` part without its prefix."""
    variables = document.at(_VARIABLES)
    if isinstance(variables, dict) and variables:
        message = tr(
            "a stack file sets no variables of the process that reads it; set them in the pipeline, or in an "
            "environment of Pulumi Cloud that the file imports by name"
        )
        yield Problem.at(document.key(_VARIABLES), ".".join(_VARIABLES), None, message, _RULE)
    config = document.at(("config",))
    for key, value in config.items() if isinstance(config, dict) else ():
        if refusal := _refusal(key, value):
            yield Problem.at(document.key(("config", key)), f"config.{key}", None, refusal, _RULE)
    yield from _provider_problems(document, provider, project)


def _provider_problems(document: Document, provider: Mapping[str, Plain], project: Path) -> Iterator[Problem]:
    """Only variables about hosts count: a wrong variable elsewhere does not make the file wrong."""
    environ = {name: os.environ[name] for name in (ENDPOINT, ALLOWED_HOSTS) if name in os.environ}
    for key in provider:
        said = {each: provider[each] for each in (key, *_BESIDE.get(key, ())) if each in provider}
        try:
            Settings.parse(said, environ=environ if key == "endpoint" else {}, base=project)
        except ConfigError as error:
            if key in _BESIDE and not str(error).startswith(f"{PROVIDER}{key}"):
                continue  # about the setting beside it, at whose own place it is said
            place = document.value(("config", PROVIDER + key))
            message = str(error).removeprefix(f"{PROVIDER}{key}").lstrip(".:").lstrip()
            yield Problem.at(place, f"config.{PROVIDER}{key}", None, message, "settings")


def _refusal(key: str, value: object) -> str | None:
    name = key.removeprefix(_ALICLOUD).partition(".")[0]
    if key.rpartition(":")[2] == "pluginDownloadURL":
        return tr("a stack file does not say where plugins are downloaded from; remove it")
    if key.startswith(_ALICLOUD) and name in _ADDRESSES:
        return tr(
            "a stack file does not say where pulumi-alicloud sends requests or finds keys; set it in the environment"
        )
    if key == f"{_ALICLOUD}region" and not (isinstance(value, str) and _REGION.fullmatch(value)):
        return tr("is not a region; it becomes part of the hosts pulumi-alicloud calls")
    return None
