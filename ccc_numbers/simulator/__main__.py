"""`python -m ccc_numbers.simulator`: the command line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, NoReturn

from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.records import DEFAULT_KEY, insert
from ccc_numbers.simulator.store import Store
from ccc_numbers.simulator.switches import change_switches

if TYPE_CHECKING:
    from ccc_numbers.simulator.gateway import Gateway
    from ccc_numbers.simulator.proxy.proxy import Proxy


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a simulator until it is stopped. 0 at its end, 2 when it could not start."""
    options = _parser().parse_args(arguments)
    try:
        gateway = _gateway(options)
        from ccc_numbers.simulator.server import create_app, serve

        serve(
            create_app(gateway, _proxy(options, gateway)),
            options.port,
            gateway.ending,
            exit_with_stdin=options.exit_with_stdin,
        )
    except Mistake as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"port {options.port}: {os.strerror(error.errno or 0)}\n")
        return 2
    return 0


_LARGEST = 64 * 1024 * 1024
"""Bytes of a seed or a script of faults."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="simulator", description="A CCC OpenAPI server on loopback, for development and tests."
    )
    add = parser.add_argument
    add("--port", type=int, default=0, metavar="P", help="port to listen on; 0 takes a free one")
    add("--state", type=Path, metavar="FILE", help="state kept in this file; otherwise it ends with the run")
    add("--seed", type=Path, metavar="FILE", help="state to begin with; one that exists is kept")
    add("--latency-ms", type=float, default=0, metavar="N", help="each call takes this long on the way")
    add("--jitter-ms", type=float, default=0, metavar="N", help="up to this much longer, at random")
    add("--rate", type=float, metavar="N", help="calls per second, action and account; 0: no limit")
    add("--faults", type=Path, metavar="FILE", help="calls that go wrong")
    add("--profile", type=Path, metavar="FILE", help="behaviours as `ccc-numbers probe --save` found them")
    add("--switch", action="append", default=[], metavar="NAME=VALUE", help="an undocumented behaviour")
    add(
        "--proxy",
        metavar="URL",
        help="forward calls to this endpoint, and compare its answers with the model's",
    )
    add("--record", type=Path, metavar="FILE", help="with --proxy: write the calls, without anybody's data")
    add("--forward-writes", action="store_true", help="with --proxy: forward calls that change something too")
    add("--exit-with-stdin", action="store_true", help="end when standard input is closed")
    return parser


def _gateway(options: argparse.Namespace) -> Gateway:
    from ccc_numbers.simulator.gateway import Gateway, Latency
    from ccc_numbers.simulator.limits import Limiter

    _check_numbers(options)
    store = Store(options.state)
    _begin(store, options.seed)
    switched = _profile(options.profile) if options.profile else {}
    switched |= dict(map(_pair, options.switch))
    if switched:
        change_switches(store, switched)
    gateway = Gateway(store, Latency(options.latency_ms, options.jitter_ms), Limiter(options.rate))
    if options.faults:
        from ccc_numbers.simulator.faults import read_faults

        gateway.faults = read_faults(_read(options.faults), options.faults.name)
    return gateway


def _proxy(options: argparse.Namespace, gateway: Gateway) -> Proxy | None:
    """What stands in the API's place when calls are forwarded."""
    if options.proxy is None:
        if options.record or options.forward_writes:
            raise Mistake(f"{'--record' if options.record else '--forward-writes'} needs --proxy")
        return None
    if options.faults or options.rate or options.latency_ms or options.jitter_ms:
        raise Mistake(
            "--proxy answers as its endpoint does: without --faults, --rate, --latency-ms and --jitter-ms"
        )
    from ccc_numbers.simulator.proxy.proxy import Proxy
    from ccc_numbers.simulator.proxy.target import target_of

    return Proxy(gateway, target_of(options.proxy), options.record, writes=options.forward_writes)


def _check_numbers(options: argparse.Namespace) -> None:
    if not 0 <= options.port <= 65535:
        raise Mistake(f"--port {options.port}: expected a port from 0 to 65535")
    for name in ("latency_ms", "jitter_ms", "rate"):
        value = getattr(options, name)
        if value is not None and not 0 <= value < float("inf"):
            raise Mistake(f"--{name.replace('_', '-')} {value:g}: expected 0 or more")


def _begin(store: Store, seed: Path | None) -> None:
    """Fill a new state from the seed; one that exists is left as it is."""
    if not store.is_new():
        return
    fill = _seed(seed) if seed else lambda db: insert(db, DEFAULT_KEY)
    with store.write() as db:
        if store.is_new():  # another process may have been first
            fill(db)


def _seed(path: Path) -> Callable[[Connection], None]:
    """The function that puts a seed file into an empty state. Loading the form's validation takes time, so only here."""
    from ccc_numbers.simulator.world import read_state, replace_state

    state = read_state(_read(path), path.name)
    return lambda db: replace_state(db, state)


def _profile(path: Path) -> dict[str, str]:
    """The switches of a profile, `{"switches": {"search": "prefix"}}`."""
    try:
        switches = json.loads(_read(path)).get("switches")
    except (ValueError, AttributeError, RecursionError):
        switches = None
    if not isinstance(switches, dict):
        raise Mistake(f'{path}: is not a profile: expected {{"switches": {{NAME: VALUE}}}}')
    return {str(name): str(value) for name, value in switches.items()}


def _pair(setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not equals:
        raise Mistake(f"--switch {setting}: expected NAME=VALUE")
    return name, value


def _read(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise Mistake(f"{path}: is not a file")
        if path.stat().st_size > _LARGEST:
            raise Mistake(f"{path}: is larger than {_LARGEST >> 20} MiB")
        return path.read_text("utf-8")
    except OSError as error:
        raise Mistake(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    except UnicodeDecodeError as error:
        raise Mistake(f"{path}: not UTF-8") from error


if __name__ == "__main__":
    sys.exit(main())
