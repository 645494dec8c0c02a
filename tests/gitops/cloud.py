"""Alibaba Cloud as a runner reaches it: by HTTPS, through a proxy, under its real names.

Behind `sts.aliyuncs.com` is a stand-in that looks at the identity a job brings and hands out keys of a role, behind
`ccc.cn-shanghai.aliyuncs.com` the simulator. So nothing of ours knows that it is rehearsed: the stacks name a region
and no endpoint, and the SDKs find proxy and certificate where a company's runners have them.
"""

import json
import ssl
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ccc_numbers.declaration.grammar import IdentityProviderShape
from tests.gitops.identity import STS, claims_of
from tests.gitops.image import a_certificate, an_image
from tests.gitops.stand_in import Answer, listening
from tests.gitops.trust import Conditions, allows, policy
from tests.support import worlds
from tests.support.quick_pip import quick_pip

_ENDED = {
    "RequestId": "R",
    "Code": "InvalidSecurityToken.Expired",
    "Message": "Specified SecurityToken is expired.",
}
CCC = "ccc.cn-shanghai.aliyuncs.com"
PROVIDER = "acs:ram::1:oidc-provider/gitlab"
AUDIENCE = "sts.aliyuncs.com"


@dataclass(frozen=True)
class Role:
    """A RAM role. `trust` is its trust policy, JSON; else it trusts `subjects` (StringLike) with `audience`, tokens of
    the account's provider `gitlab`, and the access keys `trusted`, with `external_id` where that is set.

    `denied` is what it may not do in CCC. It has as many different keys as `sessions` says, the last one for ever.
    """

    name: str
    subjects: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    audience: str = AUDIENCE
    account: str = "1"
    trusted: tuple[str, ...] = ()
    external_id: str | None = None
    trust: str = ""
    sessions: int = 1

    @property
    def arn(self) -> str:
        """Its name in full."""
        return f"acs:ram::{self.account}:role/{self.name}"

    @property
    def key(self) -> worlds.Json:
        """The temporary key of its first session, in the form of the simulator's seed."""
        return self.keys[0]

    @property
    def keys(self) -> list[worlds.Json]:
        """The temporary keys of its sessions."""
        account = {} if self.account == "1" else {"account": self.account}
        whose = ".".join((*account.values(), self.name))
        each = [whose, *(f"{whose}.{number}" for number in range(2, self.sessions + 1))]
        return [
            {
                "id": f"STS.{name}",
                "secret": f"secret of {name}",
                "securityToken": f"session of {name}",
                "user": self.name,
                "denied": list(self.denied),
                **account,
            }
            for name in each
        ]

    @property
    def policy(self) -> str:
        """Its trust policy."""
        provider = f"acs:ram::{self.account}:oidc-provider/gitlab"
        token: Conditions = {
            "StringLike": {"oidc:sub": self.subjects},
            "StringEquals": {"oidc:aud": [self.audience]},
        }
        secret: Conditions = (
            {"StringEquals": {"sts:ExternalId": [self.external_id]}} if self.external_id else {}
        )
        return self.trust or policy(("Federated", [provider], token), ("RAM", self.trusted, secret))


@dataclass(frozen=True)
class Session:
    """A session that was given: `who` is the `sub` of a token, or the key or the role's ARN that became the role."""

    role: str
    who: str
    name: str
    key: str


