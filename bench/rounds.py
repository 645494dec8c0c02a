"""Runs everything that is compared side by side, so that what the machine does besides hits all alike."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .dynamic.subject import DYNAMIC, one_by_one
from .dynamic.subject import LARGEST as LARGEST_DYNAMIC
from .pulumi_subjects import CCC, CHECKPOINTS, NOOP, on_ccc, on_nothing
from .subject import Sample, Subject, Verb
from .terraform.subject import LARGEST as LARGEST_TERRAFORM
from .terraform.subject import TERRAFORM, available, terraform_data

NAMES = (CCC, NOOP, DYNAMIC, TERRAFORM)
# Checkpoints cost the square of the number of resources; measured where they already hurt, and once.
_SIZE_WITH_CHECKPOINTS = 1000

Opener = Callable[[Path, int], AbstractContextManager[Subject]]


@dataclass(frozen=True)
class Cell:
    """What is measured several times: one verb of one subject at one size."""

    size: int
    subject: str
    verb: Verb


@dataclass(frozen=True)
class Skipped:
    """A subject left out at a size, and why."""

    size: int
    subject: str
    why: str


@dataclass
class Found:
    """All samples of a run."""

    samples: dict[Cell, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What was asked for. `only`: names of subjects, empty for all. `verbs` in the order they are done."""

    sizes: Sequence[int]
    repeat: int
    only: Collection[str]
    verbs: Sequence[Verb]
    checkpoints: bool
    latency_ms: float


def measure(wanted: Wanted, found: Found, show: Callable[[str], None]) -> None:
    """Every size, `repeat` times; within a round each verb is done by one subject after the other.

    What is measured goes into `found` at once, so that a failure late in a long run leaves the rest.
    """
    for size in wanted.sizes:
        openers = _openers(wanted, size, found)
        with ExitStack() as until_the_end:
            subjects = [_opened(until_the_end, opener, size) for opener in openers.values()]
            for turn in range(wanted.repeat):
                for verb in wanted.verbs:
                    # Everyone begins once: who runs first after a pause is not always the same.
                    at = turn % len(subjects) if subjects else 0
                    for subject in subjects[at:] + subjects[:at]:
                        if subject.name == CHECKPOINTS and turn > 0:
                            continue
                        show(f"{size:,} numbers, round {turn + 1} of {wanted.repeat}: {verb}, {subject.name}")
                        # First done, then noted: one that fails or is interrupted leaves no empty list behind.
                        sample = subject.perform(verb)
                        found.samples[Cell(size, subject.name, verb)].append(sample)


def _openers(wanted: Wanted, size: int, found: Found) -> Mapping[str, Opener]:
    openers: dict[str, Opener] = {
        CCC: partial(on_ccc, latency_ms=wanted.latency_ms),
        NOOP: on_nothing,
        DYNAMIC: partial(one_by_one, latency_ms=wanted.latency_ms),
        TERRAFORM: terraform_data,
    }
    for name, why in _left_out(size).items():
        found.skipped.append(Skipped(size, name, why))
        del openers[name]
    if wanted.only:
        openers = {name: opener for name, opener in openers.items() if name in wanted.only}
    if wanted.checkpoints and size == _SIZE_WITH_CHECKPOINTS:
        openers[CHECKPOINTS] = partial(
            on_ccc,
            latency_ms=wanted.latency_ms,
            name=CHECKPOINTS,
            more={"PULUMI_SKIP_CHECKPOINTS": "false"},
        )
    return openers


def _left_out(size: int) -> dict[str, str]:
    """Why a subject is not measured at a size, by its name."""
    why = {}
    if size > LARGEST_DYNAMIC:
        why[DYNAMIC] = (
            f"takes the square of the count, 4 minutes for 4,000; measured up to {LARGEST_DYNAMIC:,}"
        )
    if not available():
        why[TERRAFORM] = "there is no terraform on PATH"
    elif size > LARGEST_TERRAFORM:
        why[TERRAFORM] = (
            f"an up of 10,000 was not done after 12 minutes; measured up to {LARGEST_TERRAFORM:,}"
        )
    return why


def _opened(until_the_end: ExitStack, opener: Opener, size: int) -> Subject:
    folder = until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="ccc-bench-"))
    return until_the_end.enter_context(opener(Path(folder), size))
