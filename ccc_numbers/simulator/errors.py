"""Everything CCC and its gateway answer when they refuse, in one place.

Business codes are raised by CCC itself; their templates are exact and `%s` is substituted in order. Gateway
codes are generic to Alibaba Cloud. Codes marked † are found in no documentation and are invented here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

BUSINESS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "Parameter.Enumeration": (400, "The parameter %s must be one of the value of enumeration %s."),
        "Parameter.Maximum": (400, "The parameter %s must be less than or equal to %s."),
        "Parameter.Minimum": (400, "The parameter %s must be greater than or equal to %s."),
        "Parameter.Blank": (400, "The parameter %s may not be null or blank."),
        "Parameter.Empty": (400, "The parameter %s may not be null or empty."),
        "Parameter.Null": (400, "The parameter %s may not be null."),
        "Parameter.Format": (400, "The format of parameter %s is invalid. %s"),
        "Parameter.Invalid": (400, "The parameter %s is invalid. %s."),
        "InUse.SkillGroup": (400, "Skill group %s is in use now."),
        "InUse.Number": (400, "The number %s is in use now."),  # †
        "InUse.ContactFlow": (400, "Contact flow %s is in use now."),  # †
        "AbnormalService.Ceased": (403, "Service abnormal. The instance %s is stopped."),
        "AbnormalService.Creating": (403, "Service abnormal. The instance %s is being created."),
        "AbnormalService.Disabled": (403, "Service abnormal. Call center service of %s is not enabled."),
        "Permission.Common": (403, "You have no permission to access. %s"),
        "Permission.SkillGroup": (403, "You have no permission to access skill group(s) %s."),
        "Permission.User": (403, "You have no permission to access user(s) %s."),
        "NotExists.InstanceId": (404, "The specified instance %s does not exist."),
        "NotExists.Number": (404, "The specified number %s does not exist in instance %s."),
        "NotExists.SkillGroupId": (404, "The skill group ID %s does not exist in instance %s."),
        "NotExists.UserId": (404, "The user %s does not exist in instance %s."),
        "NotExists.RoleId": (404, "Role %s does not exist."),
        "NotExists.RamId": (404, "RAM user %s does not exist."),
        "NotExists.ContactFlowId": (404, "The contact flow %s does not exist in instance %s."),  # †
        "NotExists.DraftId": (404, "The draft %s does not exist in contact flow %s."),  # †
        "AlreadyExists.DomainName": (409, "Instance %s already exists."),
        "AlreadyExists.InstanceId": (409, "The instance %s already exists."),
        "AlreadyExists.PhoneNumber": (409, "The specified number %s already exists in the instance."),
        "AlreadyExists.SkillGroupId": (409, "Skill group %s already exists in instance %s."),
        "AlreadyExists.ContactFlow": (409, "Contact flow %s already exists in instance %s."),  # †
        "AlreadyExists.User": (409, "User %s already exists in instance %s."),
        "AlreadyExists.UserName": (409, "User name %s already exists。"),
        "AlreadyExists.RamUser": (409, "RAM user %s already exists."),
        "InternalService.Common": (500, "An internal service error occurred. %s"),
        "InternalService.DB": (500, "An internal DB service error occurred. %s"),
        "InternalService.AC": (500, "An internal AC service error occurred. %s"),
        "InternalService.Account": (500, "An internal Account service error occurred. %s"),
        "InternalService.OSS": (500, "An internal OSS service error occurred. %s"),
        "InternalService.CTI": (500, "An internal CTI service error occurred. %s"),
    }
)

GATEWAY: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "InvalidApi.NotFound": (404, "Specified api is not found, please check your url and method."),
        "InvalidProduct.NotFound": (404, "Cannot find product according to your specified domain."),
        "InvalidProtocol.NeedSsl": (404, "Your request is denied as lack of ssl protect."),
        "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
        "InvalidAccessKeyId.Inactive": (400, "Specified access key is disabled."),
        "InvalidVersion": (400, "Specified parameter Version is not valid."),
        "InvalidParameter.Format": (400, "Specified parameter format is not valid."),
        "InvalidTimeStamp.Format": (400, "Specified time stamp or date value is not well formatted."),
        "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
        "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
        "InvalidSignatureMethod": (400, "Specified signature method is not valid."),
        "IncompleteSignature": (400, "The request signature does not conform to Alibaba Cloud standards."),
        "UnsupportedHTTPMethod": (400, "This http method not supported."),
        "Throttling.User": (400, "Request was denied due to user flow control."),
        "Throttling.Api": (400, "Request was denied due to api flow control."),
        "Throttling": (400, "Request was denied due to request throttling."),
        "InvalidSecurityToken.Expired": (400, "Specified SecurityToken is expired."),
        "InvalidSecurityToken.MismatchWithAccessKey": (
            400,
            "Specified SecurityToken does not match the access key.",  # †
        ),
        "NoPermission": (403, "You are not authorized to perform this operation."),
        "Forbidden.RAM": (
            403,
            "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
        ),
        "InternalError": (
            500,
            "The request processing has failed due to some unknown error, exception or failure.",
        ),
        "ServiceUnavailable": (503, "The request has failed due to a temporary failure of the server."),
    }
)


@dataclass(eq=False)
class Refused(Exception):
    """A call that is answered with an error instead of data.

    `params` are the values substituted into a business template, None for the gateway's own refusals.
    """

    status: int
    code: str
    message: str
    params: tuple[str, ...] | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    retry_after_ms: int | None = None


def business(code: str, *params: object) -> Refused:
    """CCC's own refusal: `business("NotExists.InstanceId", "acme")`."""
    status, template = BUSINESS[code]
    texts = tuple(str(param) for param in params)
    return Refused(status, code, template % texts, texts)


def gateway(code: str) -> Refused:
    """A refusal by the gateway before the call reaches CCC."""
    status, message = GATEWAY[code]
    return Refused(status, code, message)


def missing(name: str) -> Refused:
    """The gateway's answer to an absent mandatory parameter."""
    return Refused(400, f"Missing{name}", f"{name} is mandatory for this action.")


def commanded(code: str, params: tuple[str, ...]) -> Refused:
    """Any documented error by its code, as a fault commands it; missing values read `?`."""
    if code in GATEWAY:
        return gateway(code)
    count = BUSINESS[code][1].count("%s")
    return business(code, *(params + ("?",) * count)[:count])
