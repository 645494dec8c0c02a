"""Sets the dynamic program up and runs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import world
from ..pulumi_subjects import check_held, counted
from ..simulated import Simulator, simulator
from ..stack import ROOT, Stack
from ..subject import Sample, Verb

DYNAMIC = "dynamic"
LARGEST = 1000
_PROJECT = """\
name: bench-dynamic
runtime: python
stackConfigDir: stacks
"""


class OneByOne:
    """One dynamic resource a number."""

    name = DYNAMIC

    def __init__(self, stack: Stack, ccc: Simulator, count: int) -> None:
        self._stack = stack
        self._ccc = ccc
        self._count = count

    def perform(self, verb: Verb) -> Sample:
        sample = counted(self._ccc, lambda: self._stack.perform(verb))
        check_held(self._ccc, 0 if verb is Verb.DESTROY else self._count)
        return sample


@contextmanager
def one_by_one(folder: Path, count: int, latency_ms: float) -> Iterator[OneByOne]:
    """The subject; at most `LARGEST` numbers."""
    with simulator(folder, world.seed(count), latency_ms) as ccc:
        (folder / "__main__.py").symlink_to(ROOT / "bench" / "dynamic" / "__main__.py")
        more = {"BENCH_COUNT": str(count), "BENCH_HOST": ccc.host, "BENCH_ROOT": str(ROOT)}
        yield OneByOne(Stack(folder, _PROJECT, {}, more), ccc, count)
