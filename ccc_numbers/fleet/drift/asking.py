"""`heal` at a terminal: what to do with each finding is asked, then all of it is shown and confirmed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

from ccc_numbers.fleet.drift.as_live import DECLARABLE, declared_as_live
from ccc_numbers.fleet.drift.findings import Finding, FindingGroup, grouped
from ccc_numbers.fleet.drift.healing import Healed, Healer, Healing, print_healing
from ccc_numbers.fleet.drift.ignore_text import with_rule
from ccc_numbers.fleet.drift.output.table import group_lines
from ccc_numbers.fleet.drift.picked import chosen_healings, targets_of
from ccc_numbers.fleet.drift.run import DriftRun
from ccc_numbers.fleet.edited_files import EditedFiles
from ccc_numbers.fleet.engine.states import State
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.file_diff import print_diff
from ccc_numbers.messages.language import mark, tr, trn
from ccc_numbers.messages.names import listed
from ccc_numbers.numbers.finding_kinds import Heal

_CHOICES = {
    "r": mark("r repair"),
    "i": mark("i ignore until a day"),
    "d": mark("d declare what is there"),
    "e": mark("e each on its own"),
    "l": mark("l leave"),
    "q": mark("q leave all others"),
}
_LEAVE, _LEAVE_ALL = "l", "q"


@dataclass(slots=True)
class Asking:
    """One such heal. `files` were read before the look; `declared` has the file of each stack, `ignore` is the ignore file;
    `state` exports the state of a stack. A repair is held to what was chosen, as with `--only`."""

    healer: Healer
    files: EditedFiles
    declared: Callable[[str], Path]
    ignore: Path
    state: Callable[[str], State]
    chosen: list[Finding] = field(default_factory=list)
    settled: list[Finding] = field(default_factory=list)
    _rule: dict[str, str] = field(default_factory=dict)
    """What was answered for the last rule: offered for the next one."""

    def heal(self, stacks: list[str]) -> Healed:
        """Ask, show, confirm, write and run; how it went."""
        run = self.healer.look(stacks)
        plans = self.healer.plans(run)
        groups = [group for plan in plans for group in grouped(_open(plan))]
        if not groups:
            return self.healer.heal_seen(run, stacks, yes=False)
        try:
            self._ask(run, groups)
            todo = chosen_healings(run, self.chosen, self.settled)
            agreed = self._agreed(todo)
        except typer.Abort:
            agreed = False
        if not agreed:
            self.healer.out.print()
            self.healer.say(tr("nothing was written or run"), plans, run.report)
            return Healed(run.report, plans, plans)
        self.files.write()
        return self.healer.run(stacks, plans, [plan for plan in todo if plan.possible])

    def _ask(self, run: DriftRun, groups: Sequence[FindingGroup]) -> None:
        left = [*groups]
        while left:
            group = left.pop(0)
            match self._answer(run, group):
                case "e":
                    left = [*(FindingGroup((each,)) for each in group.members), *left]
                case "q":
                    return

    def _answer(self, run: DriftRun, group: FindingGroup) -> str:
        """What is done with a group; asked again where it cannot be done."""
        out, first = self.healer.out, group.finding
        out.print()
        out.print(f"{first.stack} › {first.instance}" if first.instance else first.stack or tr("ignore file"))
        out.print(group_lines(group))
        offered = [
            *(["r"] if first.heal is Heal.REPAIRS else []),
            "i",
            *(["d"] if first.kind in DECLARABLE else []),
            *(["e"] if len(group.members) > 1 else []),
            _LEAVE,
            _LEAVE_ALL,
        ]
        said = listed(tr(_CHOICES[each]) for each in offered)
        while True:
            answer = str(typer.prompt(said, default=_LEAVE, err=True)).strip().lower()[:1]
            if answer not in offered:
                continue
            try:
                self._take(run, answer, group.members)
            except FleetError as error:
                for line in error.lines:
                    out.print(line, style="red", soft_wrap=True)
            else:
                return answer

    def _take(self, run: DriftRun, answer: str, findings: Sequence[Finding]) -> None:
        """Note what was answered. FleetError where it cannot be done."""
        stack = findings[0].stack
        if answer == "r":
            targets_of(Healing(stack, tuple(findings), (), (), (), unseen=False), self.state(stack))
            self.chosen += findings
        elif answer == "i":
            text = self._ignored(findings)
            self.files.put(self.ignore, text)
        elif answer == "d":
            path = self.declared(stack)
            self.files.put(path, declared_as_live(run, path, self.files.text(path) or "", findings))
            self.settled += findings

    def _ignored(self, findings: Sequence[Finding]) -> str:
        """The ignore file with a rule about these."""
        for key, question in (
            ("until", mark("until which day (2027-02-12)")),
            ("reason", mark("reason")),
            ("owner", mark("who answers for it")),
        ):
            self._rule[key] = str(typer.prompt(tr(question), default=self._rule.get(key), err=True)).strip()
        return with_rule(self.ignore, self.files.text(self.ignore), findings, **self._rule)

    def _agreed(self, plans: Sequence[Healing]) -> bool:
        """Whether all of it is to be done; shows it first. Nothing to do is nothing to agree to."""
        out = self.healer.out
        out.print()
        for plan in plans:
            print_healing(out, plan)
        for path, (before, after) in self.files.changed.items():
            print_diff(out, path, before, after)
        repairs, files = sum(len(each.repairs) for each in plans if each.possible), len(self.files.changed)
        asked = [
            trn("repair {count:,} finding", "repair {count:,} findings", repairs) if repairs else "",
            trn("write {count:,} file", "write {count:,} files", files) if files else "",
        ]
        said = listed(filter(None, asked))
        return bool(said) and typer.confirm(tr("Do it: {what}?", what=said), err=True)


def _open(plan: Healing) -> list[Finding]:
    """What is asked of a stack: all that is left to repair, and what could be declared."""
    declarable = (each for each in plan.leaves if each.kind in DECLARABLE)
    return list(dict.fromkeys((*plan.pending, *declarable)))
