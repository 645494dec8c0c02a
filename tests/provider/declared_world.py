"""A stack as declared, with a managed flow and group, and a second one beside it: what scenarios begin from."""

import json
from dataclasses import dataclass
from typing import Any

from tests.support import vault
from tests.support.simulator import Simulator
from tests.support.stack import ROOT, Files, Result, Stack
from tests.support.worlds import declaration, number, numbers

BASE = (ROOT / "__main__.py").read_text(encoding="utf-8")


@dataclass
class World:
    """One stack as declared, its state and CCC's to begin each scenario with."""

    stack: Stack
    simulator: Simulator
    protected: bool
    state: Files
    live: dict[str, Any]

    def begin(self) -> None:
        self.simulator.begin_anew(self.live)
        self.program()
        self.declare()
        self.stack.restore(self.state)
        self.forget_second()
        self.simulator.reset()

    def forget_second(self) -> None:
        for other in (self.stack.folder / "stacks").glob("*two*"):
            other.unlink()

    def declare(self, listed: list[str] | None = None, **settings: object) -> None:
        self.stack.declare(self.said(listed, **settings))

    def said(self, listed: list[str] | None = None, **settings: object) -> dict[str, Any]:
        """Three numbers, one of them with a managed flow and group."""
        every: dict[str, Any] = {n: {} for n in (numbers(3) if listed is None else listed)}
        if number(3) in every:
            every[number(3)] = {"flow": "值班", "skillGroups": ["night"]}
        managed = {
            "contactFlows": {"值班": {"definition": "duty.json"}},
            "skillGroups": {"night": {"displayName": "夜班组"}},
        }
        return declaration(every, **{"protected": self.protected, **managed, **settings})  # type: ignore[arg-type]

    def program(self, prelude: str = "", end: str = "") -> None:
        file = self.stack.folder / "__main__.py"
        file.unlink()
        file.write_text(prelude + BASE + end, encoding="utf-8")

    def up(self, *more: str) -> Result:
        return self.stack.up(*more, PLACE=self.simulator.url)

    def urn(self, name: str) -> str:
        return str(self.stack.state()[name]["urn"])

    def urns(self, name: str) -> list[str]:
        found = (str(each["urn"]) for each in self.stack.resources())
        return [urn for urn in found if urn.endswith(f"::{name}")]

    def second(self, said: dict[str, Any]) -> "Other":
        """Another stack of the same project, in the same account."""
        folder = self.stack.folder / "stacks"
        (folder / "two.yaml").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        (folder / "Pulumi.two.yaml").write_text(
            (folder / "Pulumi.dev.yaml").read_text("utf-8"), encoding="utf-8"
        )
        return Other(self)


@dataclass
class Other:
    """The stack `two` beside the world's own."""

    world: World

    def run(self, *words: str) -> tuple[int, str]:
        stack = self.world.stack
        if not any((stack.folder / "state").rglob("two.json")):
            stack.pulumi("stack", "init", "two", "--secrets-provider", vault.PROVIDER, check=True)
        done = stack.pulumi(*words, "--stack", "two")
        return done.returncode, done.stdout + done.stderr

    def up(self) -> tuple[int, str]:
        return self.run("up", "--yes", "--skip-preview")

    def destroy(self) -> tuple[int, str]:
        found = self.run("destroy", "--yes", "--skip-preview")
        self.run("stack", "rm", "--yes", "--force")
        return found
