"""The pieces of the Pulumi program: read the declaration, refuse it whole, or declare all of it."""

import sys
from datetime import date

import pulumi
import pulumi.runtime.resource
from pulumi.runtime.proto import source_pb2

from vendors.platform_fee import Mode

from .declaration import Declaration, Loaded
from .declaration.vendor_rules import vendor_problems
from .instance_numbers import InstanceNumbers
from .vendor_orders import declare_orders, priced, summaries

EXPLAINED = 32
"""Exit code by which Pulumi's Python host knows that the errors have been printed already."""


def sound(loaded: Loaded) -> Declaration:
    """The declaration, when neither the grammar nor the vendors' rules have an error.

    Otherwise every problem is printed and the program ends. Nothing has been registered, so nothing is changed.
    """
    vendors = () if loaded.declaration is None else vendor_problems(loaded.declaration, date.today())
    errors = [*loaded.problems, *(problem for problem in vendors if problem.severity == "error")]
    for problem in errors:
        pulumi.log.error(str(problem))
    for problem in vendors:
        if problem.severity != "error":
            pulumi.log.warn(str(problem))
    if errors or loaded.declaration is None:
        sys.exit(EXPLAINED)
    return loaded.declaration


def declare(declaration: Declaration) -> dict[str, object]:
    """Register everything the stack declares; what it exports."""
    _leave_out_stack_traces()
    prices = priced(
        declaration, date.today(), Mode(pulumi.Config("ccc-numbers").get("platformFee") or Mode.GRADUATED)
    )
    orders = declare_orders(declaration, prices)
    everywhere = {number for instance in declaration.instances.values() for number in instance.numbers}
    instances = [
        InstanceNumbers(instance, everywhere - instance.numbers.keys(), orders)
        for instance in declaration.instances.values()
    ]
    exports: dict[str, object] = {"instances": {each.instance_id: each.summary for each in instances}}
    if declaration.orders:
        exports["orders"] = summaries(declaration)
        exports["cost"] = prices.as_outputs()
    return exports


def _leave_out_stack_traces() -> None:
    """Half of a program's time, and of its state file, is the Python stack the SDK keeps for each resource.

    All resources here come from the same lines, so it tells nothing. There is no public switch for it.
    """
    if hasattr(pulumi.runtime.resource, "_get_stack_trace"):
        pulumi.runtime.resource._get_stack_trace = source_pb2.StackTrace
