"""What `ccc-numbers move` writes into both files, and what it refuses, without Pulumi: nothing is written here."""

import json
from pathlib import Path

import pytest

from ccc_numbers.fleet.engine.states import State
from ccc_numbers.fleet.engine.transfer import Picked, handed
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.move.choice import choose
from ccc_numbers.fleet.move.rewrite import Rewritten, rewrite
from ccc_numbers.fleet.move.stacks import both
from tests.fleet.drift_world import INSTANCE, OTHER, World, number

ORDERS = """\
orders:
  o1: {vendor: A, product: landline-aftersales, stage: imported, quantity: 9, prepaid: 3000}
"""
ACME = f"""\
x-night: &night {{flow: 夜间流程}}
instances:
  {INSTANCE}:
    defaults: {{usage: bidirectional, flow: 主流程, skillGroups: [sales]}}
    contactFlows: {{夜间流程: {{definition: night.json}}}}
    keepOnRemoval: true
    numbers:
      # of the shop in 徐汇
      "{number(1)}": {{}}
      "{number(2)}": {{<<: *night}} # at night
      "{number(3)}": # the boss
        usage: outbound # calls only
        skillGroups: [vip]
      "{number(4)}": {{order: o1}}
      "{number(5)}": {{order: o1, adopt: true, keepOnRemoval: false}}
    numbersFile: more.csv
{ORDERS}"""
MORE = f"number,usage,flow,skillGroups\n{number(20)},,,\n# of 2025\n{number(21)},inbound,,-\n"
BETA = f"""\
instances:
  {INSTANCE}:
    defaults: {{usage: inbound, flow: 主流程}}
    numbers: {{}} # none yet
"""


@pytest.fixture
def stacks(world: World) -> World:
    Path("stacks/night.json").write_text("{}", "utf-8")
    Path("stacks/more.csv").write_text(MORE, "utf-8")
    world.stack("acme", ACME)
    world.stack("beta", BETA)
    return world


def rewritten(*subjects: str) -> Rewritten:
    fleet = both(Path(), "acme", "beta")
    return rewrite(choose(fleet, fleet.stacks["acme"], fleet.stacks["beta"], subjects))


def refused(*subjects: str) -> str:
    with pytest.raises(FleetError) as refusal:
        rewritten(*subjects)
    return str(refusal.value)


def test_numbers_say_of_their_own_what_the_other_defaults_do_not(stacks: World) -> None:
    found = rewritten(number(1), number(3), number(4), number(5), number(20))
    assert found.after[Path("stacks/beta.yaml")] == (
        f"instances:\n  {INSTANCE}:\n    defaults: {{usage: inbound, flow: 主流程}}\n    numbers: # none yet\n"
        f'      "{number(1)}": {{usage: bidirectional, skillGroups: [sales], keepOnRemoval: true}}\n'
        f"      # the boss\n      # calls only\n"
        f'      "{number(3)}": {{usage: outbound, skillGroups: [vip], keepOnRemoval: true}}\n'
        f'      "{number(4)}": {{usage: bidirectional, skillGroups: [sales], order: o1, keepOnRemoval: true}}\n'
        f'      "{number(5)}": {{usage: bidirectional, skillGroups: [sales], order: o1, adopt: true}}\n'
        f'      "{number(20)}": {{usage: bidirectional, skillGroups: [sales], keepOnRemoval: true}}\n'
        f"{ORDERS}"
    )
    assert found.spelt_out == (number(1), number(3), number(4), number(5), number(20))
    # The heading of several numbers stays with those that stay.
    assert (
        f'    numbers:\n      # of the shop in 徐汇\n      "{number(2)}": {{<<: *night}} # at night\n    numbersFile'
        in (found.after[Path("stacks/acme.yaml")])
    )
    assert found.after[Path("stacks/acme.yaml")].endswith("orders: {}\n")
    assert found.after[Path("stacks/more.csv")] == MORE.replace(f"{number(20)},,,\n", "")
    assert Path("stacks/acme.yaml").read_text("utf-8") == ACME


REFUSALS = {
    "an unknown number": ((number(99),), "is not an instance or a number of acme"),
    "a managed flow": (
        (number(2),),
        "flow 夜间流程 of 02180001002 is managed by acme, at stacks/acme.yaml:5:20",
    ),
    "a shared order": ((number(4),), f"order o1 is also that of 1 number that would stay ({number(5)})"),
    "the last rows of a sheet": ((number(20), number(21)), "stacks/more.csv: cannot lose"),
    "an instance of both": (
        (INSTANCE,),
        "is declared by beta already, at stacks/beta.yaml:2:3; move its numbers instead",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_the_target_does_not_know_is_not_moved(stacks: World, case: str) -> None:
    subjects, why = REFUSALS[case]
    assert why in refused(*subjects)


def test_a_number_that_the_target_declares_is_not_moved(stacks: World) -> None:
    stacks.stack("beta", BETA.replace("numbers: {} # none yet", f'numbers: {{"{number(1)}": {{}}}}'))
    assert f"{number(1)} is declared by beta already, at stacks/beta.yaml:4:15" in refused(number(1))


def test_another_account_or_broken_file_is_refused(stacks: World) -> None:
    stacks.stack("beta", BETA, account="1570000000000002")
    stacks.stack("acme", ACME, account="1570000000000001")
    assert "a number cannot move between two accounts" in refused(number(1))
    stacks.stack("acme", "- a list\n", account="1570000000000002")
    assert "expected a mapping, found a list" in refused(number(1))


def test_a_row_of_a_sheet_in_gbk_is_not_moved(stacks: World) -> None:
    sheet = Path("stacks/more.csv")
    sheet.write_bytes(f"号码,备注\n{number(20)},一楼\n{number(21)},二楼\n".encode("gb18030"))
    before = sheet.read_bytes()
    assert "stacks/more.csv: is not UTF-8, and would not stay as it is" in refused(number(20))
    assert sheet.read_bytes() == before


def test_an_instance_that_leans_on_an_anchor_is_not_moved(stacks: World) -> None:
    stacks.stack("beta", "instances:\n  beta-support:\n    numbers: {}\n")
    assert "*night" in refused(INSTANCE)
    text = ACME.replace("{<<: *night} # at night", "{flow: 夜间流程}").replace(
        "x-night: &night {flow: 夜间流程}\n", ""
    )
    stacks.stack("acme", f"# Ours.\n{text}\n  # the end\n")
    found = rewritten(INSTANCE)
    block = text[text.index(f"  {INSTANCE}") : text.index("orders:")]
    assert found.after[Path("stacks/beta.yaml")].endswith(f"    numbers: {{}}\n{block}{ORDERS}")
    assert found.source_empty
    assert OTHER not in "".join(found.after.values())


def test_a_state_that_is_not_at_rest_is_not_handed_on() -> None:
    def state(name: str, *resources: dict[str, object], **deployment: object) -> State:
        return State(name, json.dumps({"deployment": {"resources": list(resources), **deployment}}))

    with pytest.raises(FleetError, match="interrupted in the middle of a change"):
        state("acme", pending_operations=[{}]).refuse_interrupted()
    urn = f"urn:pulumi:acme::p::ccc:components:InstanceNumbers$ccc:index:PhoneNumber::{number(1)}"
    picked = Picked((), [number(1)])
    for odd, why in (
        ({"taint": True}, "is about to be replaced"),
        ({"inputs": {"x": {"4dabf18193072939515e22adb298388d": "…"}}}, "holds a secret"),
    ):
        with pytest.raises(FleetError, match=why):
            handed(state("acme", {"urn": urn, **odd}), state("beta"), picked)
