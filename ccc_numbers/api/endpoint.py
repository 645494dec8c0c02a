"""The address of CCC: the region's own, or another one from the settings."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from aliyunsdkccc.endpoint import endpoint_data

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import suggestion

HOME_REGION = "cn-shanghai"
EMBEDDED = "embedded"

# The SDK's own table; in the regions that it does not list, the host's name has the region in it.
_CENTRAL: Mapping[str, str] = endpoint_data.getEndpointMap()
_REGIONS = (HOME_REGION, *sorted(_CENTRAL))
# Every name CCC has. The SDK knows no name of its for VPCs: whoever uses one sets ALLOWED_HOSTS.
_CCC_HOSTS = frozenset((*_CENTRAL.values(), *(f"ccc.{region}.aliyuncs.com" for region in _REGIONS)))
_HTTPS_PORT = 443

ENDPOINT = "CCC_ENDPOINT"
ALLOWED_HOSTS = "CCC_ALLOWED_HOSTS"
"""Environment variable: further places signed requests may go to, as `host[:port]`, separated by commas."""

# Dots neither first, last nor doubled: `ccc.aliyuncs.com.` is not the name a certificate or this table knows.
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)


def check_region(region: str) -> str:
    """`region` when CCC has it; else ConfigError. The SDK's own default, cn-hangzhou, is not a CCC region."""
    if region in _REGIONS:
        return region
    raise ConfigError(
        tr(
            'ccc:region: "{region}" is not a CCC region; {hint} (most accounts are in {usual})',
            region=region,
            hint=suggestion(region, _REGIONS),
            usual=HOME_REGION,
        )
    )


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`host` with its port, if any; `https` unless it is plain HTTP to this very machine."""

    host: str
    https: bool
    loopback: bool

    @classmethod
    def of_region(cls, region: str) -> Self:
        """The real endpoint of a region. Asks no location service."""
        return cls(_CENTRAL.get(region, f"ccc.{region}.aliyuncs.com"), True, False)

    @classmethod
    def parse(cls, text: str, setting: str = "ccc:endpoint") -> Self:
        """`host`, `host:port` or a URL without path. Plain HTTP is for loopback alone; raises ConfigError.

        Whether requests may go there is for `permitted` to decide.
        """
        where = f"{setting}: {_shown(text)}"
        scheme, separator, rest = text.partition("://")
        if separator and scheme.lower() not in ("http", "https"):
            raise ConfigError(tr("{where} is neither embedded nor host:port nor an http(s) URL", where=where))
        try:
            parts = urlsplit(f"//{rest if separator else text}")
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise ConfigError(tr("{where} is not host:port: {why}", where=where, why=error)) from None
        if not host or any(letter.isspace() for letter in text):
            raise ConfigError(tr("{where} names no host; write embedded, host:port or a URL", where=where))
        if not separator and port is None and "." not in host and not _is_loopback(host):
            raise ConfigError(tr('{where} is neither "embedded" nor host:port nor a URL', where=where))
        if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
            raise ConfigError(
                tr("{where}: only host and port, please, without user, path or query", where=where)
            )
        if not (_NAME.fullmatch(host) or _address(host)):
            raise ConfigError(
                tr("{where} is not a host name; write it in ASCII, without a dot at the end", where=where)
            )
        loopback = _is_loopback(host)
        https = scheme.lower() == "https" if separator else not loopback
        if not https and not loopback:
            raise ConfigError(
                tr(
                    "{where}: plain HTTP would show keys to the network; use https://{host}",
                    where=where,
                    host=host,
                )
            )
        address = f"[{host}]" if ":" in host else host
        return cls(f"{address}:{port}" if port else address, https, loopback)

    @property
    def place(self) -> str:
        """`host:port` with the port written out, to compare with."""
        name, colon, port = self.host.rpartition(":")
        if colon and port.isdigit():
            return f"{name}:{port}"
        return f"{self.host}:{_HTTPS_PORT if self.https else 80}"

    @property
    def server(self) -> str:
        """One text for all spellings of one server: without HTTPS's own port, and this machine by its number."""
        name, _, port = self.place.rpartition(":")
        name = "127.0.0.1" if name == "localhost" else name
        return name if self.https and port == str(_HTTPS_PORT) else f"{name}:{port}"


def permitted(text: str, allowed: frozenset[str] = frozenset()) -> Endpoint:
    """The endpoint that `text` names, if signed requests may go there; else ConfigError. Nothing else decides that.

    They go to CCC's own hosts, to this machine, and to the places of `allowed` (see `allowed_places`). Anybody else
    who receives one can send it on to CCC: its signature is valid, and V1 does not sign the host.
    """
    endpoint = Endpoint.parse(text)
    if endpoint.loopback or endpoint.place in allowed:
        return endpoint
    name, _, port = endpoint.place.rpartition(":")
    if name in _CCC_HOSTS and port == str(_HTTPS_PORT):
        return endpoint
    raise ConfigError(
        tr(
            "ccc:endpoint: {endpoint} is not a host of CCC, and signed requests go to CCC and to this machine alone; remove "
            "it for the region's own endpoint, or, if the host is yours, name it in the environment: {variable}={host}",
            endpoint=_shown(text),
            variable=ALLOWED_HOSTS,
            host=endpoint.host,
        )
    )


def allowed_places(environ: Mapping[str, str]) -> frozenset[str]:
    """The places (`host:port`) the environment names itself: CCC_ALLOWED_HOSTS, and CCC_ENDPOINT's own.

    Whoever sets the environment of the process also has its keys; whoever edits a stack file does not. An entry
    without a port means 443. Raises ConfigError for an entry that is not host[:port], a wildcard for instance.
    """
    found = {
        Endpoint.parse(f"https://{entry.strip()}", ALLOWED_HOSTS).place
        for entry in environ.get(ALLOWED_HOSTS, "").split(",")
        if entry.strip()
    }
    own = environ.get(ENDPOINT, "").strip()
    if own and own != EMBEDDED:
        found.add(Endpoint.parse(own, ENDPOINT).place)
    return frozenset(found)


def _shown(text: str) -> str:
    return f'"{text if text.isprintable() else ascii(text)[1:-1]}"'


def is_loopback_address(text: str) -> bool:
    """Whether an IP address, as `getpeername` writes it, is this machine's own."""
    found = _address(text)
    return found is not None and found.is_loopback


def _is_loopback(host: str) -> bool:
    """Whether the name is this machine's. `ccc_numbers.api.sdk` checks the address: a resolver may return any."""
    return host == "localhost" or host.endswith(".localhost") or is_loopback_address(host)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    # Without zones (`fe80::1%eth0`): no address of this machine or of CCC has one.
    try:
        return None if "%" in host else ipaddress.ip_address(host)
    except ValueError:
        return None
