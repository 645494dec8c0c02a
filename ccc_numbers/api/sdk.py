"""The edge to `aliyun-python-sdk-core` and all its traps: the only module that touches the SDK.

It takes a quarter of a second to import, so the first client imports it beside everything else.
"""

import json
import logging
import socket
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import quote

from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.auth.signers.sts_token_signer import StsTokenSigner
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.http import protocol_type
from aliyunsdkcore.request import RpcRequest
from aliyunsdkcore.vendored.requests import Session
from aliyunsdkcore.vendored.requests.adapters import HTTPAdapter
from aliyunsdkcore.vendored.requests.exceptions import ConnectTimeout, ReadTimeout, SSLError
from aliyunsdkcore.vendored.requests.packages.urllib3.connection import HTTPConnection, HTTPSConnection
from aliyunsdkcore.vendored.requests.packages.urllib3.connectionpool import (
    HTTPConnectionPool,
    HTTPSConnectionPool,
)
from aliyunsdkcore.vendored.requests.packages.urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
)

from ccc_numbers.api.credentials import Keys
from ccc_numbers.api.endpoint import Endpoint, is_loopback_address
from ccc_numbers.api.operations.base import Parameter
from ccc_numbers.api.settings import Timeouts
from ccc_numbers.messages.language import tr

_LONGEST_IN_URL = 6_000
"""Bytes of one parameter; servers commonly take URLs of 8 KiB."""


@dataclass(eq=False)
class NotDelivered(Exception):
    """The request or its answer got lost; `sent` is False when CCC certainly never saw it.

    Not an OSError on purpose: the SDK catches those, loses their type, and logs the whole signed URL.
    """

    code: str
    reason: str
    sent: bool


class NotTrusted(Exception):
    """The endpoint's certificate was refused."""


@dataclass(eq=False)
class Answered(Exception):
    """An HTTP status other than success. `wrong_secret` when CCC signed the very same text otherwise."""

    status: int
    body: bytes = field(repr=False)
    wrong_secret: bool


class Sdk(AcsClient):  # type: ignore[misc]  # the SDK has no types
    """One set of keys at one endpoint; safe to share between threads."""

    def __init__(self, endpoint: Endpoint, region: str, keys: Keys, timeouts: Timeouts, workers: int) -> None:
        super().__init__(
            # By position: keys given any other way lose against ALIYUN_ACCESS_KEY_ID in the environment.
            keys.id,
            keys.secret,
            region,
            auto_retry=False,
            connect_timeout=timeouts.connect,
            timeout=timeouts.read,
            proxy=_proxies(endpoint),
        )
        _silence()
        if keys.token:
            self._signer = StsTokenSigner(StsTokenCredential(keys.id, keys.secret, keys.token))
        self.session = _Session()
        adapter = _LoopbackAdapter if endpoint.loopback else HTTPAdapter
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, adapter(pool_connections=1, pool_maxsize=workers))
        self._where = endpoint

    def perform(self, action: str, parameters: Mapping[str, Parameter]) -> bytes:
        """One signed call, one attempt; the body of a 2xx answer. Raises the exceptions of this module."""
        # A request object must not be used twice: it nests its own User-Agent and keeps old parameters.
        request = _request(action)
        # Compared by identity in the SDK: any other "https" silently means plain http.
        request.set_protocol_type(protocol_type.HTTPS if self._where.https else protocol_type.HTTP)
        # Signature V1, which CCC speaks, does not cover the host: whoever receives a request can send it on to CCC.
        # So this host has to be one that `ccc_numbers.api.endpoint.permitted` let through.
        request.set_endpoint(self._where.host)
        for name, value in parameters.items():
            if value is not None:
                # Not the setters: the SDK has none for MediaType, SearchPattern, Force here and there.
                text = _encoded(value)
                add = request.add_body_params if _too_long(text) else request.add_query_param
                add(name, text)
        body = self.do_action_with_exception(request)
        return body if isinstance(body, bytes) else b""

    def close(self) -> None:
        """Release the connections."""
        self.session.close()

    def _get_server_exception(
        self, http_status: int, response_body: bytes, endpoint: str, string_to_sign: str
    ) -> Answered | None:
        """In place of the SDK's, which parses every body, logs errors and breaks on some (an IndexError)."""
        if 200 <= http_status < 300:
            return None
        signed_the_same = bool(string_to_sign) and string_to_sign.encode() in response_body
        return Answered(http_status, response_body, wrong_secret=signed_the_same)


