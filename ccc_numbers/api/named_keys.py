"""Keys from what a stack names: a profile of the Alibaba Cloud CLI, or a RAM role.

`alibabacloud_credentials` reads the profile and assumes the role; its sessions are renewed a quarter of an hour before
they end. It is imported with the first key (see `ccc_numbers.api.credentials`).
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from ccc_numbers.api.credentials import (
    OIDC_PROVIDER,
    OIDC_TOKEN_FILE,
    ROLE_ARN,
    ChainKeys,
    Credentials,
    Keys,
    find_credentials,
    library,
    simulator_keys,
)
from ccc_numbers.api.errors import ConfigError, redacted
from ccc_numbers.api.identity import AssumedRole, Caller
from ccc_numbers.api.settings import Settings
from ccc_numbers.messages.names import quoted, suggestion

_PROFILES = ".aliyun/config.json"


class _Provider(Protocol):
    """A credentials provider of the library, which keeps its session and renews it in time."""

    def get_credentials(self) -> Any: ...


def credentials_of(
    settings: Settings, caller: Caller, environ: Mapping[str, str] | None = None
) -> Credentials:
    """Where the keys for a stack's calls come from: its profile or role, else the environment; see `find_credentials`.

    The embedded simulator takes its own and nobody else's.
    """
    environment = os.environ if environ is None else environ
    if settings.simulated:
        return simulator_keys()
    if settings.identity.profile:
        return ProfileKeys(settings.identity.profile, environment)
    if settings.identity.role:
        return RoleKeys(settings.identity.role, caller, environment)
    return find_credentials(loopback=settings.target.loopback, simulated=False, environ=environment)


class _LibraryKeys:
    """Keys of one provider of the library, made when they are first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._provider: _Provider | None = None

    def current(self) -> Keys:
        with self._lock:
            try:
                if self._provider is None:
                    self._provider = self._made()
                found = self._provider.get_credentials()
            except ConfigError:
                raise
            # The library raises whatever its parts do: files, JSON, sockets, its own.
            except Exception as error:  # noqa: BLE001
                raise ConfigError(self._why(error)) from None
            return Keys(
                found.get_access_key_id(), found.get_access_key_secret(), found.get_security_token() or None
            )

    def _made(self) -> _Provider:
        raise NotImplementedError

    def _why(self, error: Exception) -> str:
        raise NotImplementedError


class ProfileKeys(_LibraryKeys):
    """A profile of the Alibaba Cloud CLI: access keys, a session, or a role it assumes."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        super().__init__()
        self._name = name
        self._file = Path(environ.get("HOME") or Path.home()) / _PROFILES

    def _made(self) -> _Provider:
        where = f"ccc:profile: {quoted(self._name)}"
        try:
            profiles = json.loads(self._file.read_text("utf-8")).get("profiles") or ()
            known = [each["name"] for each in profiles]
        except FileNotFoundError:
            raise ConfigError(
                f"{where}: there is no ~/{_PROFILES} on this machine; run `aliyun configure --profile {self._name}`"
            ) from None
        except (OSError, ValueError, AttributeError, TypeError, KeyError):
            raise ConfigError(
                f"{where}: ~/{_PROFILES} cannot be read as the Alibaba Cloud CLI writes it"
            ) from None
        if self._name not in known:
            hint = suggestion(self._name, known, "the profiles are")
            raise ConfigError(f"{where} is not a profile of ~/{_PROFILES}; {hint}")
        made: _Provider = library("provider").CLIProfileCredentialsProvider(
            profile_name=self._name, profile_file=str(self._file)
        )
        return made

    def _why(self, error: Exception) -> str:
        return f"ccc:profile: {quoted(self._name)} gave no credentials: {_said(error)}"


class RoleKeys(_LibraryKeys):
    """A role, assumed with the OIDC token of the environment where there is one, else with the environment's keys."""

    def __init__(self, role: AssumedRole, caller: Caller, environ: Mapping[str, str]) -> None:
        super().__init__()
        self._role, self._arn = role, role.arn(caller)
        self._session = role.session_name or caller.session_name
        self._environ = environ
        self._token_file = environ.get(OIDC_TOKEN_FILE)

    def _made(self) -> _Provider:
        made: _Provider = self._by_token(self._token_file) if self._token_file else self._chained()
        return made

    def _by_token(self, file: str) -> Any:
        """With the token itself; with the role it gives, where that is one of another account: RAM's rule."""
        provider = self._role.oidc_provider or self._environ.get(OIDC_PROVIDER)
        if not provider:
            raise ConfigError(
                f"{OIDC_TOKEN_FILE} is set, but neither {OIDC_PROVIDER} nor ccc:assumeRole.oidcProvider says whose "
                "token it is"
            )
        if self._environ.get(ROLE_ARN) and provider.split(":")[3:4] != self._arn.split(":")[3:4]:
            self._token_file = None
            return self._chained()
        return library("provider").OIDCRoleArnCredentialsProvider(
            role_arn=self._arn,
            oidc_provider_arn=provider,
            oidc_token_file_path=file,
            role_session_name=self._session,
        )

    def _chained(self) -> Any:
        oidc = self._environ.get(OIDC_TOKEN_FILE)
        base = (
            ChainKeys(self._environ)
            if oidc
            else find_credentials(loopback=False, simulated=False, environ=self._environ)
        )
        return library("provider").RamRoleArnCredentialsProvider(
            credentials_provider=_Base(base),
            role_arn=self._arn,
            role_session_name=self._session,
            external_id=self._role.external_id,
        )

    def _why(self, error: Exception) -> str:
        said = _said(error)
        if secret := self._role.external_id:
            said = said.replace(secret, "…").replace(quote(secret, safe=""), "…")
        if self._token_file:
            return f"the OIDC token in {self._token_file} was not taken for {self._arn}: {said}"
        return f"{self._arn} cannot be assumed with the keys of the environment: {said}"


class _Base:
    """Keys of the environment in the library's form, for it to assume a role with."""

    def __init__(self, keys: Credentials) -> None:
        self._keys = keys

    def get_credentials(self) -> Any:
        keys = self._keys.current()
        return library("provider").refreshable.Credentials(
            access_key_id=keys.id,
            access_key_secret=keys.secret,
            security_token=keys.token,
            provider_name=self.get_provider_name(),
        )

    def get_provider_name(self) -> str:
        return "environment"


def _said(error: Exception) -> str:
    """What STS answered, in its words and with its code; else the error, without keys and URL queries."""
    found = re.search(r"result: (\{.*\})", str(error), re.DOTALL)
    try:
        answer = json.loads(found.group(1)) if found else {}
    except ValueError:
        answer = {}
    if message := answer.get("Message"):
        return redacted(f"{str(message).rstrip('.')} ({answer.get('Code', 'no code')})")
    return redacted(str(error))
