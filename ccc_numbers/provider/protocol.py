"""Pulumi's protocol: the generated messages and services, without the SDK they are part of.

`import pulumi` brings the automation API, OpenTelemetry, dill and more, none of which a plugin needs: a third of its
start-up (`make bench`) and 15 MB. So the packages the generated modules lie in are taken as empty while those are
imported. Where the SDK is loaded already, or lies elsewhere, it is used as it is.
"""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

_PACKAGES = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


@contextmanager
def _packages_left_empty() -> Iterator[None]:
    """Let modules inside these packages be imported without running the packages' own code."""
    spec = importlib.util.find_spec("pulumi")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    if "pulumi" in sys.modules or not (folder / "runtime" / "proto" / "provider_pb2.py").exists():
        yield
        return
    for name in _PACKAGES:
        package = ModuleType(name)
        package.__path__ = [str(folder.parent.joinpath(*name.split(".")))]
        sys.modules[name] = package
    try:
        yield
    finally:
        # The modules stay loaded; whoever wants the SDK itself still gets the whole of it.
        for name in _PACKAGES:
            del sys.modules[name]


with _packages_left_empty():
    from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS as CHANNEL_OPTIONS
    from pulumi.runtime.proto import (
        engine_pb2,
        engine_pb2_grpc,
        plugin_pb2,
        provider_pb2,
        provider_pb2_grpc,
        status_pb2,
    )

__all__ = [
    "CHANNEL_OPTIONS",
    "engine_pb2",
    "engine_pb2_grpc",
    "plugin_pb2",
    "provider_pb2",
    "provider_pb2_grpc",
    "status_pb2",
]
