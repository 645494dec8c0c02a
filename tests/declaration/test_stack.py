"""From a stack's name to its two files."""

from pathlib import Path

import pytest

from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.read import load_stack
from ccc_numbers.declaration.stack import stack_file
from ccc_numbers.vendors.platform_fee import Mode
from tests.declaration.conftest import Folder

NUMBERS = "instances: {acme: {numbers: {95518: {usage: inbound, flow: f}}}}\n"


def test_a_stack_is_declared_beside_pulumis_file(folder: Folder) -> None:
    folder.write("Pulumi.acme.yaml", "config:\n  ccc:region: cn-shanghai\n")
    folder.write("acme.yaml", NUMBERS)
    loaded = load_stack(Path(), "acme")
    assert loaded.declaration is not None
    assert loaded.declaration.file == Path("stacks/acme.yaml")


def test_pulumis_file_may_name_another_declaration(folder: Folder) -> None:
    folder.write("Pulumi.acme.yaml", "config: {'ccc-numbers:declaration': customers/acme.yaml}\n")
    folder.write("customers/acme.yaml", NUMBERS)
    assert load_stack(Path(), "org/ccc-numbers/acme").declaration is not None


def test_pulumis_file_says_where_the_calls_go(folder: Folder) -> None:
    folder.write(
        "Pulumi.demo.yaml",
        """\
        config:
          ccc:region: cn-shanghai
          ccc:endpoint: embedded
          ccc:simulatorSeed: stacks/demo.seed.yaml
          ccc:simulatorState: .simulator/demo.sqlite3
          ccc:timeouts: {read: 3}
          aws:region: elsewhere
        """,
    )
    file = stack_file(Path(), "demo")
    assert (file.region, file.endpoint) == ("cn-shanghai", "embedded")
    assert file.provider["timeouts"] == {"read": "3"}
    assert set(file.provider) == {"region", "endpoint", "simulatorSeed", "simulatorState", "timeouts"}


def test_pulumis_file_says_how_the_platform_fee_is_read(folder: Folder) -> None:
    folder.write("acme.yaml", NUMBERS)
    assert stack_file(Path(), "acme").platform_fee is None
    folder.write("Pulumi.acme.yaml", "config: {ccc-numbers:platformFee: wholeVolume}\n")
    assert stack_file(Path(), "acme").platform_fee is Mode.WHOLE_VOLUME
    for written, line in {
        "whole": 'stacks/Pulumi.acme.yaml:2:28: config.ccc-numbers:platformFee: "whole" is not a way to read the platform '
        'fee\'s tiers; did you mean "wholeVolume"?',
        "[graduated]": "stacks/Pulumi.acme.yaml:2:28: config.ccc-numbers:platformFee: is one of: graduated, wholeVolume",
    }.items():
        folder.write("Pulumi.acme.yaml", f"config:\n  ccc-numbers:platformFee: {written}\n")
        assert [str(problem) for problem in load_stack(Path(), "acme").problems] == [line]


def test_stacks_are_found_by_pulumis_files(folder: Folder) -> None:
    for name in ("Pulumi.b.yaml", "Pulumi.a.yaml", "a.yaml", "a.seed.yaml"):
        folder.write(name, "")
    assert discover(Path()) == ["a", "b"]


def test_an_unknown_stack_is_one_line_with_the_nearest(folder: Folder) -> None:
    folder.write("Pulumi.acme.yaml", "")
    for name, line in {
        "acne": 'stacks/acne.yaml:1:1: does not exist; there is no stack "acne" in this project, did you mean "acme"?',
        "zzz": 'stacks/zzz.yaml:1:1: does not exist; there is no stack "zzz" in this project, its stacks: acme',
        "acme": 'stacks/acme.yaml:1:1: does not exist; stack "acme" declares its numbers there',
    }.items():
        assert [str(problem) for problem in load_stack(Path(), name).problems] == [line]


def test_a_broken_settings_file_is_one_line(folder: Folder) -> None:
    folder.write("Pulumi.acme.yaml", "config: {ccc:region: cn-shanghai\n")
    folder.write("acme.yaml", NUMBERS)
    assert [str(problem) for problem in load_stack(Path(), "acme").problems] == [
        "stacks/Pulumi.acme.yaml:2:1: is not valid YAML: a { is not closed, or a comma is missing "
        "(in what begins at line 1)"
    ]


def test_a_declaration_outside_the_stacks_folder_is_refused(folder: Folder) -> None:
    folder.write("Pulumi.acme.yaml", "config:\n  ccc-numbers:declaration: ../acme.yaml\n")
    assert [str(problem) for problem in load_stack(Path(), "acme").problems] == [
        'stacks/Pulumi.acme.yaml:2:28: config.ccc-numbers:declaration: "../acme.yaml" leads out of "stacks"; '
        "keep the file below it"
    ]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (
            "config:\n  ccc-numbers:declaration: [a]\n",
            "2:28: config.ccc-numbers:declaration: is the name of a file, as text",
        ),
        (
            "config:\n  ccc-numbers:declaration: {a: b}\n",
            "2:28: config.ccc-numbers:declaration: is the name of a file, as text",
        ),
        ("config: []\n", "1:9: config: is not a mapping; settings stand one below the other, as in"),
        ("config: acme\n", "1:9: config: is not a mapping; settings stand one below the other, as in"),
        ("[]\n", "1:1: config: is not a mapping; settings stand one below the other, as in"),
        ("acme\n", "1:1: config: is not a mapping; settings stand one below the other, as in"),
    ],
)
def test_settings_of_another_form_are_never_ignored(folder: Folder, written: str, line: str) -> None:
    folder.write("acme.yaml", NUMBERS)
    folder.write("Pulumi.acme.yaml", written)
    loaded = load_stack(Path(), "acme")
    (problem,) = loaded.problems
    assert str(problem).startswith(f"stacks/Pulumi.acme.yaml:{line}")
    assert loaded.declaration is None


@pytest.mark.parametrize("written", ["", "# nothing\n", "config:\n", "config: {}\n", "encryptionsalt: v1\n"])
def test_settings_may_be_left_out(folder: Folder, written: str) -> None:
    folder.write("acme.yaml", NUMBERS)
    folder.write("Pulumi.acme.yaml", written)
    assert load_stack(Path(), "acme").problems == ()
