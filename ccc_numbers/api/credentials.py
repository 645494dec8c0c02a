"""Access keys, from where Alibaba Cloud's tools look for them; never from configuration or state.

The chain of `alibabacloud_credentials` reads its variables when it is imported, and its import costs more than
half a second: it is only imported when the environment names no plain keys.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ccc_numbers.api.errors import ConfigError, redacted

_KEY_ID = "ALIBABA_CLOUD_ACCESS_KEY_ID"
_KEY_SECRET = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
_TOKEN = "ALIBABA_CLOUD_SECURITY_TOKEN"
ROLE_ARN = "ALIBABA_CLOUD_ROLE_ARN"
OIDC_PROVIDER = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
OIDC_TOKEN_FILE = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
_PROFILE = "ALIBABA_CLOUD_PROFILE"
_SIMULATOR = "simulator"

_WAYS = (
    f"no credentials for Alibaba Cloud: set {_KEY_ID} and {_KEY_SECRET}, or run `aliyun configure` (a profile, "
    f"chosen by {_PROFILE}), or an OIDC role ({ROLE_ARN}, {OIDC_PROVIDER}, {OIDC_TOKEN_FILE}), "
    "or a RAM role of the ECS instance"
)

# How long a key from the chain is used without asking the chain again; it renews its own well before they end.
_FRESH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Keys:
    """An access key, and the STS token that makes a temporary one complete. Only the id may be shown, hashed."""

    id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> str:
        """12 hex digits that tell keys apart without telling the key. All temporary keys count as one: each
        session has its own, and the sessions of one account have to share its quota."""
        if self.token:
            return "sts"
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]


class Credentials(Protocol):
    """Where keys come from. May block, on files and on the network; called from worker threads."""

    def current(self) -> Keys:
        """The keys to sign with now; ConfigError when there are none."""


class FixedKeys:
    """Keys that do not change while this process runs."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def current(self) -> Keys:
        return self._keys


class ChainKeys:
    """The SDKs' default chain: OIDC, CLI profile, credentials file, ECS role, credentials URI."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._lock = threading.Lock()
        self._chain: _Chain | None = None
        self._keys: Keys | None = None
        self._until = 0.0

    def current(self) -> Keys:
        with self._lock:
            if self._keys is None or time.monotonic() >= self._until:
                self._keys = self._ask()
                self._until = time.monotonic() + _FRESH_SECONDS
            return self._keys

    def _ask(self) -> Keys:
        self._check_oidc()
        try:
            if self._chain is None:
                self._chain = _default_chain()
            found = self._chain.get_credential()
        # The chain raises whatever its parts do: files, JSON, sockets, its own.
        except Exception as error:  # noqa: BLE001
            raise ConfigError(self._why(str(error))) from None
        if not found.access_key_id or not found.access_key_secret:
            raise ConfigError(_WAYS)
        return Keys(found.access_key_id, found.access_key_secret, found.security_token or None)

    def _check_oidc(self) -> None:
        """A pipeline's variable that nobody has set arrives as an empty text: the chain would look elsewhere."""
        if not self._environ.get(OIDC_TOKEN_FILE):
            return
        empty = [name for name in (ROLE_ARN, OIDC_PROVIDER) if not self._environ.get(name)]
        if empty:
            raise ConfigError(
                f"{OIDC_TOKEN_FILE} is set, but not {' and '.join(empty)}: in a pipeline, set the variable of "
                "yours that it is made of (docs/gitops.md)"
            )

    def _why(self, reason: str) -> str:
        """What the chain said about the one way that was configured; else all the ways there are."""
        if path := self._environ.get(OIDC_TOKEN_FILE):
            if message := re.search(r'"Message":\s*"([^"]*)"', reason):
                said = message.group(1)
            else:
                part = re.search(r"OIDCRoleArnCredentialsProvider: (.*?)(?:['\"], ['\"]|['\"]\]$|$)", reason)
                said = part.group(1) if part else reason
            return (
                f"the OIDC token in {path} was not taken for {self._environ.get(ROLE_ARN)}: {redacted(said)}"
            )
        if profile := self._environ.get(_PROFILE):
            part = re.search(r"CLIProfileCredentialsProvider: (.*?)(?:['\"], ['\"]|['\"]\]$|$)", reason)
            said = part.group(1) if part else reason
            return f"the profile {profile} ({_PROFILE}) gave no credentials: {redacted(said)}"
        return _WAYS


def find_credentials(
    *, loopback: bool, simulated: bool, environ: Mapping[str, str] | None = None
) -> Credentials:
    """Keys of the environment; the simulator's for the embedded one, and on loopback when there are no others."""
    environment = os.environ if environ is None else environ
    if simulated:
        return simulator_keys()
    key_id, secret = environment.get(_KEY_ID), environment.get(_KEY_SECRET)
    if key_id and secret:
        return FixedKeys(Keys(key_id, secret, environment.get(_TOKEN) or None))
    if key_id or secret:
        raise ConfigError(f"{_KEY_ID if secret else _KEY_SECRET} is not set, though its other half is")
    if loopback:
        return simulator_keys()
    return ChainKeys(environment)


def simulator_keys() -> Credentials:
    """Those of a simulator."""
    return FixedKeys(Keys(_SIMULATOR, _SIMULATOR))


def account_of(keys: Keys, environ: Mapping[str, str] | None = None) -> str:
    """A name for the account a quota belongs to: its uid where the role's ARN tells it, else the key's mark."""
    environment = os.environ if environ is None else environ
    uid = re.match(r"acs:ram::(\d+):", environment.get(ROLE_ARN, ""))
    return uid.group(1) if uid and keys.token else keys.fingerprint


class _Found(Protocol):
    access_key_id: str | None
    access_key_secret: str | None
    security_token: str | None


class _Chain(Protocol):
    def get_credential(self) -> _Found: ...


def _default_chain() -> _Chain:
    chain: _Chain = library("client").Client()
    return chain


def library(module: str) -> Any:
    """A module of `alibabacloud_credentials`, silenced."""
    found = importlib.import_module(f"alibabacloud_credentials.{module}")
    # It hangs a handler onto its own logger, which writes to stderr whatever the application wants.
    logger = logging.getLogger("credentials")
    logger.handlers.clear()
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return found
