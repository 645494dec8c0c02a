"""Every way a number can stand, against every way it can be declared: what the plan does, and never does."""

from dataclasses import replace
from itertools import product

import pytest

from ccc_numbers.api.rows import PhoneNumber, SkillGroupRef, UnassignedNumber, Usage
from ccc_numbers.numbers.agents import handover
from ccc_numbers.numbers.guards import change_limit, removal_limit
from ccc_numbers.numbers.plan_number import (
    Binding,
    Bound,
    Claims,
    Declared,
    Elsewhere,
    NotImported,
    Plan,
    Refused,
    Standing,
    Unassigned,
    plan,
)

GROUPS = tuple(SkillGroupRef(f"{name}@support", name, name) for name in ("sales", "service"))
BINDINGS = [
    Binding(usage, flow if usage.takes_calls else None, frozenset(groups))
    for usage, flow, groups in product(
        Usage, ("main", "night"), ((), ("sales",), ("service",), ("sales", "service"))
    )
]


def live(binding: Binding, instance: str = "support", agent: str | None = None) -> PhoneNumber:
    return PhoneNumber(
        number="02180001001",
        instance_id=instance,
        usage=binding.usage,
        contact_flow_id=binding.flow and f"id-{binding.flow}",
        contact_flow_name=binding.flow,
        skill_groups=tuple(group for group in GROUPS if group.name in binding.groups),
        active=True,
        user_id=agent,
        provider="A",
        province="上海",
        city="上海",
        tags=None,
        created=None,
    )


STANDINGS: list[Standing] = [
    NotImported(),
    Unassigned(UnassignedNumber("02180001001", "上海", "上海")),
    *(Bound(live(binding)) for binding in BINDINGS),
    *(Elsewhere(live(binding, "billing")) for binding in BINDINGS[:4]),
    Bound(live(BINDINGS[0], agent="agent@support")),
    Elsewhere(live(BINDINGS[0], "billing", agent="agent@billing")),
]


def after(standing: Standing, steps: Plan, declared: Declared) -> PhoneNumber | None:
    """CCC's side of a plan, step by step; fails where CCC would."""
    row = standing.row if isinstance(standing, Bound | Elsewhere) else None
    if steps.leave is not None:
        assert row == steps.leave
        row = None
    if steps.add:
        assert row is None, "only an unassigned number can be added"
        row = live(replace(declared.binding, groups=frozenset()), declared.instance_id)
    if row is None:
        return None
    held = {group.name for group in row.skill_groups}
    assert not held & steps.bind, "bound twice"
    assert steps.unbind <= held | steps.bind, "unbound what was not bound"
    usage, flow = (
        (declared.binding.usage, declared.binding.flow)
        if steps.modify
        else (row.usage, row.contact_flow_name)
    )
    return live(Binding(usage, flow, frozenset(held | steps.bind) - steps.unbind), row.instance_id)


def may_be_refused(standing: Standing, declared: Declared, in_state: bool) -> bool:
    """Whether the rules refuse: an agent's own number always, what somebody else bound unless asked to adopt it."""
    if not isinstance(standing, Bound | Elsewhere):
        return False
    if standing.row.user_id:
        return True
    if declared.adopt:
        return False
    if isinstance(standing, Elsewhere):
        return True  # nobody declares the other instance without it
    if in_state:
        return False
    live, wanted = Binding.of(standing.row), declared.binding
    as_declared = (live.usage, live.flow) == (wanted.usage, wanted.flow) and live.groups <= wanted.groups
    return not as_declared


class Says(Claims):
    """What the other stack files say: who else declares the number, which instances are declared without it."""

    def __init__(self, owner: str | None = None, declared: str = "", begun: str = "") -> None:
        self._owner, self._declared, self._begun = owner, declared, begun

    def owner(self, number: str) -> str | None:
        return self._owner

    def gives(self, declared: Declared, instance_id: str) -> bool:
        return instance_id == self._declared

    def begun(self, number: str, instance_id: str) -> bool:
        return instance_id == self._begun