@dataclass
class Cloud:
    """`given` and `refused` hold every exchange of STS; a session lasts `lifetime`.

    `providers` are identity providers by their ARN; where it has none, every account has one that takes any issuer. A
    session in `ending` ends after so many calls of CCC, and `late` are the calls that came after.
    """

    roles: Mapping[str, Role]
    ccc_port: int
    providers: Mapping[str, IdentityProviderShape] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    """What a runner has to have set to get there."""
    given: list[Session] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    lifetime: timedelta = timedelta(hours=1)
    ending: dict[str, int] = field(default_factory=dict)
    late: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def assumed(self) -> list[tuple[str, str]]:
        """The role's name, and who became it, of every session."""
        return [(each.role.rpartition("/")[2], each.who) for each in self.given]

    @property
    def sessions(self) -> list[str]:
        """The names of all sessions."""
        return [each.name for each in self.given]

    def assume(self, asked: Mapping[str, str]) -> Answer:
        """AssumeRole, and AssumeRoleWithOIDC."""
        role = self.roles.get(asked["RoleArn"])
        if asked["Action"] == "AssumeRole":
            keys = {each.key: each.role for each in self.given}
            who = keys.get(asked["AccessKeyId"], asked["AccessKeyId"])
            secret = asked.get("ExternalId")
            facts = {"sts:ExternalId": secret} if secret else {}
            if role is None or not allows(role.policy, ("RAM", who), facts):
                message = (
                    f"You are not authorized to do this action. You should be authorized by RAM: {secret}"
                )
                return self._refuse(asked, who, 403, "NoPermission", message)
            return self._session(role, who, asked)
        assert asked["Action"] == "AssumeRoleWithOIDC"
        claims, provider = claims_of(asked["OIDCToken"]), asked["OIDCProviderArn"]
        if claims is None or not self._takes(provider, claims):
            message = "This JWT is not valid for the OIDC provider."
            who = claims["sub"] if claims else "nobody"
            return self._refuse(asked, who, 400, "AuthenticationFail.OIDCToken.Invalid", message)
        facts = {f"oidc:{name}": value for name, value in claims.items()}
        if role is None or not allows(role.policy, ("Federated", provider), facts):
            message = "The trust policy of the role does not allow it."
            return self._refuse(asked, claims["sub"], 400, "AuthenticationFail.NoPermission", message)
        return self._session(role, claims["sub"], asked)

    def has_ended(self, key: str) -> bool:
        """Whether a session has ended before this call of CCC with its key."""
        with self._lock:
            left = self.ending.get(key)
            if left == 0:
                self.late[key] += 1
            elif left is not None:
                self.ending[key] = left - 1
            return left == 0

    def _takes(self, arn: str, claims: Mapping[str, str]) -> bool:
        """Whether a token is of the issuer that a provider stands for, and for one of its clients."""
        if not self.providers:
            return arn.endswith(":oidc-provider/gitlab")
        known = self.providers.get(arn)
        return known is not None and claims["iss"] == known.issuer and claims["aud"] in known.audiences

    def _refuse(self, asked: Mapping[str, str], who: str, status: int, code: str, message: str) -> Answer:
        self.refused.append((asked["RoleArn"].rpartition("/")[2], who))
        return status, {"RequestId": "R", "Code": code, "Message": message}

    def _session(self, role: Role, who: str, asked: Mapping[str, str]) -> Answer:
        with self._lock:
            before = sum(each.role == role.arn for each in self.given)
            key = role.keys[min(before, role.sessions - 1)]
            self.given.append(Session(role.arn, who, asked.get("RoleSessionName", ""), key["id"]))
        keys = {
            "AccessKeyId": key["id"],
            "AccessKeySecret": key["secret"],
            "SecurityToken": key["securityToken"],
            "Expiration": f"{datetime.now(UTC) + self.lifetime:%Y-%m-%dT%H:%M:%SZ}",
        }
        return 200, {"RequestId": "R", "Credentials": keys}


@contextmanager
def cloud(folder: Path, ccc_url: str, *roles: Role) -> Iterator[Cloud]:
    """Run it, in front of a simulator that knows the keys of the roles."""
    port = urlsplit(ccc_url).port
    assert port is not None
    there = Cloud({role.arn: role for role in roles}, port)
    certificate = a_certificate(folder, STS, CCC)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Handler(BaseHTTPRequestHandler):
        """A proxy's connection, and what comes through it."""

        protocol_version = "HTTP/1.1"
        host = ""

        def do_CONNECT(self) -> None:
            self.host, _, port = self.path.partition(":")
            assert (self.host in (STS, CCC), port) == (True, "443"), f"a stranger is called: {self.path}"
            self.send_response(200)
            self.end_headers()
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb")
            self.wfile = self.connection.makefile("wb", buffering=0)
            self.close_connection = False

        def finish(self) -> None:
            super().finish()
            self.connection.close()

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.host == CCC:
                status, kind, text = self._of_ccc(body)
            else:
                query = parse_qs(urlsplit(self.path).query)
                status, answer = there.assume({name: values[0] for name, values in query.items()})
                kind, text = "application/json", json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _do

        def _of_ccc(self, body: bytes) -> tuple[int, str, bytes]:
            if there.has_ended(_key_of(self.path)):
                return 400, "application/json", json.dumps(_ENDED).encode()
            connection = HTTPConnection("127.0.0.1", there.ccc_port, timeout=30)
            try:
                connection.request(self.command, self.path, body, dict(self.headers.items()))
                answer = connection.getresponse()
                return answer.status, answer.headers.get("Content-Type", ""), answer.read()
            finally:
                connection.close()

        def log_message(self, format: str, *args: Any) -> None: ...

    with listening(Handler) as proxy:
        there.environment = {
            "HTTPS_PROXY": f"http://127.0.0.1:{proxy}",
            # The SDK of CCC asks here; the one that asks STS only ever trusts `certifi`, see `an_image`.
            "ALIBABA_CLOUD_CA_BUNDLE": str(certificate),
            "PYTHONPATH": f"{an_image(folder, certificate)}:{quick_pip()}",
            # A runner is no ECS instance here; asking would only wait.
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        }
        yield there


def _key_of(path: str) -> str:
    """The access key that signed a call; no V1 call is without."""
    return parse_qs(urlsplit(path).query)["AccessKeyId"][0]
