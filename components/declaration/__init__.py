"""The declaration of a stack: the grammar of `stacks/<stack>.yaml`, read without Pulumi and without network."""

from ccc.rows import Usage
from components.declaration.model import (
    ContactFlowDeclaration,
    Declaration,
    FlowType,
    Grantees,
    InstanceDeclaration,
    Loaded,
    MediaType,
    NumberDeclaration,
    OrderDeclaration,
    Purchase,
    Purpose,
    SkillGroupDeclaration,
)
from components.declaration.problem import Problem, Source
from components.declaration.read import load, load_text
from components.declaration.stack import StackFile, discover, load_stack, platform_fee, stack_file

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
    "load",
    "load_stack",
    "load_text",
    "platform_fee",
    "stack_file",
]
