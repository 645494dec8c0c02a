"""`make tools` as a whole: doing nothing when all is there, and one at a time when it is not."""

import fcntl
import io
import subprocess
import threading

import pytest

from tests.tools.machine import Machine
from tests.tools.test_venv import UV
from tools import __main__ as command
from tools import shell, toolchain
from tools.console import Console


def complete(machine: Machine) -> None:
    """Brings the made-up tool chain into place."""
    machine.has("uv", UV)
    machine.has_pulumi("3.259.0")
    toolchain.install(machine.checkout, machine.user, machine.console)


def test_a_bare_machine_misses_everything(machine: Machine) -> None:
    assert toolchain.missing(machine.checkout, machine.user) == ["Python packages", "Pulumi CLI"]


def test_it_says_what_it_will_do_and_what_there_is_in_the_end(machine: Machine) -> None:
    complete(machine)
    lines = machine.output.splitlines()
    assert "to do: Python packages, Pulumi CLI; everything stays inside this checkout" in lines[0]
    assert "ready: Python packages in .venv, Pulumi v3.259.0 (on PATH)" in lines[-1]


def test_when_all_is_there_no_program_is_started(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    complete(machine)
    machine.called()

    def refuse(*words: object, **_options: object) -> None:
        raise AssertionError(f"started {words}")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    again = io.StringIO()
    toolchain.install(machine.checkout, machine.user, Console(again))

    assert machine.called() == []
    assert len(again.getvalue().splitlines()) == 1


def test_only_the_missing_part_is_done(machine: Machine) -> None:
    complete(machine)
    (machine.checkout.tools / "pulumi.json").unlink()
    machine.called()

    toolchain.install(machine.checkout, machine.user, machine.console)

    assert [call for call in machine.called() if call.startswith("uv")] == []


def test_a_second_one_waits_for_the_first(machine: Machine) -> None:
    machine.has("uv", UV)
    machine.has_pulumi("3.259.0")
    waiting = threading.Event()

    class Heard(io.StringIO):
        def write(self, text: str) -> int:
            if "waiting for another" in text:
                waiting.set()
            return super().write(text)

    said = Heard()
    with (machine.checkout.tools / "lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        first.write("4711")
        first.flush()
        second = threading.Thread(
            target=toolchain.install, args=(machine.checkout, machine.user, Console(said)), daemon=True
        )
        second.start()
        assert waiting.wait(10)
        assert machine.called() == []
    second.join(30)

    assert "waiting for another `make tools` to finish (process 4711)" in said.getvalue()
    assert toolchain.missing(machine.checkout, machine.user) == []


def test_a_mistake_of_the_user_is_one_line_on_standard_error(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "find_checkout", lambda: machine.checkout)
    machine.has("uv", UV)

    code = command.main(["tools"], machine.user)

    said = capsys.readouterr()
    assert code == 1
    assert said.err.startswith("make tools: no Pulumi CLI: ")
    assert len(said.err.splitlines()) == 1


def test_the_line_begins_with_what_the_user_typed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "find_checkout", lambda: machine.checkout)
    assert command.main(["stack", "preview", "acme"], machine.user) == 1
    assert capsys.readouterr().err == "make preview: there is no stacks/Pulumi.acme.yaml; stacks here: none\n"


def test_an_interruption_says_how_to_go_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(toolchain, "install", interrupted)
    assert command.main(["tools"], machine.user) == 130
    assert capsys.readouterr().err == "make tools: interrupted; run it again to go on from here\n"


def test_a_step_that_hangs_is_ended(machine: Machine) -> None:
    slow = machine.has("slow", "echo begun; exec sleep 600")
    hung = shell.Command([slow], machine.user, purpose="waiting", source="nothing", limit=0.2)
    with (
        machine.console.step("slow", "waiting") as step,
        pytest.raises(shell.ToolError, match=r"^waiting took longer than 0 s"),
    ):
        shell.run(machine.checkout, hung, step)


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_signs_of_life_replace_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.console.TERMINAL_PAUSE", 0.01)
    shown = threading.Event()

    class Watched(Terminal):
        def write(self, text: str) -> int:
            if "compiling 7" in text:
                shown.set()
            return super().write(text)

    screen = Watched()
    with Console(screen).step("Pulumi CLI", "building") as step:
        step.doing = "compiling 7"
        assert shown.wait(10)
    signs = [part for part in screen.getvalue().split("\033[2K") if "compiling 7" in part]
    assert all(part.endswith("\r") for part in signs)
    assert "done in" in screen.getvalue()


def test_in_a_log_every_sign_of_life_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.console.PLAIN_PAUSE", 0.01)
    shown = threading.Event()

    class Watched(io.StringIO):
        def write(self, text: str) -> int:
            if "…" in text:
                shown.set()
            return super().write(text)

    log = Watched()
    with Console(log).step("Pulumi CLI", "building"):
        assert shown.wait(10)
    assert "\r" not in log.getvalue()
    assert "\033" not in log.getvalue()