def _request(action: str) -> Any:
    """The SDK's own request, or its generic one for an operation that is newer than the SDK."""
    try:
        module = import_module(f"aliyunsdkccc.request.v20200701.{action}Request")
    except ModuleNotFoundError:
        request = RpcRequest("CCC", "2020-07-01", action)
        request.set_method("POST")
        return request
    return getattr(module, f"{action}Request")()


class _Session(Session):  # type: ignore[misc]  # the SDK has no types
    """Distinguishes a request that never left from one whose fate is unknown, while that can still be seen."""

    def __init__(self) -> None:
        super().__init__()
        # Else ~/.netrc is read for every call, and may add its own Authorization.
        self.trust_env = False

    def send(self, request: object, **options: object) -> object:
        # A redirect is an answer like any other: followed, it would carry the signed request elsewhere.
        options["allow_redirects"] = False
        try:
            return super().send(request, **options)
        except OSError as error:
            raise _undelivered(error) from None


class _Loopback:
    """A connection to a name of this machine: closed before a byte is sent when the resolver led elsewhere."""

    def _new_conn(self) -> socket.socket:
        connected: socket.socket = super()._new_conn()  # type: ignore[misc]  # of the class beside it
        peer = connected.getpeername()[0]
        if is_loopback_address(peer):
            return connected
        connected.close()
        raise NewConnectionError(self, tr("its name leads to {peer}: not this machine", peer=peer))


class _LoopbackHttp(_Loopback, HTTPConnection):  # type: ignore[misc]  # the SDK has no types
    pass


class _LoopbackHttps(_Loopback, HTTPSConnection):  # type: ignore[misc]  # the SDK has no types
    pass


class _LoopbackHttpPool(HTTPConnectionPool):  # type: ignore[misc]  # the SDK has no types
    ConnectionCls = _LoopbackHttp


class _LoopbackHttpsPool(HTTPSConnectionPool):  # type: ignore[misc]  # the SDK has no types
    ConnectionCls = _LoopbackHttps


class _LoopbackAdapter(HTTPAdapter):  # type: ignore[misc]  # the SDK has no types
    """Connections to this machine and nowhere else, whatever its names resolve to."""

    def init_poolmanager(self, *arguments: object, **options: object) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _LoopbackHttpPool, "https": _LoopbackHttpsPool}


def _undelivered(error: OSError) -> NotDelivered | NotTrusted:
    cause = getattr(error.args[0], "reason", error) if error.args else error
    if isinstance(error, SSLError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error) or "doesn't match" in str(error):
            return NotTrusted(str(cause))
        return NotDelivered("TLS", tr("TLS failed: {why}", why=cause), sent=True)
    # A NewConnectionError is a ConnectTimeoutError too.
    if isinstance(cause, NewConnectionError):
        # "<…Connection object at 0x…>: Failed to establish a new connection: [Errno 111] Connection refused"
        message = tr("no connection: {why}", why=str(cause).rpartition(": ")[2])
        return NotDelivered("ConnectFailed", message, sent=False)
    if isinstance(error, ConnectTimeout) or isinstance(cause, ConnectTimeoutError):
        return NotDelivered("ConnectTimeout", tr("no connection in time"), sent=False)
    if isinstance(error, ReadTimeout):
        return NotDelivered("ReadTimeout", tr("no answer in time"), sent=True)
    return NotDelivered(
        "ConnectionLost", tr("the connection broke before the answer was complete"), sent=True
    )


def _encoded(value: str | int | bool | tuple[str, ...]) -> str:
    """As both SDKs put it on the wire, but lists as compact JSON: the SDK would send Python's repr."""
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def _too_long(text: str) -> bool:
    """Whether a parameter goes into the body, as a form, since no server takes a URL that holds it.

    CCC documents the query for all parameters; its gateway and the signature treat both places alike. Only a flow's
    definition grows so large: a character of Chinese takes nine bytes of a URL.
    """
    return len(text) * 9 > _LONGEST_IN_URL and len(quote(text)) > _LONGEST_IN_URL


def _proxies(endpoint: Endpoint) -> dict[str, str | None]:
    """The environment's proxies with NO_PROXY honoured, and none for loopback: the SDK does neither itself.

    Never empty, or the SDK would look into the environment after all.
    """
    if endpoint.loopback or urllib.request.proxy_bypass(endpoint.host):
        return {"http": None, "https": None}
    found = urllib.request.getproxies()
    return {"http": None, "https": found.get("https") or found.get("all")}


def _silence() -> None:
    """Keep the SDK's logs from the user: they hold signed URLs, and every error is reported anyway."""
    for name in ("aliyunsdkcore", "aliyunsdkcore.client", "aliyunsdkcore.http.http_response"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.addHandler(logging.NullHandler())
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
