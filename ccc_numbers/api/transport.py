"""One attempt of one call: from a coroutine into a thread of the blocking SDK, and its answer back as JSON or error."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from ccc_numbers.api import wire
from ccc_numbers.api.credentials import Credentials, Keys
from ccc_numbers.api.endpoint import Endpoint
from ccc_numbers.api.errors import ApiError, ConfigError, Unavailable, api_error
from ccc_numbers.api.operations.base import Parameter
from ccc_numbers.api.settings import Timeouts
from ccc_numbers.api.wire import Wire

if TYPE_CHECKING:
    from ccc_numbers.api.sdk import Answered, Sdk

WORKERS = 16

T = TypeVar("T")


class Transport:
    """Calls in flight at the same time, at most 16, over kept connections. `reached` once anything answered.

    A call whose caller was cancelled still runs to its end in its thread: it may have happened.
    """

    def __init__(self, endpoint: Endpoint, region: str, timeouts: Timeouts, credentials: Credentials) -> None:
        self._endpoint = endpoint
        self._region = region
        self._timeouts = timeouts
        self._credentials = credentials
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="ccc")
        # It takes a quarter of a second; until the first call there is time.
        self._threads.submit(import_module, "ccc_numbers.api.sdk")
        self._lock = threading.Lock()
        self._sdk: tuple[Keys, Sdk] | None = None
        self._retired: Sdk | None = None
        self.reached = False

    async def keys(self) -> Keys:
        """The keys calls are signed with now; ConfigError when there are none."""
        return await self._in_thread(self._credentials.current)

    async def send(self, action: str, parameters: Mapping[str, Parameter]) -> Wire:
        """The envelope of a successful answer. One attempt; raises the ApiError that fits, or ConfigError."""
        return await self._in_thread(lambda: self._send(action, parameters))

    async def close(self) -> None:
        """Close without waiting: calls under way end by themselves, within their timeouts."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for client in (self._retired, self._sdk[1] if self._sdk else None):
            if client:
                client.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _send(self, action: str, parameters: Mapping[str, Parameter]) -> Wire:
        from ccc_numbers.api import sdk

        client = self._client()
        try:
            body = client.perform(action, parameters)
        except sdk.NotDelivered as lost:
            raise Unavailable(
                action, lost.code, f"{self._endpoint.host}: {lost.reason}", may_have_happened=lost.sent
            ) from None
        except sdk.NotTrusted as refused:
            raise ConfigError(
                f"{self._endpoint.host}: its certificate is not trusted ({refused}); name yours in "
                "ALIBABA_CLOUD_CA_BUNDLE"
            ) from None
        except sdk.Answered as answered:
            self.reached = True
            raise _refusal(action, answered) from None
        self.reached = True
        return _envelope(action, body)

    def _client(self) -> Sdk:
        """The shared SDK client, made again when the keys have changed."""
        from ccc_numbers.api.sdk import Sdk

        keys = self._credentials.current()
        with self._lock:
            if self._sdk is None or self._sdk[0] != keys:
                if self._retired:
                    self._retired.close()
                # Not closed before the next change of keys: calls of other threads may still be on it.
                self._retired = self._sdk[1] if self._sdk else None
                self._sdk = (keys, Sdk(self._endpoint, self._region, keys, self._timeouts, WORKERS))
            return self._sdk[1]


def _envelope(action: str, body: bytes) -> Wire:
    """The answer's JSON object if it says OK. An error may come with HTTP 200 as well."""
    envelope = _parsed(body)
    code = envelope.get("Code") if envelope is not None else None
    if envelope is None or not isinstance(code, str):
        message = f"HTTP 200, but not a JSON answer of CCC: {_start(body)}"
        raise Unavailable(action, "BadAnswer", message, may_have_happened=True)
    if code != "OK":
        raise _error(action, envelope, 200)
    return envelope


def _refusal(action: str, answered: Answered) -> ApiError:
    status, envelope = answered.status, _parsed(answered.body)
    if answered.wrong_secret:
        return api_error(action, "InvalidAccessKeySecret", "", http_status=status)
    if envelope is not None and isinstance(envelope.get("Code"), str):
        return _error(action, envelope, status)
    if status in (413, 414, 431):
        return api_error(action, "InvalidRequest.TooLong", "the request is too long", http_status=status)
    message = f"not an answer of CCC: {_start(answered.body)}"
    return api_error(action, "BadAnswer", message, http_status=status)


def _error(action: str, envelope: Wire, status: int) -> ApiError:
    request_id = envelope.get("RequestId")
    return api_error(
        action,
        str(envelope.get("Code")),
        str(envelope.get("Message") or ""),
        http_status=status,
        request_id=request_id if isinstance(request_id, str) else None,
    )


def _parsed(body: bytes) -> Wire | None:
    try:
        parsed = wire.parsed(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):  # not JSON, an integer of thousands of digits, nested too deeply
        return None
    return parsed if isinstance(parsed, dict) else None


def _start(body: bytes) -> str:
    text = " ".join(body[:400].decode("utf-8", "replace").split())
    return repr(text[:80] + "…" if len(text) > 80 else text) if text else "an empty body"
