"""CCC's operations, one module per family, one function per operation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ccc_numbers.simulator.operation import Operation, operations_in
from ccc_numbers.simulator.operations import (
    account_numbers,
    bindings,
    contact_flows,
    flow_drafts,
    instances,
    numbers,
    personal_numbers,
    skill_groups,
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        action: operation
        for family in (
            numbers,
            account_numbers,
            bindings,
            personal_numbers,
            skill_groups,
            contact_flows,
            flow_drafts,
            instances,
        )
        for action, operation in operations_in(family).items()
    }
)
"""Action -> operation: everything the simulator can do."""
