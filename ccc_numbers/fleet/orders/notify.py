"""Says something to a chat or a webhook: DingTalk's robot gets Markdown, any other address the answer as JSON.

The address holds the right to post, so no message repeats more of it than its host.
"""

import hmac
import json
import os
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from time import time

import httpx

from ccc_numbers.api.endpoint import is_loopback_address
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.gitops.http import client_for
from ccc_numbers.fleet.orders.advance import Advanced
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.markdown import inline

SECRET = "CCC_DINGTALK_SECRET"
"""Environment variable: the secret of a DingTalk robot whose safety setting is a signature (加签)."""

_ROBOT = "/robot/send"


def notify(url: str, title: str, markdown: str, answer: str) -> None:
    """Post it once. Raises FleetError, one line, when it was not taken."""
    address, secret = _address(url), os.environ.get(SECRET)
    if address.path.endswith(_ROBOT):
        message = {
            "msgtype": "markdown",
            "markdown": {"title": title, "text": f"### {inline(title)}\n\n{markdown}"},
        }
        signature = _signature(secret, round(time() * 1000)) if secret else {}
        _refused_by_robot(address, _post(address.copy_merge_params(signature), json_text(message)))
    else:
        _post(address, answer)


def notify_of_stage(url: str, stack: str, done: Advanced) -> None:
    """Say that an order has reached a stage."""
    order, before = done.after, done.before.stage
    title = tr(
        "{stack}/{order}: {before} → {stage}", stack=stack, order=order.key, before=before, stage=order.stage
    )
    fields = {
        "stack": stack,
        "order": order.key,
        "before": before,
        "stage": order.stage,
        "since": str(order.since),
    }
    notify(url, title, inline(title), json_text(fields))


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise FleetError(tr("--notify: is not an address; write https://HOST/PATH")) from None
    if not address.host or address.scheme not in ("http", "https"):
        raise FleetError(tr("--notify: is not an address; write https://HOST/PATH"))
    own = address.host == "localhost" or is_loopback_address(address.host)
    if address.scheme == "http" and not own:
        raise FleetError(
            tr("--notify: {host} needs https: whoever reads the address can post", host=address.host)
        )
    return address


def _signature(secret: str, milliseconds: int) -> Mapping[str, str]:
    """As the robot checks it: HMAC-SHA256 of the time and the secret, by the secret."""
    digest = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), sha256)
    return {"timestamp": str(milliseconds), "sign": b64encode(digest).decode()}


def _post(address: httpx.URL, body: str) -> bytes:
    """No redirect is followed, and nothing is tried again: it might arrive twice."""
    try:
        with client_for(address, {}) as client:
            answer = client.post(address, content=body.encode())
    except httpx.RequestError as error:
        why = str(error) or type(error).__name__
        raise FleetError(tr("{host} was not notified: {why}", host=address.host, why=why)) from None
    if not answer.is_success:
        raise FleetError(
            tr("{host} was not notified: it answered {status}", host=address.host, status=answer.status_code)
        )
    return answer.content


def _refused_by_robot(address: httpx.URL, answer: bytes) -> None:
    """DingTalk answers 200 to everything; what it thinks of it is inside."""
    try:
        said = json.loads(answer)
        code, why = said.get("errcode"), str(said.get("errmsg", ""))
    except (ValueError, AttributeError):
        code, why = None, tr("its answer is not DingTalk's")
    if code != 0:
        hint = tr("; is {variable} the robot's secret?", variable=SECRET) if code == 310000 else ""
        why = " ".join(why.split())[:200]
        raise FleetError(tr("{host} was not notified: {why}", host=address.host, why=f"{why}{hint}"))
