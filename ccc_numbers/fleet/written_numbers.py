"""The keys that a number needs of its own in a stack file, beside the defaults of its instance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ccc_numbers.messages.yaml_document import Document
from ccc_numbers.numbers.plan_number import Binding


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


def own_keys(
    binding: Binding, agent: str | None, order: str | None, defaults: Defaults
) -> Mapping[str, object]:
    """The keys of a number that its defaults do not say."""
    said = dict[str, object]()
    if str(binding.usage) != defaults.usage:
        said["usage"] = str(binding.usage)
    # An outbound number takes no flow over from the defaults, an agent's own no skill groups.
    if binding.flow and binding.flow != defaults.flow:
        said["flow"] = binding.flow
    if agent is not None:
        said["agent"] = agent or None
    if not agent and binding.groups != defaults.groups:
        said["skillGroups"] = sorted(binding.groups)
    if order != defaults.order:
        said["order"] = order
    return said


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
