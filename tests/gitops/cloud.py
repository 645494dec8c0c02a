"""Alibaba Cloud as a runner reaches it: by HTTPS, through a proxy, under its real names.

Behind `sts.aliyuncs.com` is a stand-in that looks at the identity a job brings and hands out keys of a role, behind
`ccc.cn-shanghai.aliyuncs.com` the simulator. So nothing of ours knows that it is rehearsed: the stacks name a region
and no endpoint, and the SDKs find proxy and certificate where a company's runners have them.
"""

from __future__ import annotations

import fnmatch
import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.gitops.identity import STS, claims_of
from tests.gitops.stand_in import Answer, listening
from tests.support import worlds

CCC = "ccc.cn-shanghai.aliyuncs.com"
PROVIDER = "acs:ram::1:oidc-provider/gitlab"
AUDIENCE = "sts.aliyuncs.com"


@dataclass(frozen=True)
class Role:
    """A RAM role: `subjects` and `audience` are its trust policy's `oidc:sub` (StringLike) and `oidc:aud`.

    `trusted` are the access keys that may become it, with `external_id` where that is set. `denied` is what it may not
    do in CCC.
    """

    name: str
    subjects: tuple[str, ...]
    denied: tuple[str, ...] = ()
    audience: str = AUDIENCE
    account: str = "1"
    trusted: tuple[str, ...] = ()
    external_id: str | None = None

    @property
    def arn(self) -> str:
        """Its name in full."""
        return f"acs:ram::{self.account}:role/{self.name}"

    @property
    def key(self) -> worlds.Json:
        """Its temporary key, in the form of the simulator's seed."""
        return {
            "id": f"STS.{self.name}",
            "secret": f"secret of {self.name}",
            "securityToken": f"session of {self.name}",
            "user": self.name,
            "denied": list(self.denied),
            **({"account": self.account} if self.account != "1" else {}),
        }


@dataclass
class Cloud:
    """`assumed` and `refused` hold every exchange: the role that was asked for, and the `sub` or key of who asked.

    `sessions` are the names of the sessions that were given, each for `lifetime`.
    """

    roles: Mapping[str, Role]
    ccc_port: int
    environment: dict[str, str] = field(default_factory=dict)
    """What a runner has to have set to get there."""
    assumed: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    lifetime: timedelta = timedelta(hours=1)

    def assume(self, asked: Mapping[str, str]) -> Answer:
        """AssumeRole, and AssumeRoleWithOIDC."""
        if asked["Action"] == "AssumeRole":
            return self._chain(asked)
        assert asked["Action"] == "AssumeRoleWithOIDC"
        claims = claims_of(asked["OIDCToken"])
        role = self.roles.get(asked["RoleArn"])
        code = None
        provider = f"acs:ram::{role.account}:oidc-provider/gitlab" if role else PROVIDER
        if asked["OIDCProviderArn"] != provider or claims is None:
            code, message = (
                "AuthenticationFail.OIDCToken.Invalid",
                "This JWT is not valid for the OIDC provider.",
            )
        elif (
            role is None
            or claims["aud"] != role.audience
            or not any(fnmatch.fnmatchcase(claims["sub"], each) for each in role.subjects)
        ):
            code, message = (
                "AuthenticationFail.NoPermission",
                "The trust policy of the role does not allow it.",
            )
        if code is not None or role is None or claims is None:
            who = claims["sub"] if claims else "nobody"
            self.refused.append((asked["RoleArn"].rpartition("/")[2], who))
            return 400, {"RequestId": "R", "Code": code, "Message": message}
        return self._session(role, claims["sub"], asked)

    def _chain(self, asked: Mapping[str, str]) -> Answer:
        role, who = self.roles.get(asked["RoleArn"]), asked["AccessKeyId"]
        if role is None or who not in role.trusted or asked.get("ExternalId") != role.external_id:
            self.refused.append((asked["RoleArn"].rpartition("/")[2], who))
            message = f"You are not authorized to do this action. You should be authorized by RAM: {asked.get('ExternalId')}"
            return 403, {"RequestId": "R", "Code": "NoPermission", "Message": message}
        return self._session(role, who, asked)

    def _session(self, role: Role, who: str, asked: Mapping[str, str]) -> Answer:
        self.assumed.append((role.name, who))
        self.sessions.append(asked.get("RoleSessionName", ""))
        keys = {
            "AccessKeyId": role.key["id"],
            "AccessKeySecret": role.key["secret"],
            "SecurityToken": role.key["securityToken"],
            "Expiration": f"{datetime.now(UTC) + self.lifetime:%Y-%m-%dT%H:%M:%SZ}",
        }
        return 200, {"RequestId": "R", "Credentials": keys}


@contextmanager
def cloud(folder: Path, ccc_url: str, *roles: Role) -> Iterator[Cloud]:
    """Run it, in front of a simulator that knows the keys of the roles."""
    port = urlsplit(ccc_url).port
    assert port is not None
    there = Cloud({role.arn: role for role in roles}, port)
    certificate = _certificate(folder)
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
            # The SDK of CCC asks here; the one that asks STS only ever trusts `certifi`, see `_trusting`.
            "ALIBABA_CLOUD_CA_BUNDLE": str(certificate),
            "PYTHONPATH": str(_trusting(folder, certificate)),
            # A runner is no ECS instance here; asking would only wait.
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        }
        yield there


def _trusting(folder: Path, certificate: Path) -> Path:
    """A folder for `PYTHONPATH`: what a company's image does to make `certifi` trust its own authority."""
    (folder / "image").mkdir()
    told = f"import certifi\ncertifi.where = lambda: {str(certificate)!r}\n"
    (folder / "image" / "sitecustomize.py").write_text(told)
    return folder / "image"


def _certificate(folder: Path) -> Path:
    """One for both names, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rehearsal")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(STS), x509.DNSName(CCC)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "alibaba-cloud.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return file
