"""The program of a stack run without an engine: what it registers, says and exports.

made = run(tmp_path, "orders: …")
made["alicloud:oss/bucket:Bucket", "acme-papers"].inputs      # by type and logical name
made.warnings, made.errors, made.exports, made.code
"""

import asyncio
import gc
import logging
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pulumi.runtime
import pytest
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs

from ccc_numbers.declaration.read import load_stack
from components import program

with warnings.catch_warnings():
    # It deprecates parts of itself while it is imported, and imports a part when something of it is first used.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pulumi_alicloud import ims, marketplace, oss, ram

    LOADED = (ims.OidcProvider, marketplace.Order, oss.Bucket, ram.Policy)


@dataclass(frozen=True)
class Registered:
    """One resource as the program asked for it."""

    inputs: dict[str, Any]
    request: Any

    @property
    def parent(self) -> str:
        """The parent's type and name."""
        _, _, kind, name = self.request.parent.split("::", 3)
        return f"{kind.rsplit('$', 1)[-1]}::{name}"


@dataclass
class Made:
    """What one run came to. `code` is the exit code of a program that ended early."""

    resources: dict[tuple[str, str], Registered] = field(default_factory=dict)
    exports: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    code: int = 0

    def __getitem__(self, key: tuple[str, str]) -> Registered:
        return self.resources[key]

    def of(self, kind: str) -> list[str]:
        """Logical names of one type; `*` at its end stands for any."""
        return [
            name
            for each, name in self.resources
            if each == kind or (kind[-1] == "*" and each.startswith(kind[:-1]))
        ]


class _Cloud(pulumi.runtime.Mocks):
    """Answers as a cloud where everything works: outputs are the inputs, ids follow from names."""

    COMPUTED: Mapping[str, Mapping[str, object]] = {
        "ccc:index:PhoneNumber": {"status": "bound", "province": "上海", "city": "上海"},
        "ccc:index:InstanceRoster": {"unmanaged": []},
    }

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        identity = "2206600000009" if args.typ == "alicloud:marketplace/order:Order" else f"id-{args.name}"
        if args.typ == "alicloud:ims/oidcProvider:OidcProvider":
            return args.name, {**args.inputs, "arn": f"acs:ram::1570000000000002:oidc-provider/{args.name}"}
        return args.resource_id or identity, {**args.inputs, **self.COMPUTED.get(args.typ, {})}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"{args.token} is called")


class _Monitor(MockMonitor):
    def __init__(self, made: Made) -> None:
        super().__init__(_Cloud())
        self._made = made

    def RegisterResource(self, request: Any) -> Any:
        inputs = pulumi.runtime.rpc.deserialize_properties(request.object)
        self._made.resources[request.type, request.name] = Registered(inputs, request)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK has no type


class _Told(logging.Handler):
    def __init__(self, made: Made) -> None:
        super().__init__()
        self._made = made

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            shown = self._made.errors if record.levelno >= logging.ERROR else self._made.warnings
            shown.append(record.getMessage())


def run(
    folder: Path,
    declaration: str,
    config: Mapping[str, str] | None = None,
    preview: bool = False,
    stack: str = "acme",
) -> Made:
    """Run the program of a stack in the project `folder`, which must be the working directory."""
    (folder / "stacks").mkdir(exist_ok=True)
    (folder / f"stacks/{stack}.yaml").write_text(declaration, "utf-8")
    made = Made()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # The SDK leaves an event loop open in each thread it registers from: one thread, whose loop is closed below.
    thread = ThreadPoolExecutor(1)
    loop.set_default_executor(thread)
    logger = logging.Logger("engine", logging.WARNING)
    logger.addHandler(_Told(made))
    pulumi.runtime.set_mocks(
        _Cloud(), project="ccc-numbers", stack=stack, preview=preview, logger=logger, monitor=_Monitor(made)
    )
    pulumi.runtime.config.set_all_config(dict(config or {}), None)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK has no type
    def whole() -> pulumi.Output[None] | None:
        try:
            exports = program.declare(program.sound(load_stack(Path(), stack)))
        except SystemExit as end:
            made.code = int(end.code or 0)
            return None
        return pulumi.Output.all(**exports).apply(made.exports.update)

    threshold = gc.get_threshold()
    try:
        whole()
    finally:
        pulumi.runtime.config.set_all_config({}, None)
        gc.set_threshold(*threshold)
        gc.unfreeze()
        thread.submit(_close_own_loop).result()
        loop.close()
        asyncio.set_event_loop(None)
    return made


def _close_own_loop() -> None:
    try:
        asyncio.get_event_loop().close()
    except RuntimeError:
        return  # nothing was registered


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, and one's feet in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CCC_WHOLE_SDK", "true")
    monkeypatch.delenv("PULUMI_SKIP_CHECKPOINTS", raising=False)
    return tmp_path
