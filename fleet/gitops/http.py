"""JSON over HTTPS to a forge (GitHub, GitLab): the handful of calls we make, their errors in one line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from pydantic import JsonValue

from fleet.errors import FleetError

_PATIENCE_SECONDS = 30
_TRIES = 3
_PAUSE_SECONDS = 1.0
_PAGE = 100
_MORE_THAN_ENOUGH = 100  # pages: ten thousand comments or issues


@dataclass(frozen=True, slots=True)
class Api:
    """A forge's REST API. `headers` hold the token, which no message of ours repeats."""

    forge: str
    base: str
    headers: Mapping[str, str] = field(repr=False)

    def call(self, method: str, path: str, body: Mapping[str, JsonValue] | None = None) -> JsonValue:
        """The answer's JSON. Raises FleetError. Reads are tried three times; a write only when it surely failed."""
        request = self._request(method, path, body)
        for attempt in range(1, _TRIES + 1):
            try:
                with urlopen(request, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310  # http(s), checked
                    text = answer.read()
                return _json(text, self.forge)
            except HTTPError as error:
                again = error.code == 429 or (error.code >= 500 and method == "GET")
                if not again or attempt == _TRIES:
                    raise FleetError(self._refused(method, path, error)) from None
            except (URLError, HTTPException, OSError) as error:
                reason = getattr(error, "reason", None) or error
                if method != "GET" or attempt == _TRIES:
                    raise FleetError(
                        f"{self.forge} cannot be reached ({urlsplit(self.base).hostname}): {reason}"
                    ) from None
            time.sleep(_PAUSE_SECONDS * attempt)
        raise AssertionError("the last try returns or raises")

    def pages(self, path: str, **query: str) -> Iterator[Mapping[str, JsonValue]]:
        """All objects of a listing."""
        for page in range(1, _MORE_THAN_ENOUGH + 1):
            words = urlencode({**query, "per_page": str(_PAGE), "page": str(page)})
            rows = self.call("GET", f"{path}?{words}")
            if not isinstance(rows, list):
                raise FleetError(f"{self.forge} answered {path} with something that is no list")
            yield from (row for row in rows if isinstance(row, dict))
            if len(rows) < _PAGE:
                return

    def _request(self, method: str, path: str, body: Mapping[str, JsonValue] | None) -> Request:
        if urlsplit(self.base).scheme not in ("https", "http"):
            raise FleetError(f"{self.base} is no address of {self.forge}")
        data = None if body is None else json.dumps(body).encode()
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "ccc-numbers",
        }
        return Request(f"{self.base}{path}", data, {**headers, **self.headers}, method=method)  # noqa: S310

    def _refused(self, method: str, path: str, error: HTTPError) -> str:
        said = _message(error.read())
        hint = {
            401: "; its token is missing or no longer valid",
            403: "; its token may not do this: give the job the permission",
            404: "; it is not there, or the token may not see it",
        }.get(error.code, "")
        return f"{self.forge} refused {method} {path.partition('?')[0]}: {error.code} {said}{hint}"


def _json(text: bytes, forge: str) -> JsonValue:
    try:
        found: JsonValue = json.loads(text) if text else None
    except ValueError:
        raise FleetError(f"{forge} answered with something that is no JSON") from None
    return found


def _message(text: bytes) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return ""
    said = found.get("message") or found.get("error") if isinstance(found, dict) else None
    return " ".join(str(said or "").split())[:200]
