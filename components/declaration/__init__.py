"""The declaration of a stack: the grammar of `stacks/<stack>.yaml`, read without Pulumi and without network."""

from ccc.rows import FlowType, MediaType, Usage
from components.declaration.model import (
    ContactFlowDeclaration,
    Declaration,
    Grantees,
    InstanceDeclaration,
    Loaded,
    NumberDeclaration,
    OrderDeclaration,
    Purchase,
    Purpose,
    SkillGroupDeclaration,
)
from components.declaration.names import full_name_fault, name_fault
from components.declaration.problem import Problem, Source
from components.declaration.read import load, load_text
from components.declaration.stack import (
    StackFile,
    discover,
    load_stack,
    misnamed,
    platform_fee,
    stack_file,
)

__all__ = [
    "ContactFlowDeclaration",
    "Declaration",
    "FlowType",
    "Grantees",
    "InstanceDeclaration",
    "Loaded",
    "MediaType",
    "NumberDeclaration",
    "OrderDeclaration",
    "Problem",
    "Purchase",
    "Purpose",
    "SkillGroupDeclaration",
    "Source",
    "StackFile",
    "Usage",
    "discover",
    "full_name_fault",
    "load",
    "load_stack",
    "load_text",
    "misnamed",
    "name_fault",
    "platform_fee",
    "stack_file",
]
