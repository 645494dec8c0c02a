"""Who is calling: access key, time window, signature and nonce, in the gateway's order."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ccc_numbers.simulator import signature
from ccc_numbers.simulator.errors import Refused, gateway, missing
from ccc_numbers.simulator.records import AccessKey
from ccc_numbers.simulator.request import Request

CLOCK_SKEW_S = 15 * 60
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_V3_MUST_SIGN = frozenset({"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"})


@dataclass(frozen=True, slots=True)
class Signed:
    """The fields of both signature styles: `signature` should be `sign(secret, text)`.

    `complaint` begins the message about a signature that does not match.
    """

    key_id: str
    token: str
    timestamp: str
    nonce: str
    signature: str
    text: str
    sign: Callable[[str, str], str]
    complaint: str


@dataclass(slots=True)
class Nonces:
    """Nonces seen in this process, kept as long as a request with one could still be in its window.

    A request may carry a time up to 15 minutes ahead and then stays valid 15 more, so one generation spans
    30 minutes and the one before it is kept as well.
    """

    current: set[str] = field(default_factory=set)
    previous: set[str] = field(default_factory=set)
    turned_at: float = 0.0

    def use(self, nonce: str, now: float) -> None:
        """Remember a nonce; SignatureNonceUsed when it was seen before."""
        if now - self.turned_at > 2 * CLOCK_SKEW_S:
            self.previous, self.current, self.turned_at = self.current, set(), now
        if nonce in self.current or nonce in self.previous:
            raise gateway("SignatureNonceUsed")
        self.current.add(nonce)


def is_v3(request: Request) -> bool:
    """V1 requests of the legacy SDK carry `x-acs-action` too, so only `Authorization` decides."""
    return request.headers.get("authorization", "").startswith("ACS3-")


def authenticate(request: Request, keys: Mapping[str, AccessKey], nonces: Nonces, now: float) -> AccessKey:
    """The key that signed this request; `now` is Unix seconds. Refused otherwise."""
    signed = _v3(request) if is_v3(request) else _v1(request)
    key = _known(keys, signed)
    _check_clock(signed.timestamp, now)
    if not hmac.compare_digest(signed.sign(key.secret, signed.text).encode(), signed.signature.encode()):
        raise Refused(400, "SignatureDoesNotMatch", signed.complaint)
    _check_token(key, signed.token)
    nonces.use(signed.nonce, now)
    return key


def _known(keys: Mapping[str, AccessKey], signed: Signed) -> AccessKey:
    key = keys.get(signed.key_id)
    if key is None:
        raise gateway("InvalidAccessKeyId.NotFound")
    if not key.active:
        raise gateway("InvalidAccessKeyId.Inactive")
    return key


def _check_token(key: AccessKey, token: str) -> None:
    if key.security_token and not token:
        raise missing("SecurityToken")
    if token != key.security_token:
        raise gateway("InvalidSecurityToken.MismatchWithAccessKey")
    if key.token_expired:
        raise gateway("InvalidSecurityToken.Expired")


def _check_clock(timestamp: str, now: float) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise gateway("InvalidTimeStamp.Format")
    try:
        then = datetime.fromisoformat(timestamp).astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        raise gateway("InvalidTimeStamp.Format") from None
    if abs(then - now) > CLOCK_SKEW_S:
        raise gateway("InvalidTimeStamp.Expired")


def _v1(request: Request) -> Signed:
    values = request.parameters
    for name in ("Signature", "AccessKeyId", "SignatureMethod", "Timestamp", "SignatureNonce"):
        if not values.get(name):
            raise missing(name)
    if values["SignatureMethod"].upper() != "HMAC-SHA1":
        raise gateway("InvalidSignatureMethod")
    if values.get("SignatureVersion", "1.0") != "1.0":
        raise Refused(400, "InvalidSignatureVersion", "Specified parameter SignatureVersion is not valid.")
    if values.get("Format", "JSON").upper() not in {"JSON", "XML"}:
        raise gateway("InvalidParameter.Format")
    text = signature.v1_string_to_sign(request.method, values)
    return Signed(
        values["AccessKeyId"],
        values.get("SecurityToken", ""),
        values["Timestamp"],
        values["SignatureNonce"],
        values["Signature"],
        text,
        signature.v1_signature,
        # The legacy SDK splits this message at its colon: there must be exactly one (the text has none).
        f"Specified signature is not matched with our calculation. server string to sign is:{text}",
    )


def _v3(request: Request) -> Signed:
    """`Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`."""
    headers = request.headers
    algorithm, _, rest = headers["authorization"].partition(" ")
    if algorithm != "ACS3-HMAC-SHA256":
        raise gateway("InvalidSignatureMethod")
    pairs = [part.strip().partition("=") for part in rest.split(",")]
    given = {name: value for name, _, value in pairs}
    if not all(given.get(name) for name in ("Credential", "SignedHeaders", "Signature")):
        raise gateway("IncompleteSignature")
    for header, name in (("x-acs-date", "Timestamp"), ("x-acs-signature-nonce", "SignatureNonce")):
        if not headers.get(header):
            raise missing(name)
    names = given["SignedHeaders"]
    if not set(names.split(";")) >= _V3_MUST_SIGN:
        raise gateway("IncompleteSignature")
    canonical = signature.v3_canonical_request(request.method, request.query, headers, names, request.body)
    text = signature.v3_string_to_sign(canonical)
    return Signed(
        given["Credential"],
        headers.get("x-acs-security-token", ""),
        headers["x-acs-date"],
        headers["x-acs-signature-nonce"],
        given["Signature"],
        text,
        signature.v3_signature,
        "Specified signature does not match our calculation. "
        f"server StringToSign is [{text}] server CanonicalRequest is [{canonical}]",
    )
