"""JSON over HTTPS to a forge (GitHub, GitLab), with errors in one line."""

import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode
from urllib.request import getproxies, proxy_bypass

import httpx
from pydantic import JsonValue
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from ccc_numbers.fleet.errors import FleetError

_PATIENCE_SECONDS = 30
_TRIES = 3
_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
_PAGE = 100
_MOST_PAGES = 100

_MOVED = "; it names another address, which is not followed: correct the address or the repository's name"
_HINTS = {
    **dict.fromkeys((301, 302, 303, 307, 308), _MOVED),
    401: "; its token is missing or no longer valid",
    403: "; its token may not do this: give the job the permission",
    404: "; it is not there, or the token may not see it",
}


@dataclass(frozen=True, slots=True)
class Api:
    """A forge's REST API. `headers` hold the token, which no message of ours repeats."""

    forge: str
    base: str
    headers: Mapping[str, str] = field(repr=False)

    def call(self, method: str, path: str, body: Mapping[str, JsonValue] | None = None) -> JsonValue:
        """The answer's JSON. Raises FleetError. Reads are tried three times; a write only when it surely failed.

        No redirect is followed: the token is for the address that the pipeline's environment names.
        """
        tries = Retrying(
            retry=retry_if_exception(lambda error: _worth_another_try(method, error)),
            stop=stop_after_attempt(_TRIES),
            wait=_pause,
            reraise=True,
        )
        content = None if body is None else json.dumps(body).encode()
        try:
            with self._client() as client:
                send = partial(client.request, method, f"{self.base}{path}", content=content)
                return _json(tries(lambda: send().raise_for_status().content), self.forge)
        except httpx.HTTPStatusError as error:
            status, said = error.response.status_code, _message(error.response.content)
            hint = _HINTS.get(status, "")
            where = path.partition("?")[0]
            raise FleetError(f"{self.forge} refused {method} {where}: {status} {said}{hint}") from None
        except httpx.InvalidURL:
            raise FleetError(f"{self.base}{path} is not an address of {self.forge}") from None
        except httpx.RequestError as error:
            host, reason = httpx.URL(self.base).host, str(error) or type(error).__name__
            raise FleetError(f"{self.forge} cannot be reached ({host}): {reason}") from None

    def pages(self, path: str, **query: str) -> Iterator[Mapping[str, JsonValue]]:
        """All objects of a listing; FleetError for one that is too long to be read whole."""
        for page in range(1, _MOST_PAGES + 1):
            words = urlencode({**query, "per_page": str(_PAGE), "page": str(page)})
            rows = self.call("GET", f"{path}?{words}")
            if not isinstance(rows, list):
                raise FleetError(f"{self.forge} answered {path} with something that is not a list")
            yield from (row for row in rows if isinstance(row, dict))
            if len(rows) < _PAGE:
                return
        raise FleetError(
            f"{self.forge} has more than {_MOST_PAGES * _PAGE:,} rows at {path}: remove old ones"
        )

    def _client(self) -> httpx.Client:
        address = httpx.URL(self.base)
        if address.scheme not in ("https", "http") or not address.host:
            raise FleetError(f"{self.base} is not an address of {self.forge}")
        # The HTTP library would repeat the token in its error.
        values = self.headers.values()
        if not all(text.isascii() and text.isprintable() and text == text.strip() for text in values):
            raise FleetError(
                f"the token for {self.forge} holds a line break, a space at its end or another character that "
                "no token has: enter it again"
            )
        return client_for(address, self.headers)


def client_for(address: httpx.URL, headers: Mapping[str, str]) -> httpx.Client:
    """A client for JSON, by the environment's proxies, with the authorities that this machine (or SSL_CERT_FILE) trusts."""
    json_both_ways = {"Accept": "application/json", "Content-Type": "application/json"}
    return httpx.Client(
        headers={**json_both_ways, "User-Agent": "ccc-numbers", **headers},
        proxy=_proxy(address),
        timeout=_PATIENCE_SECONDS,
        trust_env=False,
        verify=ssl.create_default_context(),
    )


def _worth_another_try(method: str, error: BaseException) -> bool:
    """Whether the forge did nothing, or was only asked to read."""
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        # GitHub words its secondary limits as 403 with the time to wait.
        limited = status == 429 or (status == 403 and "Retry-After" in error.response.headers)
        return limited or (status >= 500 and method == "GET")
    return isinstance(error, httpx.RequestError) and method == "GET"


def _pause(state: RetryCallState) -> float:
    """Seconds until the next try: what the forge asks for, within reason, and else a little longer each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.response.headers.get("Retry-After", "") if isinstance(error, httpx.HTTPStatusError) else ""
    if asked.isascii() and asked.isdigit():
        return min(float(asked), _LONGEST_PAUSE_SECONDS)
    return _PAUSE_SECONDS * state.attempt_number


def _proxy(address: httpx.URL) -> str | None:
    """The proxy that the environment names for an address. Raises FleetError when we cannot speak to it."""
    if proxy_bypass(address.netloc.decode()):
        return None
    found = getproxies().get(address.scheme)
    if not found:
        return None
    proxy = found if "://" in found else f"http://{found}"
    try:
        usable = httpx.URL(proxy).scheme in ("http", "https")
    except httpx.InvalidURL:
        usable = False
    if not usable:
        raise FleetError(
            f"the proxy in {address.scheme.upper()}_PROXY cannot be used: it has to be http://HOST:PORT or https://HOST:PORT"
        )
    return proxy


def _json(text: bytes, forge: str) -> JsonValue:
    try:
        found: JsonValue = json.loads(text) if text else None
    except ValueError:
        raise FleetError(f"{forge} answered with something that is not JSON") from None
    return found


def _message(text: bytes) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return ""
    said = found.get("message") or found.get("error") if isinstance(found, dict) else None
    return " ".join(str(said or "").split())[:200]
