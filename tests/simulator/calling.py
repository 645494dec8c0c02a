"""Two clients nobody here wrote, behind one face: both official SDKs, with nothing but the endpoint changed."""

import importlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from alibabacloud_ccc20200701 import models
from alibabacloud_ccc20200701.client import Client as TeaClient
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

FORM_ACTIONS = frozenset({"ImportContactFlow", "ExportContactFlow"})

logging.getLogger("aliyunsdkcore.client").setLevel(logging.CRITICAL)  # it logs every refusal as an error


@dataclass(frozen=True)
class Answer:
    """What one call gave: the HTTP status, and the body as the SDK hands it out."""

    status: int
    body: dict[str, Any]
    retry_after_ms: int | None = None

    @property
    def code(self) -> str:
        return str(self.body["Code"])

    @property
    def data(self) -> Any:
        return self.body.get("Data")


class Caller(Protocol):
    """Calls an action with wire parameters; lists as JSON text is this side's business."""

    def __call__(self, action: str, **parameters: Any) -> Answer: ...


@dataclass(frozen=True)
class LegacySdk:
    """aliyun-python-sdk-ccc: V1 signatures, one request class per action, CommonRequest where it has none."""

    endpoint: str
    key: tuple[str, str] = ("simulator", "simulator")

    def __call__(self, action: str, **parameters: Any) -> Answer:
        client = AcsClient(*self.key, "cn-shanghai", auto_retry=False)
        client.add_endpoint("cn-shanghai", "CCC", self.endpoint)
        try:
            return Answer(
                200, json.loads(client.do_action_with_exception(self._request(action, _texts(parameters))))
            )
        except ServerException as error:
            body = {"Code": error.get_error_code(), "Message": error.get_error_msg()}
            return Answer(error.get_http_status(), {**body, "RequestId": error.get_request_id()})

    def _request(self, action: str, parameters: Mapping[str, object]) -> Any:
        try:
            module = importlib.import_module(f"aliyunsdkccc.request.v20200701.{action}Request")
        except ImportError:
            return self._common(action, parameters)
        request = getattr(module, f"{action}Request")()
        for name, value in parameters.items():
            setter = getattr(request, f"set_{name}", None)
            # The class lacks the parameters added after it was generated.
            setter(value) if setter else request.add_query_param(name, value)
        return request

    def _common(self, action: str, parameters: Mapping[str, object]) -> CommonRequest:
        request = CommonRequest(product="CCC", version="2020-07-01", action_name=action)
        request.set_method("POST")
        for name, value in parameters.items():
            if action in FORM_ACTIONS:
                request.add_body_params(name, value)
            else:
                request.add_query_param(name, value)
        return request


@dataclass(frozen=True)
class TeaSdk:
    """alibabacloud-ccc20200701: V3 signatures, typed models both ways."""

    endpoint: str
    key: tuple[str, str] = ("simulator", "simulator")
    token: str | None = None

    def __call__(self, action: str, **parameters: Any) -> Answer:
        client = TeaClient(
            Config(
                access_key_id=self.key[0],
                access_key_secret=self.key[1],
                security_token=self.token,
                endpoint=self.endpoint,
                protocol="HTTP",
            )
        )
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", action).lower()
        request = getattr(models, f"{action}Request")().from_map(_texts(parameters))
        try:
            response = getattr(client, snake)(request)
            return Answer(response.status_code, response.body.to_map())
        except AlibabaCloudException as error:
            body = {key: value for key, value in error.data.items() if key != "statusCode"}
            return Answer(error.status_code, body, getattr(error, "retry_after", None))


def typed(action: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body read by the newer SDK's typed model and written again: what the model does not know is lost."""
    again: dict[str, Any] = getattr(models, f"{action}ResponseBody")().from_map(dict(body)).to_map()
    return again


def _texts(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
        for name, value in parameters.items()
    }
