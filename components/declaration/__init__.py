"""The declaration of a stack: the grammar of `stacks/<stack>.yaml`, read without Pulumi and without network."""

from components.declaration.model import (
    Contact,
    ContactFlowDeclaration,
    Declaration,
    FlowType,
    InstanceDeclaration,
    Loaded,
    MediaType,
    NumberDeclaration,
    OrderDeclaration,
    Purchase,
    Rates,
    SkillGroupDeclaration,
    Stage,
    Term,
    Usage,
)
from components.declaration.problem import Problem, ProblemLike, Source
from components.declaration.read import load, load_text

__all__ = [
    "Contact",
    "ContactFlowDeclaration",
    "Declaration",
    "FlowType",
    "InstanceDeclaration",
    "Loaded",
    "MediaType",
    "NumberDeclaration",
    "OrderDeclaration",
    "Problem",
    "ProblemLike",
    "Purchase",
    "Rates",
    "SkillGroupDeclaration",
    "Source",
    "Stage",
    "Term",
    "Usage",
    "load",
    "load_text",
]
