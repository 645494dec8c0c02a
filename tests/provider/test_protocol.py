"""The plugin starts without Pulumi's SDK; a process that has both gets one protocol, not two."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def answer(program: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_plugin_loads_neither_the_sdk_nor_the_grammar() -> None:
    """A component loads both; a program without one, such as this project's own, never pays for them."""
    loaded = answer(
        "import ccc_numbers.provider.server, sys; from ccc_numbers.provider.resources import resource;"
        "[resource(f'ccc:index:{each}') for each in ('PhoneNumber', 'InstanceRoster', 'InstanceLatch')];"
        "heavy = {'pulumi', 'pulumi.output', 'dill', 'pydantic', 'components', 'ccc_numbers.provider.construct'};"
        "print(heavy & sys.modules.keys(), len(sys.modules) < 500)"
    )
    assert loaded == "set() True"


def test_the_sdk_can_be_loaded_after_the_plugins_protocol() -> None:
    assert (
        answer(
            "import ccc_numbers.provider.protocol as ours, pulumi; from pulumi.runtime.proto import provider_pb2;"
            "print(ours.provider_pb2 is provider_pb2, hasattr(pulumi, 'Output'))"
        )
        == "True True"
    )


def test_the_protocol_can_be_loaded_after_the_sdk() -> None:
    assert (
        answer(
            "import pulumi, ccc_numbers.provider.protocol as ours; from pulumi.runtime.proto import provider_pb2;"
            "print(ours.provider_pb2 is provider_pb2, hasattr(pulumi, 'Output'))"
        )
        == "True True"
    )
