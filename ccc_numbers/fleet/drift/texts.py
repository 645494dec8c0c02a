"""What `expected` and `actual` of a finding say: in English, since baselines and reports keep it; `in_words` for people."""

import re
from functools import cache

from ccc_numbers.api.rows import Usage
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.numbers.plan_number import Binding

NONE = mark("none")
DECLARED = mark("declared")
NOT_DECLARED = mark("not declared")
DECLARED_ALONE = mark("declared by {stack} alone")
DECLARED_AS_WELL = mark("declared by {stacks} as well, for {instance}")
IN_ALONE = mark("in {instance} alone")
LISTED_IN = mark("listed in {instances}")
UNASSIGNED = mark("in no instance (among the account's unassigned numbers)")
ABSENT = mark("not in the account")
PERSONAL = mark("personal number of agent {agent}")
NO_AGENT = mark("given to no agent")
ACTIVE = mark("active")
INACTIVE = mark("switched off")
NO_FLOW = mark("no flow: callers reach nothing")
LOST_FLOW = mark("a flow that is gone ({flow}): callers reach nothing")
NO_GROUP = mark("no skill group: nobody can call out with it")
PUBLISHED = mark("published")
NEVER_PUBLISHED = mark("never published")
MAIN_FLOW = mark("a published main flow")
OTHER_FLOW = mark("a {type} flow, which answers no number")
FLOW_OF_TYPE = mark("a {type} flow")
FLOW_OF_FILE = mark("as in {file}")
OTHER_DEFINITION = mark("another definition")
A_GROUP = mark("a skill group of that name")
AGENTS = mark("agents")
RUNNING_RULE = mark("a rule that runs")
TO_HIDE = mark("something to hide")
NOTHING = mark("nothing")
RUNNING_TERM = mark("a term that runs")
ENDED = mark("ended on {day}")
ENDS = mark("ends on {day}")
NEVER_UP = mark("not there: never brought up")
TAKEN_OUT = mark("in the state: the next `up` takes it out of its instance")
IN_STATE = mark("in the state")
AS_STATE = mark("there, as the state has it")
GONE = mark("gone")
MEANT = mark("none; did you mean {near}?")
MANY = mark("none; there are: {names} and {left} more")
ALL = mark("none; there are: {names}")
GROUPS = mark("skill groups {names}")
SELLER = mark("vendor {vendor} ({company})")
VENDOR = mark("vendor {vendor}")
IN = mark("in {instance}")
CALLS, CALLS_IN = mark("calls in or out"), mark("calls in")
NOBODY_CALLED = mark("nobody called")
AGENT_ANSWERS = mark("an agent answers")
NO_AGENT_ANSWERS = mark("most calls reach no agent")
LET_THROUGH = mark("calls are let through")
RESTRICTED = mark("most calls are restricted")
NO_CALL_PAID = mark("no call; paid with {order}")
OFFERED = mark("offered to the agents of {names}")
NOT_OFFERED = mark("not offered: no agent can call out with it")
REACHED = mark("every way of a call ends with somebody")
LINK_GONE = mark("is gone")
LINK_UNPUBLISHED = mark("was never published")
LINK_EMPTY = mark("has no agent")
GROUP_LINK = mark("skill group {name}")
PUBLISHED_LINK = mark("{name} (published)")

_BOUND = re.compile(
    # not translated: of `str(Binding)`
    r"(inbound|outbound|bidirectional)(?:, flow (.+?))?(?:, skill groups (.+?))?(?:, personal number of agent (.+))?"
)
_NAMES = ("displayName", "description")
"""Fields whose values people wrote."""


def in_words(text: str, field: str | None = None) -> str:
    """The text for the reader; a name or another value as it is. `field` of the finding."""
    if field in _NAMES and text != NONE:
        return text
    if " → " in text or re.search(f": ({LINK_GONE}|{LINK_UNPUBLISHED})(; |$)", text):
        return "; ".join(" → ".join(map(_link, way.split(" → "))) for way in text.split("; "))
    if field == "flow" and " " not in text and text != NONE:
        return text
    if found := next(((said, hit) for said, rule in _rules() if (hit := rule.fullmatch(text))), None):
        return tr(found[0], **found[1].groupdict())
    return _bound(text)


def _link(text: str) -> str:
    """A link of a chain, and what is wrong with it."""
    link, colon, fault = text.rpartition(": ")
    if not colon:
        return in_words(text)
    return tr("{link}: {fault}", link=in_words(link), fault=tr(fault))


def _bound(text: str) -> str:
    """A binding as `str(Binding)` says it, perhaps of an agent's number."""
    found = _BOUND.fullmatch(text)
    if found is None:
        return text
    usage, flow, groups, agent = found.groups()
    held = frozenset(groups.split(", ") if groups else ())
    return Binding(Usage[usage.upper()], flow, held, agent or "").in_words()


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each message with what it matches in English; those with fewer values, and longer ones, first."""
    said = {value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
    ordered = sorted(said, key=lambda each: (each in (ALL, IN), each.count("{"), -len(each)))
    return tuple((each, re.compile(_pattern(each))) for each in ordered)


def _pattern(message: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(message))
