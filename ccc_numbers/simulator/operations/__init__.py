"""CCC's operations, one module per family, one function per operation."""

from collections.abc import Mapping
from types import MappingProxyType

from ccc_numbers.simulator.operation import Operation
from ccc_numbers.simulator.operations import calls, contact_flows, instances, numbers, skill_groups

_DECLARED = [
    value
    for family in (calls, contact_flows, instances, numbers, skill_groups)
    for value in vars(family).values()
    if isinstance(value, Operation)
]
OPERATIONS: Mapping[str, Operation] = MappingProxyType({each.action: each for each in _DECLARED})
"""Action -> operation: everything the simulator can do."""
