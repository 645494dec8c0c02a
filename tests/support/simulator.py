"""The simulator as a test fixture: the real process, over real HTTP.

    with start_simulator({"instances": {"acme": {}}, "unassigned": [{"number": "02180001001"}]}) as simulator:
        simulator.url                      # "http://127.0.0.1:40123"; .endpoint is it without "http://"
        simulator.calls()                  # {"ListPhoneNumbers": {"ok": 1, "throttled": 0, "failed": 0}}
        simulator.callers()                # the same by access key
        simulator.rates()                  # {"ListPhoneNumbers": 1}: most calls within any one second
        simulator.reset()                  # counts to zero
        simulator.state()                  # the whole state in the seed's form
        simulator.put_state({...})         # replace it
        simulator.import_numbers("02180001002", province="上海")         # support has imported a number
        simulator.faults([{"action": "AddPhoneNumbers", "times": 1, "fault": "throttle"}])
        simulator.calls_happen("acme", {"at": 1785686400000, "number": "02180001001", "count": 3})
        simulator.set_status("acme", "STOPPED")
        simulator.switch(modify_without_flow="keep")                     # or **{"modify-without-flow": "keep"}
        simulator.api("ListPhoneNumbers", InstanceId="acme", PageNumber=1, PageSize=100)   # a signed call

`seed` is the state to begin with: a dict, a path to a YAML or JSON file, or None for an empty account with
the access key simulator / simulator. Flags are those of the command line with underscores: `state=path`,
`latency_ms=20`, `jitter_ms=5`, `rate=100`, `faults=path`, and `switches={"unset": "null"}`. The process is
ready when the block starts and gone when it ends; it dies with the test process too. What it writes to its
standard error (a bug's traceback) fails the test. `start_simulator` may be used in synchronous and
asynchronous tests alike (its own calls block, for a millisecond).
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from ccc_numbers.simulator import signature
from tests.support.patience import HANG_S
from tests.support.switches import AS_SUPPOSED

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Simulator:
    """One running simulator; `process` may be killed by a test that wants to."""

    url: str
    process: subprocess.Popen[str]

    @property
    def endpoint(self) -> str:
        """`127.0.0.1:PORT`, as SDKs want it."""
        return self.url.removeprefix("http://")

    def calls(self) -> dict[str, dict[str, int]]:
        """Action -> how many calls were ok, throttled, failed."""
        counted: dict[str, dict[str, int]] = self._control("GET", "calls")
        return counted

    def callers(self) -> dict[str, dict[str, int]]:
        """Access key -> how many of its calls were ok, throttled, failed."""
        counted: dict[str, dict[str, int]] = self._control("GET", "callers")
        return counted

    def count(self, *actions: str) -> int:
        """How many calls there were, of these actions or of all, whatever came of them."""
        calls = self.calls()
        return sum(sum(calls.get(action, {}).values()) for action in actions or calls)

    def rates(self) -> dict[str, int]:
        """Action -> the most calls within any one second."""
        rates: dict[str, int] = self._control("GET", "rates")
        return rates

    def begin_anew(self, state: Mapping[str, Any]) -> None:
        """Another state, no faults, every switch as it is by default, and no calls so far."""
        self.faults([])
        self.switch(**AS_SUPPOSED)
        self.put_state(state)
        self.reset()

    def reset(self) -> None:
        """Calls and rates to zero."""
        self._control("POST", "reset")

    def state(self) -> dict[str, Any]:
        """The whole state in the seed's form."""
        state: dict[str, Any] = self._control("GET", "state")
        return state

    def identity(self) -> str:
        """Which simulator it is, on whatever port."""
        return str(self._control("GET", "identity")["identity"])

    def numbers(self, instance: str) -> dict[str, dict[str, Any]]:
        """The numbers of one instance by number, as the state has them."""
        return {row["number"]: row for row in self.state()["instances"][instance]["numbers"]}

    def unassigned(self) -> list[str]:
        """The numbers in no instance."""
        return [row["number"] for row in self.state()["unassigned"]]

    def put_state(self, state: Mapping[str, Any]) -> None:
        """Replace the whole state."""
        self._control("PUT", "state", state)

    def import_numbers(self, *numbers: str, **origin: str) -> None:
        """Support imports numbers into the account; `origin` is provider, province, city, tags."""
        entries = [{"number": number, **origin} for number in numbers]
        self._control("POST", "support/import", {"unassigned": entries})

    def calls_happen(self, instance: str, *calls: Mapping[str, Any]) -> None:
        """Let calls take place in an instance, in the seed's form."""
        self._control("POST", "calls", {"calls": {instance: list(calls)}})

    def struck(self) -> int:
        """How many calls the faults in force have hit so far."""
        return sum(each["struck"] for each in self._control("GET", "faults")["faults"])

    def set_status(self, instance: str, status: str) -> None:
        """Make an instance CREATING, RUNNING, STOPPED or RELEASED."""
        self._control("PUT", f"instances/{instance}/status", {"status": status})

    def faults(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Command these faults from now on, in place of earlier ones; `[]` ends them."""
        self._control("PUT", "faults", {"faults": list(faults)})

    def switch(self, **values: str) -> None:
        """Set undocumented behaviours; underscores may stand for dashes."""
        self._control("PUT", "switches", {name.replace("_", "-"): value for name, value in values.items()})

    def api(self, action: str, **parameters: object) -> dict[str, Any]:
        """A V1-signed call's answer, whatever its status; lists are sent as JSON text."""
        _, answer = self.signed("POST", action, parameters)
        return answer

    def signed(
        self,
        method: str,
        action: str,
        parameters: Mapping[str, object],
        key: tuple[str, str] = ("simulator", "simulator"),
    ) -> tuple[int, dict[str, Any]]:
        """(HTTP status, answer) of a V1-signed call."""
        query = signed_query(method, action, parameters, *key)
        connection = HTTPConnection(self.endpoint, timeout=30)
        try:
            connection.request(method, f"/?{query}")
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def _control(self, method: str, path: str, body: object = None) -> Any:
        connection = HTTPConnection(self.endpoint, timeout=30)
        try:
            text = None if body is None else json.dumps(body, ensure_ascii=False).encode()
            connection.request(method, f"/_simulator/{path}", text)
            return _answer(connection.getresponse())
        finally:
            connection.close()


def wait_until(happened: Callable[[], object]) -> None:
    """Poll what is in another process: the machine may be busy."""
    until = monotonic() + HANG_S
    while not happened():
        assert monotonic() < until, "it never came to that"
        sleep(0.02)


def signed_query(method: str, action: str, parameters: Mapping[str, object], key_id: str, secret: str) -> str:
    """The query string of a V1-signed call."""
    values = {
        name: json.dumps(value) if isinstance(value, list | tuple) else str(value)
        for name, value in parameters.items()
    }
    values |= {
        "Action": action,
        "Version": "2020-07-01",
        "Format": "JSON",
        "RegionId": "cn-shanghai",
        "Timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid4().hex,
        "AccessKeyId": key_id,
    }
    values["Signature"] = signature.v1_signature(secret, signature.v1_string_to_sign(method, values))
    return urlencode(values)


@contextmanager
def start_simulator(
    seed: Mapping[str, Any] | Path | None = None,
    *,
    switches: Mapping[str, str] | None = None,
    **flags: object,
) -> Iterator[Simulator]:
    """Run a simulator for the length of a `with` block; see the module's docstring."""
    with TemporaryDirectory() as folder:
        options = [
            f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}")
            for name, value in flags.items()
            if value is not None
        ]
        options += [f"--switch={name}={value}" for name, value in (switches or {}).items()]
        if isinstance(seed, Path):
            options.append(f"--seed={seed}")
        elif seed is not None:
            path = Path(folder, "seed.json")
            path.write_text(json.dumps(seed, ensure_ascii=False), "utf-8")
            options.append(f"--seed={path}")
        complaints = Path(folder, "stderr")
        with (
            complaints.open("wb") as stderr,
            subprocess.Popen(
                [sys.executable, "-m", "ccc_numbers.simulator", "--exit-with-stdin", *options],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            ) as process,
        ):
            try:
                yield Simulator(_ready_line(process, complaints), process)
            finally:
                process.terminate()  # the end of stdin would do; this is sooner
        if text := complaints.read_text("utf-8"):
            raise RuntimeError(f"the simulator complained: {text}")


def _ready_line(process: subprocess.Popen[str], complaints: Path) -> str:
    assert process.stdout
    line = process.stdout.readline().strip()
    if not line:
        process.wait()
        raise RuntimeError(f"the simulator did not start: {complaints.read_text('utf-8').strip()}")
    return line


def _answer(response: HTTPResponse) -> Any:
    text = response.read()
    if response.status >= 400:
        raise ValueError(text.decode())
    return json.loads(text) if text else None
