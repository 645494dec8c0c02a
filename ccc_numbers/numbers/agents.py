"""Whose personal number a number is: one agent may have it to call out with, and then no skill group. Pure."""

from ccc_numbers.api.rows import PhoneNumber
from ccc_numbers.messages.language import tr


def is_agent(agent: str | None, user_id: str) -> bool:
    """Whether a declared agent is the one CCC names: user ids are `login@instance`, and either form may be declared.

    A login may hold an @ itself.
    """
    return bool(agent) and agent in (user_id, user_id.rpartition("@")[0])


def handover(live: str, declared: str | None) -> tuple[str, str]:
    """The agent who loses a number, and the one who gets it; "" for nobody.

    Nobody loses it where the declaration is silent (None): a line that a file no longer mentions, a column that was
    deleted, must not take the phone from a person.
    """
    if declared is None or live == declared or is_agent(declared, live):
        return "", ""
    return live, declared


def personal(row: PhoneNumber) -> str:
    """Why an agent's number stays in its instance."""
    return tr(
        "{number} is the personal number of agent {agent} in {instance} and is left alone; take it from the agent first: "
        "`agent: null` on it, then `pulumi up`",
        number=row.number,
        agent=row.user_id,
        instance=row.instance_id,
    )


def unsaid(row: PhoneNumber) -> str:
    """Why an agent's number is left alone where the declaration does not say whose it is."""
    return tr(
        "{number} is the personal number of agent {agent} in {instance} and is left alone: write `agent: {agent}` on it if "
        "it is to stay the agent's, `agent: null` to take it from the agent, or leave it out of the declaration",
        number=row.number,
        agent=row.user_id,
        instance=row.instance_id,
    )
