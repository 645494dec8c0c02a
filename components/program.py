"""The pieces of the Pulumi program: read the declaration, refuse it whole, or declare all of it."""

import sys
from collections.abc import Sequence

import pulumi
import pulumi.runtime.resource
from pulumi.runtime.proto import source_pb2

from .declaration import Declaration, Problem
from .instance_numbers import InstanceNumbers

EXPLAINED = 32
"""Exit code by which Pulumi's Python host knows that the errors have been printed already."""


def refuse(problems: Sequence[Problem]) -> None:
    """Print every problem and end, if there are any. Nothing has been registered, so nothing is changed."""
    for problem in problems:
        pulumi.log.error(str(problem))
    if problems:
        sys.exit(EXPLAINED)


def declare(declaration: Declaration) -> dict[str, InstanceNumbers]:
    """Register everything the stack declares; the components by instance id."""
    _leave_out_stack_traces()
    everywhere = {number for instance in declaration.instances.values() for number in instance.numbers}
    return {
        instance.id: InstanceNumbers(instance, everywhere - instance.numbers.keys())
        for instance in declaration.instances.values()
    }


def _leave_out_stack_traces() -> None:
    """Half of a program's time, and of its state file, is the Python stack the SDK keeps for each resource.

    All resources here come from the same lines, so it tells nothing. There is no public switch for it.
    """
    if hasattr(pulumi.runtime.resource, "_get_stack_trace"):
        pulumi.runtime.resource._get_stack_trace = source_pb2.StackTrace
