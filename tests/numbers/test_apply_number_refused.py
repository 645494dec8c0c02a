"""What CCC refuses, or somebody else did first: a line is never without its agents, and nobody is asked in vain."""

from dataclasses import replace

import pytest

from ccc_numbers.api.errors import Denied, InstanceNotRunning, Invalid
from ccc_numbers.numbers.apply_number import HalfDone
from ccc_numbers.numbers.plan_number import Binding, Declared
from ccc_numbers.numbers.writer import NotDone
from tests.numbers.test_apply_number import MAIN, NIGHT, OUT, applied_by, bring, held
from tests.support.simulator import Simulator
from tests.support.worlds import INSTANCE, OTHER, bound, instance, number, numbers, seed


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """Twelve numbers are imported."""
    running.begin_anew(seed(numbers(12)))
    return running


REFUSED = {"fault": "error", "code": "Parameter.Format"}
BINDING = ("AddNumbersToSkillGroup", "AddPhoneNumberToSkillGroups")


async def test_a_line_whose_new_groups_are_refused_keeps_its_agents(simulator: Simulator) -> None:
    await bring(simulator.url, [number(1)], MAIN)
    simulator.faults([{"action": action, **REFUSED} for action in BINDING])
    (result,) = await bring(simulator.url, [number(1)], replace(NIGHT, groups=OUT.groups))
    assert isinstance(result, Invalid)
    assert held(simulator) == {number(1): MAIN}


async def test_a_line_whose_new_flow_is_refused_has_both_its_old_and_its_new_agents(
    simulator: Simulator,
) -> None:
    await bring(simulator.url, [number(1)], MAIN)
    simulator.faults([{"action": "ModifyPhoneNumber", **REFUSED}])
    (result,) = await bring(simulator.url, [number(1)], replace(NIGHT, groups=OUT.groups))
    assert isinstance(result, HalfDone)
    both = replace(MAIN, groups=MAIN.groups | OUT.groups)
    assert Binding.of(result.row) == both
    assert held(simulator) == {number(1): both}


@pytest.mark.parametrize(
    ("code", "kind"), [("Permission.Common", Denied), ("AbnormalService.Disabled", InstanceNotRunning)]
)
async def test_what_is_refused_to_everybody_is_asked_for_once_and_not_in_halves(
    simulator: Simulator, code: str, kind: type[Exception]
) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "fault": "error", "code": code}])
    results = await bring(simulator.url, numbers(12), MAIN)
    assert {type(result) for result in results} == {kind}
    assert simulator.count("AddPhoneNumbers") == 1


async def test_a_number_that_ccc_did_not_take_is_looked_for_and_tried_once_more(simulator: Simulator) -> None:
    simulator.faults([{"action": "AddPhoneNumbers", "times": 1, "fault": "partial", "numbers": [number(1)]}])
    results = await bring(simulator.url, numbers(3), MAIN)
    assert [error for error in results if isinstance(error, BaseException)] == []
    assert held(simulator) == dict.fromkeys(numbers(3), MAIN)
    assert simulator.count("AddPhoneNumbers") == 2


async def test_what_somebody_else_did_meanwhile_is_taken_as_done(simulator: Simulator) -> None:
    simulator.put_state(seed(numbers(2), support=instance([bound(n) for n in numbers(2, start=3)])))
    async with applied_by(simulator.url) as (applier, _):
        await applier.preview(Declared(number(1), INSTANCE, MAIN), in_state=False)
        await applier.preview(Declared(number(3), INSTANCE, MAIN), in_state=False)
        there = [bound(n) for n in (number(1), number(4))]
        simulator.put_state(seed(numbers(2, start=2), support=instance(there)))
        assert await applier.remove(number(3), INSTANCE)
        assert await applier.apply(Declared(number(1), INSTANCE, MAIN), in_state=False)
    assert held(simulator) == dict.fromkeys([number(1), number(4)], MAIN)


async def test_a_number_that_ccc_does_not_let_go_is_an_error(simulator: Simulator) -> None:
    await bring(simulator.url, [number(1)], MAIN)
    simulator.faults([{"action": "RemovePhoneNumbers", "fault": "partial", "numbers": [number(1)]}])
    async with applied_by(simulator.url) as (applier, _):
        with pytest.raises(NotDone, match=number(1)):
            await applier.remove(number(1), INSTANCE)
    assert held(simulator) == {number(1): MAIN}


async def test_a_number_is_not_taken_from_its_instance_for_a_flow_that_is_not_there(
    simulator: Simulator,
) -> None:
    await bring(simulator.url, [number(1)], OUT)
    simulator.reset()
    (result,) = await bring(simulator.url, [number(1)], replace(MAIN, flow="主流成"), OTHER)
    assert 'no contact flow "主流成" in acme-billing; did you mean "主流程"?' in str(result)
    assert held(simulator) == {number(1): OUT}
    assert simulator.count("RemovePhoneNumbers") == 0


@pytest.mark.parametrize(
    ("action", "then", "place"),
    [
        ("AddPhoneNumbers", None, INSTANCE),
        ("AddNumbersToSkillGroup", None, INSTANCE),
        ("ModifyPhoneNumber", replace(MAIN, flow="夜间流程"), INSTANCE),
        ("RemovePhoneNumbersFromSkillGroup", replace(MAIN, groups=frozenset({"support"})), INSTANCE),
        ("RemovePhoneNumbers", MAIN, OTHER),
    ],
)
@pytest.mark.parametrize("fault", ["lostResponse", "unavailable"])
async def test_a_write_of_unknown_fate_is_sent_again_only_when_it_is_not_to_be_seen(
    simulator: Simulator, action: str, then: Binding | None, place: str, fault: str
) -> None:
    if then:
        await bring(simulator.url, numbers(3), MAIN)
    each = [number(1)] if action == "ModifyPhoneNumber" else numbers(3)
    simulator.faults([{"action": action, "times": 1, "fault": fault}])
    simulator.reset()
    results = await bring(simulator.url, each, then or MAIN, place)
    assert [error for error in results if isinstance(error, BaseException)] == []
    assert {n: held(simulator, place)[n] for n in each} == dict.fromkeys(each, then or MAIN)
    assert simulator.count(action) == (1 if fault == "lostResponse" else 2)
