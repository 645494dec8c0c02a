"""Which simulator answers at an address. It says so itself, whatever port it listens on."""

import json
import re

from ccc_numbers.api.endpoint import Endpoint, is_loopback_address

_PATH = "/_simulator/identity"
_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECONDS = 2.0
_LONGEST = 1_000


def simulator_at(endpoint: Endpoint) -> str | None:
    """The identity of the simulator at `endpoint`; None for CCC, and where none answers with its identity.

    The request is not signed, follows no redirect and takes no proxy: it stays on this machine.
    """
    if endpoint.https or not endpoint.loopback:
        return None
    from http.client import HTTPConnection, HTTPException  # the plugin starts sooner without

    connection = HTTPConnection(endpoint.host, timeout=_SECONDS)
    try:
        connection.connect()
        if not is_loopback_address(connection.sock.getpeername()[0]):
            return None
        connection.request("GET", _PATH)
        answer = connection.getresponse()
        said = json.loads(answer.read(_LONGEST)) if answer.status == 200 else None
    except (OSError, HTTPException, ValueError, RecursionError):
        return None
    finally:
        connection.close()
    found = said.get("identity") if isinstance(said, dict) else None
    return found if isinstance(found, str) and _FORM.fullmatch(found) else None
