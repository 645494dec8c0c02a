"""Access keys, from where Alibaba Cloud's tools look for them; never from configuration or state.

`alibabacloud_credentials` reads its variables when it is imported, which takes more than half a second: it is only
imported when the environment has no plain keys.
"""

import hashlib
import importlib
import logging
import os
import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from ccc_numbers.api.errors import ConfigError, redacted
from ccc_numbers.messages.language import tr

_KEY_ID = "ALIBABA_CLOUD_ACCESS_KEY_ID"
_KEY_SECRET = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
_TOKEN = "ALIBABA_CLOUD_SECURITY_TOKEN"
ROLE_ARN = "ALIBABA_CLOUD_ROLE_ARN"
OIDC_PROVIDER = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
OIDC_TOKEN_FILE = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
_PROFILE = "ALIBABA_CLOUD_PROFILE"


@dataclass(frozen=True, slots=True)
class Keys:
    """An access key, and the STS token of a temporary one. Only the id may be shown, hashed."""

    id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> str:
        """12 hex digits that distinguish keys without showing them. All temporary keys count as one: each
        session has its own, and the sessions of one account have to share its quota."""
        if self.token:
            return "sts"
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]


class Credentials(Protocol):
    """Where keys come from. May block, on files and on the network; called from worker threads."""

    def current(self) -> Keys:
        """The keys to sign with now; ConfigError when there are none."""

    def ended(self, keys: Keys) -> None:
        """CCC no longer takes these keys: `current` asks for others, where there can be any."""


class FixedKeys:
    """Keys that do not change while this process runs."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def current(self) -> Keys:
        return self._keys

    def ended(self, keys: Keys) -> None:
        """There are no others."""


SIMULATOR_KEYS = FixedKeys(Keys("simulator", "simulator"))


class LibraryKeys(ABC):
    """Keys of a provider of the library, which is made when they are first asked for and renews them in time."""

    fresh_seconds: ClassVar[float] = 0.0
    """How long keys are used before the provider is asked again."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._lock = threading.Lock()
        self._provider: Any = None
        self._keys: Keys | None = None
        self._until = 0.0

    def current(self) -> Keys:
        with self._lock:
            if self._keys is None or time.monotonic() >= self._until:
                self._keys = self._ask()
                self._until = time.monotonic() + self.fresh_seconds
            return self._keys

    def ended(self, keys: Keys) -> None:
        """Begin again with a new provider, unless another thread has done so."""
        with self._lock:
            if self._keys == keys:
                self._keys = self._provider = None

    def _ask(self) -> Keys:
        try:
            if self._provider is None:
                self._provider = self._make()
            found = self._provider.get_credentials()
            keys = found.get_access_key_id(), found.get_access_key_secret()
            if not all(keys):
                raise ValueError(tr("the answer has no keys"))
        except ConfigError:
            raise
        # The library raises whatever its parts do: files, JSON, sockets, its own.
        except Exception as error:  # noqa: BLE001
            raise ConfigError(self._reason(str(error))) from None
        return Keys(*keys, found.get_security_token() or None)

    @abstractmethod
    def _make(self) -> Any:
        """The provider. Raises ConfigError."""

    @abstractmethod
    def _reason(self, error: str) -> str:
        """Why there are no keys: one line for the user, from the library's words."""


class ChainKeys(LibraryKeys):
    """The SDKs' default chain: OIDC, CLI profile, credentials file, ECS role, credentials URI."""

    fresh_seconds = 10.0

    def _make(self) -> Any:
        # A pipeline's variable that nobody has set arrives as an empty text: the chain would look elsewhere.
        empty = [name for name in (ROLE_ARN, OIDC_PROVIDER) if not self._environ.get(name)]
        if empty and self._environ.get(OIDC_TOKEN_FILE):
            raise ConfigError(
                tr(
                    "{variable} is set, but not {empty}: in a pipeline, set the variable of yours that it is made of "
                    "(docs/gitops.md)",
                    variable=OIDC_TOKEN_FILE,
                    empty=tr(" and ").join(empty),
                )
            )
        return library("provider").DefaultCredentialsProvider()

    def _reason(self, error: str) -> str:
        """The chain's words about the one way that was configured; else all the ways there are."""
        if path := self._environ.get(OIDC_TOKEN_FILE):
            message = re.search(r'"Message":\s*"([^"]*)"', error)
            why = message.group(1) if message else _words_of("OIDCRoleArnCredentialsProvider", error)
            return tr(
                "the OIDC token in {path} was not taken for {role}: {why}",
                path=path,
                role=self._environ.get(ROLE_ARN),
                why=redacted(why),
            )
        if profile := self._environ.get(_PROFILE):
            why = _words_of("CLIProfileCredentialsProvider", error)
            return tr(
                "the profile {profile} ({variable}) gave no credentials: {why}",
                profile=profile,
                variable=_PROFILE,
                why=redacted(why),
            )
        return tr(
            "no credentials for Alibaba Cloud: set {key_id} and {secret}, or run `aliyun configure` (a profile, chosen by "
            "{profile}), or an OIDC role ({role}, {provider}, {token_file}), or a RAM role of the ECS instance",
            key_id=_KEY_ID,
            secret=_KEY_SECRET,
            profile=_PROFILE,
            role=ROLE_ARN,
            provider=OIDC_PROVIDER,
            token_file=OIDC_TOKEN_FILE,
        )


def _words_of(provider: str, error: str) -> str:
    """One provider's part of the chain's error; all of it where it has none."""
    found = re.search(rf"{provider}: (.*?)(?:['\"], ['\"]|['\"]\]$|$)", error)
    return found.group(1) if found else error


def find_credentials(*, loopback: bool = False, environ: Mapping[str, str] | None = None) -> Credentials:
    """Keys of the environment; on loopback the simulator's when there are no others."""
    environment = os.environ if environ is None else environ
    key_id, secret = environment.get(_KEY_ID), environment.get(_KEY_SECRET)
    if key_id and secret:
        return FixedKeys(Keys(key_id, secret, environment.get(_TOKEN) or None))
    if key_id or secret:
        missing = _KEY_ID if secret else _KEY_SECRET
        raise ConfigError(tr("{variable} is not set, though its other half is", variable=missing))
    return SIMULATOR_KEYS if loopback else ChainKeys(environment)


def account_of(keys: Keys, environ: Mapping[str, str] | None = None) -> str:
    """A name for the account a quota belongs to: its uid where the role's ARN has it, else the keys' fingerprint."""
    environment = os.environ if environ is None else environ
    uid = re.match(r"acs:ram::(\d+):", environment.get(ROLE_ARN, ""))
    return uid.group(1) if uid and keys.token else keys.fingerprint


def library(module: str) -> Any:
    """A module of `alibabacloud_credentials`, silenced."""
    found = importlib.import_module(f"alibabacloud_credentials.{module}")
    # It hangs a handler onto its own logger, which writes to stderr whatever the application wants.
    logger = logging.getLogger("credentials")
    logger.handlers.clear()
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return found
