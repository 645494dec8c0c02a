"""The text of a stack file with adopted numbers in it. All other lines stay as people wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from textwrap import indent
from typing import Self

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ccc_numbers.fleet.adopt.plan import AdoptedNumber, AdoptionPlan
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.visible import visible
from ccc_numbers.messages.yaml_document import Document
from ccc_numbers.numbers.plan_number import Binding

_STEP = 2
_LONGEST_ROW = 70


class CannotInsert(FleetError):
    """The file's form has no place where lines can be added; `lines` are those to add by hand."""

    def __init__(self, message: str, lines: str) -> None:
        super().__init__(f"{message}; add these lines by hand:", *lines.split("\n"))


@dataclass(frozen=True, slots=True)
class Defaults:
    """The defaults of an instance, in the stack file's words."""

    usage: str | None = None
    flow: str | None = None
    groups: frozenset[str] = frozenset()
    order: str | None = None

    @classmethod
    def of(cls, binding: Binding | None, order: str | None) -> Self:
        """The defaults to write for a binding."""
        if binding is None:
            return cls(order=order)
        return cls(str(binding.usage), binding.flow, binding.groups, order)

    @classmethod
    def read(cls, document: Document, instance: str) -> Self:
        """The defaults of an instance in a sound stack file."""
        found = document.at(("instances", instance, "defaults"))
        if not isinstance(found, dict):
            return cls()
        groups = found.get("skillGroups")
        return cls(
            usage=_text(found.get("usage")),
            flow=_text(found.get("flow")),
            groups=frozenset(str(group) for group in groups) if isinstance(groups, list) else frozenset(),
            order=_text(found.get("order")),
        )


def new_text(plan: AdoptionPlan, head: str) -> str:
    """A stack file of its own for one instance. `head` is the comment on top."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in head.splitlines())
    return comment + "instances:\n" + indent(_instance(plan), " " * _STEP)


def extended_text(text: str, plan: AdoptionPlan, defaults: Defaults | None) -> str:
    """A stack file with the plan's numbers added, every other line as it was.

    `defaults` are those of the instance as the file has it; None when the file does not have the instance.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if text and not text.endswith("\n"):
        text += "\n"
    instances = _child(root, "instances")
    if instances is None:
        return text + "instances:\n" + indent(_instance(plan), " " * _STEP)
    instance = _child(instances, plan.instance)
    if instance is None or defaults is None:
        return _insert(text, instances, _instance(plan))
    rows = _numbers(plan, defaults)
    numbers = _child(instance, "numbers")
    if _holds_nothing(instance, numbers):
        return _filled(text, instances, plan)
    if numbers is None:
        return _insert(text, instance, "numbers:\n" + indent(rows, " " * _STEP))
    return _insert(text, numbers, rows)


def _holds_nothing(instance: yaml.Node, numbers: yaml.Node | None) -> bool:
    """Whether an instance says `numbers: {}` and no more, as `ccc-numbers init` writes it."""
    alone = isinstance(instance, yaml.MappingNode) and not instance.flow_style and len(instance.value) == 1
    return alone and isinstance(numbers, yaml.MappingNode) and not numbers.value


def _filled(text: str, instances: yaml.Node | None, plan: AdoptionPlan) -> str:
    """The text with the whole instance in the place of one that holds nothing."""
    assert isinstance(instances, yaml.MappingNode)
    key, value = next(pair for pair in instances.value if pair[0].value == plan.instance)
    lines = text.splitlines(keepends=True)
    written = indent(_instance(plan), " " * key.start_mark.column)
    return "".join([*lines[: key.start_mark.line], written, *lines[_last_line(value) + 1 :]])


def _insert(text: str, mapping: yaml.Node | None, lines: str) -> str:
    """`lines` after the last entry of a block mapping, at its own depth."""
    if not isinstance(mapping, yaml.MappingNode) or mapping.flow_style or not mapping.value:
        raise CannotInsert("the file has no block of entries to add to", lines)
    column = mapping.value[0][0].start_mark.column
    after = _last_line(mapping) + 1
    before = text.splitlines(keepends=True)
    return "".join([*before[:after], indent(lines, " " * column), *before[after:]])


def _last_line(node: yaml.Node) -> int:
    """The line (from 0) on which the content of a node ends; comments and blank lines after it do not count."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        key, value = node.value[-1]
        return max(int(key.end_mark.line), _last_line(value))
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1])
    end = node.end_mark
    # A block scalar ends where the next thing begins.
    block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") and end.column == 0
    return int(end.line) - 1 if block else int(end.line)


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _instance(plan: AdoptionPlan) -> str:
    orders = {each.order for each in plan.written}
    order = orders.pop() if len(orders) == 1 else None
    binding = plan.defaults
    said: dict[str, object] = {}
    if binding is not None:
        said = {"usage": str(binding.usage)}
        said |= {"flow": binding.flow} if binding.flow else {}
        said |= {"skillGroups": sorted(binding.groups)} if binding.groups else {}
    block = CommentedMap(defaults=_line({**said, "order": order}))
    text = _dumped(CommentedMap({plan.instance: block}))
    return text + indent("numbers:\n" + indent(_numbers(plan, Defaults.of(binding, order)), "  "), "  ")


def _numbers(plan: AdoptionPlan, defaults: Defaults) -> str:
    rows = CommentedMap()
    for each in plan.written:
        rows[DoubleQuotedScalarString(each.number)] = _line(_said(each, defaults))
    # Remarks in one column, but for the few rows that are much longer than the others.
    column = min(max(map(len, _dumped(rows).splitlines()), default=0), _LONGEST_ROW) + 1
    for each in plan.written:
        if each.remark:
            rows.yaml_add_eol_comment(each.remark, each.number, column=column)
    return _dumped(rows)


def _said(number: AdoptedNumber, defaults: Defaults) -> Mapping[str, object]:
    """The keys a number needs of its own, beside its instance's defaults."""
    binding, said = number.binding, dict[str, object]()
    if str(binding.usage) != defaults.usage:
        said["usage"] = str(binding.usage)
    # An outbound number takes no flow over from the defaults, an agent's own no skill groups.
    if binding.flow and binding.flow != defaults.flow:
        said["flow"] = binding.flow
    if number.agent:
        said["agent"] = number.agent
    elif binding.groups != defaults.groups:
        said["skillGroups"] = sorted(binding.groups)
    if number.order != defaults.order:
        said["order"] = number.order
    return said


def _line(values: Mapping[str, object]) -> CommentedMap:
    line = CommentedMap()
    for key, value in values.items():
        if isinstance(value, list):
            value = CommentedSeq(map(_scalar, value))
            value.fa.set_flow_style()
        line[key] = _scalar(value)
    line.fa.set_flow_style()
    return line


def _scalar(value: object) -> object:
    """A name with invisible characters in double quotes, which alone can hold all of them."""
    if isinstance(value, str) and visible(value) != value:
        return DoubleQuotedScalarString(value)
    return value


class _Representer(RoundTripRepresenter):
    """Writes an explicit nothing as `~`."""

    def none(self, _: None) -> object:
        return self.represent_scalar("tag:yaml.org,2002:null", "~")


_Representer.add_representer(type(None), _Representer.none)


def _dumped(data: CommentedMap) -> str:
    writer, text = YAML(), StringIO()
    writer.Representer = _Representer
    writer.width = 10_000
    writer.dump(data, text)
    return text.getvalue()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
