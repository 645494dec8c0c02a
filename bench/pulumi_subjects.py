"""The two subjects that run this project's own program: on its plugin, and on one that does nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from . import world
from .simulated import Simulator, simulator
from .stack import ROOT, STACK, Stack, link_program
from .subject import Sample, Verb
from .watch import CommandFailed, Measured, Part

CCC = "ccc"
NOOP = "noop"
CHECKPOINTS = "ccc, checkpoints on"


class OnCcc:
    """This project on its own plugin, against a simulator."""

    def __init__(self, name: str, stack: Stack, ccc: Simulator, count: int) -> None:
        self.name = name
        self._stack = stack
        self._ccc = ccc
        self._count = count

    def perform(self, verb: Verb) -> Sample:
        sample = counted(self._ccc, lambda: self._stack.perform(verb))
        check_held(self._ccc, 0 if verb is Verb.DESTROY else self._count)
        return sample


class OnNothing:
    """The same program on a plugin that does nothing: what the engine, the SDK and the program cost."""

    name = NOOP

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def perform(self, verb: Verb) -> Sample:
        return Sample(self._stack.perform(verb))


@contextmanager
def on_ccc(
    folder: Path, count: int, latency_ms: float, name: str = CCC, more: Mapping[str, str] | None = None
) -> Iterator[OnCcc]:
    """The first subject. `more`: environment in place of the usual."""
    with simulator(folder, world.seed(count), latency_ms) as ccc:
        config = {"ccc:region": "cn-shanghai", "ccc:endpoint": ccc.url}
        yield OnCcc(name, _stack(folder, count, _project(), config, more), ccc, count)


@contextmanager
def on_nothing(folder: Path, count: int) -> Iterator[OnNothing]:
    """The second."""
    project = _project().replace("./ccc_numbers/provider", str(ROOT / "bench" / "noop"))
    yield OnNothing(_stack(folder, count, project, {}, None))


def counted(ccc: Simulator, work: Callable[[], Measured]) -> Sample:
    """A measurement with its calls and the simulator's own CPU beside the others'."""
    ccc.reset()
    before = ccc.cpu_s()
    measured = work()
    served = Part(ccc.cpu_s() - before, 0.0)
    return Sample(
        Measured(measured.seconds, {**measured.parts, "simulator": served}, measured.text), ccc.calls()
    )


def check_held(ccc: Simulator, expected: int) -> None:
    """A verb that did not do its work must not count as fast."""
    held = ccc.in_instance(world.INSTANCE)
    if held != expected:
        raise CommandFailed(f"the instance holds {held} numbers, not {expected}")


def _project() -> str:
    return (ROOT / "Pulumi.yaml").read_text("utf-8")


def _stack(
    folder: Path, count: int, project: str, config: Mapping[str, str], more: Mapping[str, str] | None
) -> Stack:
    link_program(folder)
    stack = Stack(folder, project, config, more)
    (folder / "stacks" / f"{STACK}.yaml").write_text(world.declaration(count), "utf-8")
    return stack
