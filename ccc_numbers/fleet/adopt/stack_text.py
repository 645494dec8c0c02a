"""The text of a stack file with adopted numbers in it. All other lines stay as people wrote them."""

from collections.abc import Mapping
from textwrap import indent

import yaml
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ccc_numbers.api.rows import FlowType
from ccc_numbers.fleet.adopt.plan import AdoptionPlan
from ccc_numbers.fleet.written_numbers import Defaults, own_keys
from ccc_numbers.fleet.yaml_text import STEP, child, compose, dumped, last_line, line, pairs, paste, scalar

_LONGEST_ROW = 70


def new_text(plan: AdoptionPlan, head: str) -> str:
    """A stack file of its own for one instance. `head` is the comment on top."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in head.splitlines())
    return comment + "instances:\n" + indent(_instance(plan), " " * STEP)


def extended_text(text: str, plan: AdoptionPlan, defaults: Defaults | None) -> str:
    """A stack file with the plan's numbers, groups and flows added, every other line as it was.

    `defaults` are those of the instance as the file has it; None when the file does not have the instance.
    """
    instances = child(compose(text), "instances")
    instance = child(instances, plan.instance)
    if instance is None or defaults is None:
        return paste(text, ["instances"], _instance(plan))
    if _holds_nothing(instance):
        return _filled(text, instances, plan)
    for key, lines in _blocks(plan, defaults).items():
        text = paste(text, ["instances", plan.instance, key], lines)
    return text


def _holds_nothing(instance: yaml.Node) -> bool:
    """Whether an instance says `numbers: {}` and no more, as `ccc-numbers init` writes it."""
    alone = isinstance(instance, yaml.MappingNode) and not instance.flow_style and len(instance.value) == 1
    numbers = child(instance, "numbers")
    return alone and isinstance(numbers, yaml.MappingNode) and not numbers.value


def _filled(text: str, instances: yaml.Node | None, plan: AdoptionPlan) -> str:
    """The text with the whole instance in the place of one that holds nothing."""
    key, value = next(pair for pair in pairs(instances) if pair[0].value == plan.instance)
    lines = text.splitlines(keepends=True)
    written = indent(_instance(plan), " " * key.start_mark.column)
    return "".join([*lines[: key.start_mark.line], written, *lines[last_line(value) + 1 :]])


def _instance(plan: AdoptionPlan) -> str:
    orders = {each.order for each in plan.written}
    order = orders.pop() if len(orders) == 1 else None
    binding = plan.defaults
    said: dict[str, object] = {}
    if binding is not None:
        said = {"usage": str(binding.usage)}
        said |= {"flow": binding.flow} if binding.flow else {}
        said |= {"skillGroups": sorted(binding.groups)} if binding.groups else {}
    defaults = dumped(CommentedMap(defaults=line({**said, "order": order}))) if plan.written else ""
    blocks = {
        key: f"{key}:\n" + indent(lines, " " * STEP)
        for key, lines in _blocks(plan, Defaults.of(binding, order)).items()
    }
    numbers = blocks.pop("numbers", "")
    name = dumped(CommentedMap({plan.instance: None})).removesuffix(" ~\n") + "\n"
    return name + indent("".join(blocks.values()) + defaults + numbers, " " * STEP)


def _blocks(plan: AdoptionPlan, defaults: Defaults) -> dict[str, str]:
    """The entries to add below each key of an instance; only keys that get some."""
    groups = {
        each.name: {"displayName": each.display_name}
        | ({"description": each.description} if each.description else {})
        | ({"mediaType": each.media_type.lower()} if each.media_type != "AUDIO" else {})
        for each in plan.managed.groups
    }
    flows = {
        each.row.name: ({} if each.row.type is FlowType.MAIN else {"type": str(each.row.type)})
        | {"definition": each.file(plan.instance)}
        for each in plan.managed.flows
    }
    found = {
        "skillGroups": _entries(groups),
        "contactFlows": _entries(flows),
        "numbers": _numbers(plan, defaults),
    }
    return {key: lines for key, lines in found.items() if lines}


def _entries(rows: Mapping[str, Mapping[str, object]]) -> str:
    return dumped(CommentedMap({scalar(name): line(said) for name, said in rows.items()})) if rows else ""


def _numbers(plan: AdoptionPlan, defaults: Defaults) -> str:
    rows = CommentedMap()
    if not plan.written:
        return ""
    for each in plan.written:
        own = own_keys(each.binding, each.agent, each.order, defaults)
        rows[DoubleQuotedScalarString(each.number)] = line(own)
    # Remarks in one column, but for the few rows that are much longer than the others.
    column = min(max(map(len, dumped(rows).splitlines()), default=0), _LONGEST_ROW) + 1
    for each in plan.written:
        if each.remark:
            rows.yaml_add_eol_comment(each.remark, each.number, column=column)
    return dumped(rows)
