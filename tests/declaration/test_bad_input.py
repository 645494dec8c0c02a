"""Every mistake in a stack file is one line: file:line:column, path, value, why, what would be right."""

import pytest

from tests.declaration.conftest import Folder

# What most examples below share: one instance with defaults, its numbers from line 5 on.
HEAD = """\
instances:
  acme:
    defaults: {usage: bidirectional, flow: main, skillGroups: [sales]}
    numbers:
"""

IN_A_NUMBER = {
    "an unknown key with its nearest": (
        "02180001001: {usge: inbound}",
        '5:21: instances.acme.numbers.02180001001.usge: unknown key; did you mean "usage"?',
    ),
    "an unknown key like no other": (
        "02180001001: {colour: blue}",
        "5:21: instances.acme.numbers.02180001001.colour: unknown key; the keys here are: "
        "usage, flow, skillGroups, order, ignoreChanges, agent, adopt, keepOnRemoval",
    ),
    "text where keys belong": (
        "02180001001: inbound",
        '5:20: instances.acme.numbers.02180001001: "inbound" is text; a mapping is needed here',
    ),
    "one group without brackets": (
        "02180001001: {skillGroups: support}",
        '5:34: instances.acme.numbers.02180001001.skillGroups: "support" is text; a list is needed here; '
        "write [support]",
    ),
    "a list where a name belongs": (
        "02180001001: {flow: [a, b]}",
        "5:27: instances.acme.numbers.02180001001.flow: expected a name, found a list",
    ),
    "a key without value": (
        "02180001001: {flow: }",
        "5:27: instances.acme.numbers.02180001001.flow: has no value; a name is needed here",
    ),
    "spaces around a name": (
        "02180001001: {flow: ' main'}",
        '5:27: instances.acme.numbers.02180001001.flow: " main" has spaces around it; take them out',
    ),
    "invisible characters": (
        '02180001001: {flow: "ma\\nin"}',
        '5:27: instances.acme.numbers.02180001001.flow: "ma\\nin" holds characters that cannot be seen; retype it',
    ),
    "an abbreviated usage": (
        "02180001001: {usage: in}",
        '5:28: instances.acme.numbers.02180001001.usage: "in" is not a usage; did you mean "inbound"?',
    ),
    "the wire's word for usage": (
        "02180001001: {usage: Bidirection}",
        '5:28: instances.acme.numbers.02180001001.usage: "Bidirection" is not a usage; '
        'did you mean "bidirectional"?',
    ),
    "an unknown usage": (
        "02180001001: {usage: both}",
        '5:28: instances.acme.numbers.02180001001.usage: "both" is not a usage; '
        "one of: inbound, outbound, bidirectional",
    ),
    "a 400 number that shall call out": (
        "4008001001: {usage: outbound}",
        '5:27: instances.acme.numbers.4008001001.usage: "outbound" cannot be the usage of a 400 number, '
        "which only takes calls; write inbound",
    ),
    "a 400 number left to the defaults": (
        "4008001001: {}",
        '5:7: instances.acme.numbers.4008001001.usage: "bidirectional" cannot be the usage of a 400 number, '
        "which only takes calls; write inbound (from defaults)",
    ),
    "a number whose flow was taken away": (
        "02180001001: {flow: ~}",
        "5:27: instances.acme.numbers.02180001001.flow: is missing; "
        "a bidirectional number without a flow is a dead line",
    ),
    "a number whose groups were taken away": (
        "02180001001: {skillGroups: []}",
        "5:34: instances.acme.numbers.02180001001.skillGroups: is missing; a bidirectional number without a "
        "skill group is a dead line: nobody can call out with it",
    ),
    "a flow on an outbound number": (
        "02180001001: {usage: outbound, flow: main}",
        '5:44: instances.acme.numbers.02180001001.flow: "main" can never answer: the number is outbound; '
        "take the flow out or write usage: bidirectional",
    ),
    "a group named twice": (
        "02180001001: {skillGroups: [sales, support, sales]}",
        '5:34: instances.acme.numbers.02180001001.skillGroups: "sales" is named twice',
    ),
    "a personal number in a group": (
        "02180001001: {agent: li@acme, skillGroups: [sales]}",
        '5:28: instances.acme.numbers.02180001001.agent: "li@acme" has it as a personal number, '
        "which no skill group can share; take out agent or skillGroups",
    ),
    "an order in a file without orders": (
        "02180001001: {order: o-2}",
        '5:28: instances.acme.numbers.02180001001.order: "o-2" is not an order of this file; it has none',
    ),
    "yes for true": (
        "02180001001: {adopt: yes}",
        '5:28: instances.acme.numbers.02180001001.adopt: "yes" is neither true nor false; write true',
    ),
    "off for false": (
        "02180001001: {keepOnRemoval: off}",
        '5:36: instances.acme.numbers.02180001001.keepOnRemoval: "off" is neither true nor false; write false',
    ),
    "True for true": (
        "02180001001: {adopt: True}",
        '5:28: instances.acme.numbers.02180001001.adopt: "True" is neither true nor false; write true',
    ),
    "perhaps": (
        "02180001001: {adopt: perhaps}",
        '5:28: instances.acme.numbers.02180001001.adopt: "perhaps" is neither true nor false',
    ),
}