@pytest.mark.parametrize("adopt", [False, True])
def test_a_number_that_another_stack_declares_is_not_taken(adopt: bool) -> None:
    for standing in (each for each in STANDINGS if not isinstance(each, NotImported)):
        declared = Declared("02180001001", "support", BINDINGS[0], adopt)
        with pytest.raises(Refused, match='declared by stack "two" as well'):
            plan(declared, standing, False, Says(owner='stack "two"'))


def test_a_number_moves_out_of_an_instance_that_is_declared_without_it() -> None:
    declared = Declared("02180001001", "support", BINDINGS[0])
    there = Elsewhere(live(BINDINGS[1], "billing"))
    assert plan(declared, there, False, Says(declared="billing")).leave == there.row
    for in_state in (False, True):
        with pytest.raises(Refused, match="No stack file declares billing without it"):
            plan(declared, there, in_state, Says(declared="sales"))


def test_what_a_killed_run_had_begun_may_be_changed() -> None:
    declared, there = Declared("02180001001", "support", BINDINGS[0]), Bound(live(BINDINGS[3]))
    assert plan(declared, there, False, Says(begun="support")).writes
    with pytest.raises(Refused):
        plan(declared, there, False, Says(begun="billing"))


@pytest.mark.parametrize("in_state", [False, True])
@pytest.mark.parametrize("adopt", [False, True])
def test_a_plan_ends_as_declared_or_is_refused_with_nothing_done(in_state: bool, adopt: bool) -> None:
    for standing, binding in product(STANDINGS, BINDINGS):
        declared = Declared("02180001001", "support", binding, adopt)
        if may_be_refused(standing, declared, in_state):
            with pytest.raises(Refused):
                plan(declared, standing, in_state)
            continue
        steps = plan(declared, standing, in_state)
        row = after(standing, steps, declared)
        if isinstance(standing, NotImported):
            assert steps == Plan(pending=True)
        else:
            assert row is not None
            assert (row.instance_id, Binding.of(row)) == ("support", binding)


def test_a_plan_made_again_after_it_was_carried_out_does_nothing() -> None:
    for standing, binding in product(STANDINGS, BINDINGS):
        declared = Declared("02180001001", "support", binding)
        try:
            row = after(standing, plan(declared, standing, in_state=True), declared)
        except Refused:
            continue
        if row is not None:
            assert not plan(declared, Bound(row), in_state=True).writes
            assert not plan(declared, Bound(row), in_state=False).writes


def test_what_somebody_else_bound_otherwise_is_never_changed_without_being_told() -> None:
    for theirs, mine in product(BINDINGS, BINDINGS):
        declared = Declared("02180001001", "support", mine)
        same_place = (theirs.usage, theirs.flow) == (mine.usage, mine.flow) and theirs.groups <= mine.groups
        if same_place:
            steps = plan(declared, Bound(live(theirs)), in_state=False)
            assert steps == Plan(bind=mine.groups - theirs.groups)
        else:
            with pytest.raises(Refused, match="adopt: true"):
                plan(declared, Bound(live(theirs)), in_state=False)


@pytest.mark.parametrize("in_state", [False, True])
@pytest.mark.parametrize("place", [Bound, Elsewhere])
def test_an_agents_own_number_is_left_alone_even_with_adopt(in_state: bool, place: type) -> None:
    declared = Declared("02180001001", "support", BINDINGS[0], adopt=True)
    standing = place(live(BINDINGS[3], agent="agent@support"))
    with pytest.raises(Refused, match="personal number of agent agent@support"):
        plan(declared, standing, in_state)


OWN = Binding(Usage.BIDIRECTIONAL, "main", frozenset())
SHARED = replace(OWN, groups=frozenset({"sales"}))


