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
from ccc_numbers.api.errors import SESSION_ENDED, ApiError, ConfigError, Unavailable, api_error
from ccc_numbers.api.operations.base import Parameter
from ccc_numbers.api.settings import Timeouts
from ccc_numbers.api.wire import Wire
from ccc_numbers.messages.language import tr

if TYPE_CHECKING:
    from ccc_numbers.api.sdk import Sdk

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

        (keys, client), status = self._client(), 200
        try:
            body = client.perform(action, parameters)
        except sdk.NotDelivered as lost:
            message = f"{self._endpoint.host}: {lost.reason}"
            raise Unavailable(action, lost.code, message, may_have_happened=lost.sent) from None
        except sdk.NotTrusted as refused:
            raise ConfigError(
                tr(
                    "{host}: its certificate is not trusted ({why}); name yours in ALIBABA_CLOUD_CA_BUNDLE",
                    host=self._endpoint.host,
                    why=refused,
                )
            ) from None
        except sdk.Answered as answered:
            if answered.wrong_secret:
                self.reached = True
                raise api_error(action, "InvalidAccessKeySecret", "", http_status=answered.status) from None
            body, status = answered.body, answered.status
        self.reached = True
        try:
            return _envelope(action, status, body)
        except ApiError as error:
            if error.code == SESSION_ENDED:
                self._credentials.ended(keys)
            raise

    def _client(self) -> tuple[Keys, Sdk]:
        """The keys of now and the shared SDK client, which is made again when they have changed."""
        from ccc_numbers.api.sdk import Sdk

        keys = self._credentials.current()
        with self._lock:
            if self._sdk is None or self._sdk[0] != keys:
                if self._retired:
                    self._retired.close()
                # Not closed before the next change of keys: calls of other threads may still be on it.
                self._retired = self._sdk[1] if self._sdk else None
                self._sdk = (keys, Sdk(self._endpoint, self._region, keys, self._timeouts, WORKERS))
            return self._sdk


def _envelope(action: str, status: int, body: bytes) -> Wire:
    """The JSON object of an answer that says OK; else raises the ApiError that fits. HTTP 200 may bring an error too."""
    envelope = _parsed(body) or {}
    code = envelope.get("Code")
    if code == "OK" and status == 200:
        return envelope
    if isinstance(code, str):
        message, request_id = wire.text(envelope, "Message") or "", wire.text(envelope, "RequestId")
        raise api_error(action, code, message, http_status=status, request_id=request_id)
    if status == 200:
        message = tr("HTTP 200, but not a JSON answer of CCC: {start}", start=_start(body))
        raise Unavailable(action, "BadAnswer", message, may_have_happened=True)
    if status in (413, 414, 431):
        raise api_error(action, "InvalidRequest.TooLong", tr("the request is too long"), http_status=status)
    message = tr("not an answer of CCC: {start}", start=_start(body))
    raise api_error(action, "BadAnswer", message, http_status=status)


def _parsed(body: bytes) -> Wire | None:
    try:
        parsed = wire.parsed(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):  # not JSON, an integer of thousands of digits, nested too deeply
        return None
    return parsed if isinstance(parsed, dict) else None


def _start(body: bytes) -> str:
    text = " ".join(body[:400].decode("utf-8", "replace").split())
    return repr(text[:80] + "…" if len(text) > 80 else text) if text else tr("an empty body")
