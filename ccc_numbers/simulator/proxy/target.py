"""Where a proxy may forward to, and which requests it may forward.

A signed request does what it says wherever it arrives: it goes to CCC over verified TLS, or to this machine.
"""

import ipaddress
import re
from urllib.parse import parse_qsl, urlsplit

from ccc_numbers.simulator.authentication import is_v3
from ccc_numbers.simulator.errors import Refused
from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.operation import Operation
from ccc_numbers.simulator.request import Request

# A region, not any label: `ccc.oss-cn-….aliyuncs.com` is somebody's bucket.
_OF_CCC = re.compile(r"ccc(\.(cn|ap|eu|me|us)-[a-z0-9-]+)?\.aliyuncs\.com", re.ASCII)


def target_of(text: str) -> str:
    """`https://host[:port]` of `--proxy`, or `http://` to this machine; Mistake for anywhere else."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    here = host == "localhost" or _is_loopback(host)
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise Mistake(f"--proxy {text}: expected a scheme and a host, without user, path or query")
    if parts.scheme == "http" and host and not here:
        raise Mistake(f"--proxy {text}: plain HTTP would show the network what is signed; use https://{host}")
    if not (here and parts.scheme in ("http", "https")) and not (
        parts.scheme == "https" and _OF_CCC.fullmatch(host) and port in (None, 443)
    ):
        raise Mistake(
            f"--proxy {text}: is neither CCC (https://ccc.cn-shanghai.aliyuncs.com) nor on this machine (http://127.0.0.1:8080)"
        )
    # By number: a resolver may lead a name anywhere.
    host = "127.0.0.1" if host == "localhost" else f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_action(request: Request, query: bytes) -> None:
    """Refused where a request names two actions: the endpoint may look for it elsewhere than the proxy."""
    texts = [raw.decode("utf-8", "replace") for raw in (query, request.body)]
    named = {value for text in texts for name, value in parse_qsl(text, True) if name.lower() == "action"}
    named |= {value for name, value in request.headers.items() if name == "x-acs-action"}
    if len(named) > 1:
        raise refused("The request names more than one action, so it was not forwarded.")


def check_forwardable(operation: Operation, request: Request, host: str, *, writes: bool) -> None:
    """Refused where the proxy does not forward such a request."""
    if not operation.reads and not writes:
        raise refused(
            f"{operation.action} changes something, so it was not forwarded; --forward-writes allows it."
        )
    if is_v3(request) and request.headers.get("host") != host:
        raise refused(f"This signature holds for its own host alone, so it was not forwarded to {host}.")


def refused(why: str) -> Refused:
    """The proxy's own refusal, which no client takes for CCC's."""
    return Refused(403, "SimulatorRefused", why)
