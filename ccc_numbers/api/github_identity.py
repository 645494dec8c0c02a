"""The identity that GitHub gives a job (OIDC), for the roles that a stack names with `oidcProvider`.

GitHub's tokens end after minutes and a session after an hour, so each session asks for a token of its own. GitHub gives
the address and its password to jobs with `permissions: id-token: write`.
https://docs.github.com/en/actions/reference/security/oidc
"""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from ccc_numbers.api.credentials import library
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.messages.language import tr

_URL, _PASSWORD = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
AUDIENCE = "sts.aliyuncs.com"
"""Whom the token is for, as Alibaba Cloud's own action asks for it."""
_PATIENCE_SECONDS = 30
_RENEWED_SECONDS = 15 * 60
"""How long before its end a session is renewed, as the library does it."""


@dataclass(frozen=True, slots=True)
class GitHubJob:
    """A job that may ask GitHub at `url` who it is."""

    url: str
    password: str = field(repr=False)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self | None:
        """The job that this process is part of; None outside of GitHub, and where the job has no identity."""
        url, password = environ.get(_URL), environ.get(_PASSWORD)
        return cls(url, password) if url and password else None

    def token(self) -> str:
        """A new token, signed by GitHub. Raises ConfigError."""
        import httpx

        try:
            address = httpx.URL(self.url).copy_merge_params({"audience": AUDIENCE})
            headers = {"Authorization": f"Bearer {self.password}", "Accept": "application/json"}
            verified = ssl.create_default_context()
            answer = httpx.get(address, headers=headers, timeout=_PATIENCE_SECONDS, verify=verified)
            value = answer.raise_for_status().json()["value"]
        except httpx.HTTPStatusError as error:
            raise ConfigError(_refused(f"HTTP {error.response.status_code}")) from None
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise ConfigError(_refused(f"{type(error).__name__}, {_URL}")) from None
        except (ValueError, KeyError, TypeError):
            raise ConfigError(_refused(tr("its answer has no token"))) from None
        return str(value)


def _refused(why: str) -> str:
    return tr("GitHub gave this job no identity: {why}", why=why)


class GitHubSessions:
    """Sessions of one role as a provider of the library: each with a token of its own, which is on disk for a moment."""

    def __init__(self, job: GitHubJob, **role: str) -> None:
        """`role`: what the library wants to know of it (`role_arn`, `oidc_provider_arn`, `role_session_name`)."""
        self._job, self._role = job, role
        self._found: Any = None

    def get_credentials(self) -> Any:
        if self._found is None or time.time() >= self._found.get_expiration() - _RENEWED_SECONDS:
            with TemporaryDirectory() as folder:  # mode 0700
                file = Path(folder, "token")
                file.write_text(self._job.token(), "utf-8")
                provider = library("provider").OIDCRoleArnCredentialsProvider(
                    **self._role, oidc_token_file_path=str(file)
                )
                self._found = provider.get_credentials()
        return self._found
