"""Where CCC is: the region's real endpoint, or another address somebody named."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from ccc.errors import ConfigError

HOME_REGION = "cn-shanghai"

# The regions both SDKs of CCC know (their endpoint data); everywhere but at home the name has no region.
_CENTRAL = "ccc.aliyuncs.com"
_CENTRAL_REGIONS = (
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "cn-beijing",
    "cn-chengdu",
    "cn-hangzhou-finance",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-north-2-gov-1",
    "cn-qingdao",
    "cn-shanghai-finance-1",
    "cn-shenzhen",
    "cn-shenzhen-finance-1",
    "cn-zhangjiakou",
    "eu-central-1",
    "eu-west-1",
    "me-east-1",
    "us-east-1",
    "us-west-1",
)


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """The end of a message about an unknown `word`: its nearest valid choice, or all when none is near."""
    known = sorted(choices)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else f"one of {', '.join(known)}"


def check_region(region: str) -> str:
    """`region` when CCC is there; else ConfigError. The SDK's own default, cn-hangzhou, is none of CCC's."""
    known = (HOME_REGION, *_CENTRAL_REGIONS)
    if region in known:
        return region
    raise ConfigError(
        f'ccc:region: "{region}" is no region of CCC; {did_you_mean(region, known)} '
        f"(most accounts are in {HOME_REGION})"
    )


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`host` with its port, if any; `https` unless it is plain HTTP to this very machine."""

    host: str
    https: bool
    loopback: bool

    @classmethod
    def of_region(cls, region: str) -> Self:
        """The real endpoint of a region, from the SDKs' tables: no location service is asked."""
        return cls(_CENTRAL if region in _CENTRAL_REGIONS else f"ccc.{region}.aliyuncs.com", True, False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """`host`, `host:port` or a URL without path. Plain HTTP is for loopback alone; raises ConfigError."""
        where = f'ccc:endpoint: "{text}"'
        scheme, separator, rest = text.partition("://")
        if separator and scheme.lower() not in ("http", "https"):
            raise ConfigError(f"{where} is neither embedded nor host:port nor an http(s) URL")
        try:
            parts = urlsplit(f"//{rest if separator else text}")
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise ConfigError(f"{where} is no host:port: {error}") from None
        if not host or any(letter.isspace() for letter in text):
            raise ConfigError(f"{where} names no host; write embedded, host:port or a URL")
        if not separator and port is None and "." not in host and not _is_loopback(host):
            raise ConfigError(f'{where} is neither "embedded" nor host:port nor a URL')
        if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
            raise ConfigError(f"{where}: only host and port, please, without user, path or query")
        loopback = _is_loopback(host)
        https = scheme.lower() == "https" if separator else not loopback
        if not https and not loopback:
            raise ConfigError(f"{where}: plain HTTP would show keys to the network; use https://{host}")
        address = f"[{host}]" if ":" in host else host
        return cls(f"{address}:{port}" if port else address, https, loopback)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
