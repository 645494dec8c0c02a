"""Small fleets to look at, and the command run on them as its entry point runs it."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from ccc_numbers.fleet.cli import main


@dataclass(frozen=True)
class Run:
    """What `ccc-numbers` answered."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Fleet:
    """A project in the working folder."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def stack(self, name: str, declaration: str, config: str = "ccc:region: cn-shanghai") -> None:
        """A stack's two files."""
        stacks = self.root / "stacks"
        (stacks / f"Pulumi.{name}.yaml").write_text(f"config:\n  {config}\n", "utf-8")
        (stacks / f"{name}.yaml").write_text(dedent(declaration), "utf-8")

    def run(self, *words: str) -> Run:
        """Run `ccc-numbers` with these words."""
        self.capsys.readouterr()
        code = main(words)
        said = self.capsys.readouterr()
        return Run(code, said.out, said.err)


def numbers(instance: str, *declared: str, order: str = "") -> str:
    """One instance with inbound numbers."""
    rows = "".join(
        f'      "{number}": {{usage: inbound, flow: main{f", order: {order}" if order else ""}}}\n'
        for number in declared
    )
    return f"instances:\n  {instance}:\n    numbers:\n{rows}"


def order(key: str, quantity: int = 1, order_id: str = "") -> str:
    """One order of 400 numbers."""
    named = f", orderId: '{order_id}'" if order_id else ""
    return (
        f"orders:\n  {key}: {{vendor: A, product: '400', stage: imported, quantity: {quantity}, "
        f"prepaid: 5000{named}}}\n"
    )
