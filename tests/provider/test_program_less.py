"""`pulumi do`: verbs without a program, each in a process of its own. What a person cannot have meant, it does not do."""

import json
from typing import Any

from tests.provider.conftest import Begin
from tests.provider.test_up import DEFAULT, held
from tests.support.stack import ROOT, Stack
from tests.support.worlds import INSTANCE, OTHER, bound, declaration, instance, number, numbers, seed

PLUGIN = str(ROOT / "ccc_numbers/provider/pulumi-resource-ccc")


def do(stack: Stack, url: str, kind: str, *words: str) -> tuple[int, str]:
    done = stack.pulumi("do", "--package", PLUGIN, f"ccc:index:{kind}", *words, CCC_ENDPOINT=url)
    return done.returncode, done.stdout + done.stderr


def test_what_is_listed_can_be_read_by_its_id(begin: Begin) -> None:
    rows = [bound(number(1)), bound(number(2))]
    stack, simulator = begin(seed([], support=instance(rows), billing=instance([bound(number(3))])))

    def listed(kind: str, *words: str) -> dict[str, str]:
        code, text = do(stack, simulator.url, kind, "list", *words)
        assert code == 0, text
        found: list[dict[str, Any]] = json.loads(text)
        return {each["name"]: each["id"] for each in found}

    assert listed("PhoneNumber", "--all") == {
        number(3): f"{OTHER}/{number(3)}",
        **{each: f"{INSTANCE}/{each}" for each in numbers(2)},
    }
    assert list(listed("PhoneNumber", "--instance-id", INSTANCE)) == numbers(2)
    assert len(listed("PhoneNumber", "--count", "2")) == 2
    for kind, name in (("SkillGroup", "vip"), ("ContactFlow", "夜间流程")):
        code, text = do(stack, simulator.url, kind, "read", listed(kind)[f"{INSTANCE}/{name}"])
        assert code == 0, text
        assert f'"{name}"' in text
    code, text = do(stack, simulator.url, "PhoneNumber", "list", "--instance-id", "acme-suport")
    assert (code, 'did you mean "acme-support"?' in text) == (1, True)
    assert simulator.count("AddPhoneNumbers", "ModifyPhoneNumber", "RemovePhoneNumbers") == 0


def refuses_to_move(stack: Stack, url: str, each: str, where: str) -> None:
    code, text = do(stack, url, "PhoneNumber", "patch", each, "--instance-id", where, "--stateless", "--yes")
    assert code != 0
    assert f"{each} is in instance" in text


def test_a_verb_without_a_program_takes_no_line_out(begin: Begin) -> None:
    stack, simulator = begin(seed(numbers(1), billing=instance([bound(number(9))])))
    stack.declare(declaration(numbers(1)))
    assert stack.up().code == 0
    sure = ("--stateless", "--yes")
    assert do(stack, simulator.url, "PhoneNumber", "delete", number(1), *sure)[0] == 0
    assert do(stack, simulator.url, "InstanceLatch", "delete", INSTANCE, *sure)[0] == 0
    refuses_to_move(stack, simulator.url, number(1), OTHER)
    stack.file.unlink()  # nor where no stack file says anything
    refuses_to_move(stack, simulator.url, number(9), INSTANCE)
    assert held(simulator) == {number(1): DEFAULT}
    assert held(simulator, OTHER) == {number(9): DEFAULT}
