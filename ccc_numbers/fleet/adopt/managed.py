"""The skill groups and contact flows of an instance that a stack can manage as they are. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ccc_numbers.api.rows import FLOW_TYPES, LONGEST_NAME, SKILL_GROUP_NAME, ContactFlow, SkillGroup
from ccc_numbers.fleet.drift.gather import InstanceView
from ccc_numbers.messages.files import MIB
from ccc_numbers.messages.json_text import json_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.visible import visible

_UNFIT = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class AdoptedFlow:
    """A flow to manage, and the text of its definition file."""

    row: ContactFlow
    definition: str

    def file(self, instance: str) -> str:
        """Where its definition is written, from the stack file's folder: `flows/acme-support-主流程.json`."""
        return f"flows/{instance}-{_UNFIT.sub('-', self.row.name)}.json"


@dataclass(frozen=True, slots=True)
class Managed:
    """The groups and flows to manage, by name in order; `left_out` has the reason for each that is only referenced."""

    groups: tuple[SkillGroup, ...] = ()
    flows: tuple[AdoptedFlow, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


NOTHING = Managed()


def matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name is one of these, or fits one of these patterns (`021*`)."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def managed(
    view: InstanceView, groups: Sequence[str], flows: Sequence[str], owners: Mapping[tuple[str, str], str]
) -> Managed:
    """Those that fit the patterns. `owners` has the stack that manages a ("group" or "flow", name) already."""
    left_out: dict[str, str] = {}
    found_groups, found_flows = list[SkillGroup](), list[AdoptedFlow]()
    for name, group in sorted(view.groups.items()):
        if not matches(name, groups) or ("group", name) in owners:
            continue
        if reason := _unfit_group(group):
            # not translated: a key
            left_out[f"skill group {visible(name)}"] = tr("{reason}; it is only referenced", reason=reason)
        else:
            found_groups.append(group)
    for name, flow in sorted(view.flows.items()):
        if not matches(name, flows) or ("flow", name) in owners:
            continue
        definition, reason = _exported(flow)
        if reason:
            # not translated: a key
            left_out[f"contact flow {visible(name)}"] = tr("{reason}; it is only referenced", reason=reason)
        else:
            found_flows.append(AdoptedFlow(flow, definition))
    return Managed(tuple(found_groups), tuple(found_flows), left_out)


def _unfit_group(group: SkillGroup) -> str | None:
    if not SKILL_GROUP_NAME.fullmatch(group.name):
        return tr("has a name that cannot be declared")
    if not group.display_name.strip() or visible(group.display_name) != group.display_name:
        return tr("has a display name that cannot be declared")
    return None


def _exported(flow: ContactFlow) -> tuple[str, str | None]:
    """The text of the definition file, or why there can be none."""
    if not flow.published:
        return "", tr("was never published")
    if flow.type not in FLOW_TYPES:
        return "", tr("is of a kind that cannot be declared")
    if not flow.name.isprintable() or flow.name != flow.name.strip() or len(flow.name) > LONGEST_NAME:
        return "", tr("has a name that cannot be declared")
    try:
        parsed = json.loads(flow.definition)
        text = json_text(parsed) + "\n"
        same = isinstance(parsed, dict) and json.loads(text) == parsed
    except (ValueError, RecursionError):
        same, text = False, ""
    if not same or len(text.encode(errors="replace")) > MIB:
        return "", tr("has a definition that cannot be exported as a JSON object of at most 1 MiB")
    return text, None