@pytest.mark.parametrize("in_state", [False, True])
@pytest.mark.parametrize("agent", ["agent", "agent@support"])
def test_a_number_declared_for_the_agent_who_has_it_is_left_as_it_is(in_state: bool, agent: str) -> None:
    declared = Declared("02180001001", "support", OWN, agent=agent)
    assert plan(declared, Bound(live(OWN, agent="agent@support")), in_state) == Plan()


@pytest.mark.parametrize(
    ("agent", "binding", "steps"),
    [
        ("colleague", OWN, Plan(take="agent@support", give="colleague")),
        ("", SHARED, Plan(take="agent@support", bind=SHARED.groups)),
        ("agent", replace(OWN, flow="night"), Plan(modify=True)),
    ],
)
def test_an_agent_loses_a_number_only_to_what_the_declaration_says(
    agent: str, binding: Binding, steps: Plan
) -> None:
    standing = Bound(live(OWN, agent="agent@support"))
    declared = Declared("02180001001", "support", binding, agent=agent)
    assert plan(declared, standing, in_state=True) == plan(
        replace(declared, adopt=True), standing, in_state=False
    )
    assert plan(declared, standing, in_state=True) == steps
    with pytest.raises(Refused, match="as bidirectional, flow main, personal number of agent agent@support"):
        plan(declared, standing, in_state=False)
    with pytest.raises(Refused, match=r"is left alone: write `agent: agent@support` on it .* `agent: null`"):
        plan(replace(declared, agent=None, adopt=True), standing, in_state=True)


def test_silence_hands_nothing_over() -> None:
    assert handover("agent@support", None) == handover("agent@support", "agent") == ("", "")
    assert handover("", "") == ("", "")
    assert handover("agent@support", "") == ("agent@support", "")


def test_an_agents_number_in_another_instance_is_refused() -> None:
    declared = Declared("02180001001", "support", OWN, adopt=True, agent="agent")
    with pytest.raises(Refused, match="personal number of agent agent@billing in billing and is left alone"):
        plan(declared, Elsewhere(live(OWN, "billing", agent="agent@billing")), in_state=True)


def test_a_number_in_another_instance_is_refused_with_what_is_there() -> None:
    declared = Declared("02180001001", "support", BINDINGS[1])
    with pytest.raises(Refused, match="in instance billing as inbound, flow main, skill groups sales"):
        plan(
            declared,
            Elsewhere(live(Binding(Usage.INBOUND, "main", frozenset({"sales"})), "billing")),
            in_state=False,
        )


def test_a_flow_left_on_an_outbound_number_is_no_difference() -> None:
    row = replace(live(Binding(Usage.OUTBOUND, None, frozenset({"sales"}))), contact_flow_name="main")
    declared = Declared("02180001001", "support", Binding(Usage.OUTBOUND, None, frozenset({"sales"})))
    assert not plan(declared, Bound(row), in_state=True).writes


@pytest.mark.parametrize(
    ("budget", "before", "limit"),
    [
        (None, 0, 1),
        (None, 9, 1),
        (None, 30, 3),
        ("0", 30, 0),
        ("5", 30, 5),
        ("50%", 30, 15),
        ("1%", 30, 1),
        ("0%", 30, 0),
    ],
)
def test_the_removal_budget_is_a_count_a_share_or_a_tenth(
    budget: str | None, before: int, limit: int
) -> None:
    assert removal_limit(budget, before, {}) == limit


@pytest.mark.parametrize(
    ("budget", "declared", "limit"),
    [(None, 4, 10), (None, 60, 30), ("50%", 4, 2), ("0", 60, 0), ("7", 60, 7)],
)
def test_the_change_budget_is_half_and_at_least_ten(budget: str | None, declared: int, limit: int) -> None:
    assert change_limit(budget, declared, {}) == limit
    assert change_limit(budget, declared, {"CCC_ALLOW_CHANGES": "3"}) == 3
