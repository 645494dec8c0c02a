"""Keys from a profile of the Alibaba Cloud CLI or a RAM role that a stack names.

`alibabacloud_credentials` reads the profile and assumes the role; it renews sessions a quarter of an hour before they
end. It is imported with the first key (see `ccc_numbers.api.credentials`).
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ccc_numbers.api.credentials import (
    OIDC_PROVIDER,
    OIDC_TOKEN_FILE,
    ROLE_ARN,
    SIMULATOR_KEYS,
    ChainKeys,
    Credentials,
    LibraryKeys,
    find_credentials,
    library,
)
from ccc_numbers.api.errors import ConfigError, redacted
from ccc_numbers.api.github_identity import GitHubJob, GitHubSessions
from ccc_numbers.api.identity import AssumedRole, Caller
from ccc_numbers.api.settings import Settings
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted, suggestion

EXTERNAL_ID = "CCC_EXTERNAL_ID"
_PROFILES = ".aliyun/config.json"


def credentials_of(
    settings: Settings, caller: Caller, environ: Mapping[str, str] | None = None
) -> Credentials:
    """Where the keys for a stack's calls come from: its profile or role, else the environment (`find_credentials`).

    The embedded simulator takes its own and no others.
    """
    environment = os.environ if environ is None else environ
    if settings.simulated:
        return SIMULATOR_KEYS
    if settings.identity.profile:
        return ProfileKeys(settings.identity.profile, environment)
    if settings.identity.role:
        return RoleKeys(settings.identity.role, caller, environment)
    return find_credentials(loopback=settings.target.loopback, environ=environ)


class ProfileKeys(LibraryKeys):
    """A profile of the Alibaba Cloud CLI: access keys, a session, or a role it assumes."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        self._name = name
        # not translated: a place
        self._where = f"ccc:profile: {quoted(name)}"

    def _make(self) -> Any:
        file = Path(self._environ.get("HOME") or Path.home()) / _PROFILES
        try:
            profiles = json.loads(file.read_text("utf-8")).get("profiles") or ()
            known = [each["name"] for each in profiles]
        except FileNotFoundError:
            raise ConfigError(
                tr(
                    "{where}: there is no {file} on this machine; run `aliyun configure --profile {name}`",
                    where=self._where,
                    file=f"~/{_PROFILES}",
                    name=self._name,
                )
            ) from None
        except (OSError, ValueError, AttributeError, TypeError, KeyError):
            raise ConfigError(
                tr(
                    "{where}: {file} cannot be read as the Alibaba Cloud CLI writes it",
                    where=self._where,
                    file=f"~/{_PROFILES}",
                )
            ) from None
        if self._name not in known:
            hint = suggestion(self._name, known, "the profiles are")
            message = tr(
                "{where} is not a profile of {file}; {hint}",
                where=self._where,
                file=f"~/{_PROFILES}",
                hint=hint,
            )
            raise ConfigError(message)
        return library("provider").CLIProfileCredentialsProvider(
            profile_name=self._name, profile_file=str(file)
        )

    def _reason(self, error: str) -> str:
        return tr("{where} gave no credentials: {why}", where=self._where, why=_sts_words(error))


class RoleKeys(LibraryKeys):
    """A role, assumed with the job's OIDC token where there is one that the role can trust, else with the
    environment's keys.

    GitLab and Kubernetes leave the token in a file. GitHub gives one on request, for a stack that names `oidcProvider`.
    """

    def __init__(self, role: AssumedRole, caller: Caller, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        self._role, self._arn = role, role.arn(caller)
        self._external_id = environ.get(EXTERNAL_ID) if role.encrypted else role.external_id
        self._session = role.session_name or caller.session_name
        self._token_file = environ.get(OIDC_TOKEN_FILE)
        self._job = GitHubJob.of(environ) if role.oidc_provider and not self._token_file else None

    def _make(self) -> Any:
        """By the token itself, or by the role it gives where that is one of another account: RAM's rule."""
        if self._job:
            return GitHubSessions(
                self._job,
                role_arn=self._arn,
                oidc_provider_arn=str(self._role.oidc_provider),
                role_session_name=self._session,
            )
        if not self._token_file:
            return self._chained(find_credentials(environ=self._environ))
        provider = self._role.oidc_provider or self._environ.get(OIDC_PROVIDER)
        if not provider:
            raise ConfigError(
                tr(
                    "{variable} is set, but neither {provider} nor ccc:assumeRole.oidcProvider says whose token it is",
                    variable=OIDC_TOKEN_FILE,
                    provider=OIDC_PROVIDER,
                )
            )
        if self._environ.get(ROLE_ARN) and provider.split(":")[3:4] != self._arn.split(":")[3:4]:
            self._token_file = None
            return self._chained(ChainKeys(self._environ))
        return library("provider").OIDCRoleArnCredentialsProvider(
            role_arn=self._arn,
            oidc_provider_arn=provider,
            oidc_token_file_path=self._token_file,
            role_session_name=self._session,
        )

    def _chained(self, keys: Credentials) -> Any:
        if self._role.encrypted and not self._external_id:
            raise ConfigError(
                tr(
                    "ccc:assumeRole.externalId: is encrypted in the stack's file, and only Pulumi can read it there; set "
                    "{variable} to the external id for this command, or write it in plain text, for it is not a key",
                    variable=EXTERNAL_ID,
                )
            )
        return library("provider").RamRoleArnCredentialsProvider(
            credentials_provider=_KeysProvider(keys),
            role_arn=self._arn,
            role_session_name=self._session,
            external_id=self._external_id,
        )

    def _reason(self, error: str) -> str:
        words = _sts_words(error)
        if secret := self._external_id:
            words = words.replace(secret, "…").replace(quote(secret, safe=""), "…")
        if self._job:
            return tr("the identity of this job was not taken for {role}: {why}", role=self._arn, why=words)
        if self._token_file:
            return tr(
                "the OIDC token in {path} was not taken for {role}: {why}",
                path=self._token_file,
                role=self._arn,
                why=words,
            )
        return tr(
            "{role} cannot be assumed with the keys of the environment: {why}", role=self._arn, why=words
        )


class _KeysProvider:
    """Keys of the environment as a provider of the library, which assumes a role with them."""

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


def _sts_words(error: str) -> str:
    """The message of STS's answer with its code; else the error, without keys and URL queries."""
    found = re.search(r"result: (\{.*\})", error, re.DOTALL)
    try:
        answer = json.loads(found.group(1)) if found else {}
    except ValueError:
        answer = {}
    if message := answer.get("Message"):
        error = f"{str(message).rstrip('.')} ({answer.get('Code') or tr('no code')})"
    return redacted(error)