@pytest.mark.parametrize(("number", "line"), IN_A_NUMBER.values(), ids=IN_A_NUMBER.keys())
def test_a_mistake_in_a_number_is_one_line(folder: Folder, number: str, line: str) -> None:
    assert folder.lines(f"{HEAD}      {number}\n") == [f"stacks/acme.yaml:{line}"]


ELSEWHERE = {
    "an empty file": ("", "1:1: is empty; a stack file begins with `instances:`"),
    "nothing but a comment": ("# soon\n", "1:1: is empty; a stack file begins with `instances:`"),
    "a list": ("- acme\n", "1:1: expected a mapping, found a list; a stack file begins with `instances:`"),
    "a word": ("hello\n", "1:1: expected a mapping, found text; a stack file begins with `instances:`"),
    "no instance": ("instances: {}\n", "1:1: declares nothing; a stack file begins with `instances:`"),
    "an instances key alone": ("instances:\n", "1:11: instances: has no value; a mapping is needed here"),
    "a misspelt first key": (
        "instance:\n  acme: {numbers: {95518: {usage: inbound, flow: main}}}\n",
        '1:1: instance: unknown key; did you mean "instances"?',
    ),
    "instances as a list": ("instances: [acme]\n", "1:12: instances: expected a mapping, found a list"),
    "an empty instance": (
        "instances:\n  acme: {}\n",
        "2:3: instances.acme: declares nothing; give it numbers or a numbersFile, write `numbers: {}` while they move "
        "away, or remove it",
    ),
    "an instance without a value": (
        "instances:\n  acme:\n",
        "2:8: instances.acme: has no value; a mapping is needed here",
    ),
    "an instance id that is none": (
        "instances:\n  acme support: {numbers: {95518: {usage: inbound, flow: main}}}\n",
        "2:3: instances.acme support: is not an instance id: letters, digits, _ and -, such as acme-support",
    ),
    "numbers as a list": (
        "instances:\n  acme:\n    numbers: [95518]\n",
        "3:14: instances.acme.numbers: expected a mapping, found a list",
    ),
    "a number without usage": (
        "instances:\n  acme:\n    numbers:\n      95518: {flow: main}\n",
        "4:7: instances.acme.numbers.95518.usage: is missing; "
        "write inbound, outbound or bidirectional here or in defaults",
    ),
    "an inbound number without flow": (
        "instances:\n  acme:\n    numbers:\n      95518: {usage: inbound}\n",
        "4:7: instances.acme.numbers.95518.flow: is missing; an inbound number without a flow is a dead line",
    ),
    "an outbound number without group": (
        "instances:\n  acme:\n    numbers:\n      95518: {usage: outbound}\n",
        "4:7: instances.acme.numbers.95518.skillGroups: is missing; an outbound number without a skill group "
        "is a dead line: nobody can call out with it",
    ),
    "a misspelt defaults, told once and not per number": (
        HEAD.replace("defaults", "default") + "      95518:\n      95519:\n",
        '3:5: instances.acme.default: unknown key; did you mean "defaults"?',
    ),
    "a wrong usage in defaults, told once and not per number": (
        HEAD.replace("bidirectional", "both") + "      95518:\n      95519:\n",
        '3:23: instances.acme.defaults.usage: "both" is not a usage; one of: inbound, outbound, bidirectional',
    ),
    "a budget in words": (
        HEAD.replace("defaults:", "removalBudget: ten\n    defaults:") + "      95518:\n",
        '3:20: instances.acme.removalBudget: "ten" is neither a count of numbers (1) nor a share of them ("10%")',
    ),
    "a budget beyond all": (
        HEAD.replace("defaults:", "removalBudget: 110%\n    defaults:") + "      95518:\n",
        '3:20: instances.acme.removalBudget: "110%" is neither a count of numbers (1) '
        'nor a share of them ("10%")',
    ),
    "a protection of another language": (
        HEAD.replace("defaults:", "protected: no\n    defaults:") + "      95518:\n",
        '3:16: instances.acme.protected: "no" is neither true nor false; write false',
    ),
    "an order that does not exist": (
        HEAD
        + "      95518: {order: o-2}\norders:\n  o-1: {vendor: A, product: p, stage: paid, quantity: 1}\n",
        '5:22: instances.acme.numbers.95518.order: "o-2" is not an order of this file; did you mean "o-1"?',
    ),
    "an order of the defaults that does not exist": (
        HEAD.replace("[sales]", "[sales], order: o-9") + "      95518:\n",
        '5:7: instances.acme.numbers.95518.order: "o-9" is not an order of this file; it has none (from defaults)',
    ),
    "a number twice in one instance": (
        HEAD + "      95518:\n      95519:\n      95518: {usage: inbound}\n",
        "7:7: instances.acme.numbers.95518: is written twice; first at stacks/acme.yaml:5:7",
    ),
    "a number twice in one stack": (
        HEAD + "      95518:\n  beta: {numbers: {95518: {usage: inbound, flow: f}}}\n",
        "6:20: instances.beta.numbers.95518: is declared twice in this stack; first at stacks/acme.yaml:5:7",
    ),
    "a catalogue outside": (
        "catalogue: ../prices.yaml\n" + HEAD + "      95518:\n",
        '1:12: catalogue: "../prices.yaml" leads out of "stacks"; keep the file below it',
    ),
}


