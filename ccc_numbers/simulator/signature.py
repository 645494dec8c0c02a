"""Both of Alibaba Cloud's signature recipes, computed over exactly what arrived.

V1 (HMAC-SHA1) signs the parameters; V3 (ACS3-HMAC-SHA256) signs method, query, named headers and the body.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import quote


def canonical(parameters: Iterable[tuple[str, str]]) -> str:
    """`name=value` pairs, percent-encoded as in RFC 3986 (all but letters, digits, `-_.~`), sorted, joined with `&`."""
    return "&".join(
        [f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(parameters)]
    )


def v1_string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """The text V1 signs; `parameters` are query and form together, `Signature` is left out here."""
    text = canonical((name, value) for name, value in parameters.items() if name != "Signature")
    # The text is already encoded, so that three characters are all a second encoding can touch.
    twice = text.replace("%", "%25").replace("=", "%3D").replace("&", "%26")
    return f"{method}&%2F&{twice}"


def v1_signature(secret: str, string_to_sign: str) -> str:
    """Base64 of HMAC-SHA1; the key is the secret and one `&`."""
    digest = hmac.digest(f"{secret}&".encode(), string_to_sign.encode(), "sha1")
    return base64.b64encode(digest).decode()


def v3_canonical_request(
    method: str, query: Mapping[str, str], headers: Mapping[str, str], signed_headers: str, body: bytes
) -> str:
    """The six parts V3 signs; `headers` by lower-case name, `signed_headers` as the client listed them."""
    lines = "".join([f"{name}:{headers.get(name, '')}\n" for name in signed_headers.split(";")])
    body_hash = hashlib.sha256(body).hexdigest()
    return "\n".join([method, "/", canonical(query.items()), lines, signed_headers, body_hash])


def v3_string_to_sign(canonical_request: str) -> str:
    """The algorithm's name and the hash of the canonical request."""
    return "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical_request.encode()).hexdigest()


def v3_signature(secret: str, string_to_sign: str) -> str:
    """Lower-case hex of HMAC-SHA256; the key is the bare secret."""
    return hmac.digest(secret.encode(), string_to_sign.encode(), "sha256").hex()
