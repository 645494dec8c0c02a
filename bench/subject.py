"""What is compared: each subject brings the same numbers about its own way, with the same five verbs."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from .watch import Measured


class Verb(StrEnum):
    """The five things done to each subject, in this order."""

    UP = "up"
    UNCHANGED = "unchanged"
    PREVIEW = "preview"
    REFRESH = "refresh"
    DESTROY = "destroy"


@dataclass(frozen=True)
class Sample:
    """One verb of one subject, once. `calls`: to CCC by action; empty where there is no CCC behind it."""

    measured: Measured
    calls: dict[str, int] = field(default_factory=dict)


class Subject(Protocol):
    """One way to have the numbers, set up for a certain count of them."""

    name: str

    def perform(self, verb: Verb) -> Sample:
        """Do it and check that it was done; CommandFailed otherwise."""