@pytest.mark.parametrize(("content", "line"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_mistake_elsewhere_is_one_line(folder: Folder, content: str, line: str) -> None:
    assert folder.lines(content) == [f"stacks/acme.yaml:{line}"]


def test_all_mistakes_of_a_file_are_reported_from_top_to_bottom(folder: Folder) -> None:
    folder.write("more.csv", "number,usage\n2180001002,in\n")
    lines = folder.lines("""\
        instances:
          acme:
            removalBudget: many
            protected: yes
            defaults: {usage: bidirectional, flow: main, skillGroups: [sales]}
            skillGroups: {1st: {displayName: First}, sales: {}}
            contactFlows: {night: {definition: night.json}}
            numbers:
              021-8000 1001:
              "4008001001":
              "02180001003": {usage: in, flwo: night}
              "02180001004": {order: o-2}
              "02180001004": {}
            numbersFile: more.csv
          beta: {}
        orders:
          o-1: {vendor: A, stage: payed, quantity: 0, prepaid: 1.999, term: long, materials: {script: ../x}}
        """)
    assert [line.split(" ")[0] for line in lines] == [
        "stacks/acme.yaml:3:20:",
        "stacks/acme.yaml:4:16:",
        "stacks/acme.yaml:6:19:",
        "stacks/acme.yaml:6:46:",
        "stacks/acme.yaml:7:40:",
        "stacks/acme.yaml:9:7:",
        "stacks/acme.yaml:10:7:",
        "stacks/acme.yaml:11:30:",
        "stacks/acme.yaml:11:34:",
        "stacks/acme.yaml:12:30:",
        "stacks/acme.yaml:13:7:",
        "stacks/acme.yaml:15:3:",
        "stacks/acme.yaml:17:3:",
        "stacks/acme.yaml:17:27:",
        "stacks/acme.yaml:17:44:",
        "stacks/acme.yaml:17:56:",
        "stacks/acme.yaml:17:69:",
        "stacks/acme.yaml:17:95:",
        "stacks/more.csv:2:1:",
        "stacks/more.csv:2:12:",
    ]


def test_a_declaration_with_a_problem_keeps_its_sound_part(folder: Folder) -> None:
    loaded = folder.load(HEAD + "      95518:\n      95519: {usage: in}\n")
    assert loaded.declaration is None
    assert list(loaded.sound.instances["acme"].numbers) == ["95518"]
