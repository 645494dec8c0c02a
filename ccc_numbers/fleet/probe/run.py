"""One probe: the questions, then the trials where a number was given, and what is told of each switch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.stack import StackFile
from ccc_numbers.fleet.accounts import open_accounts
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.probe.calls import Calls, Untold
from ccc_numbers.fleet.probe.reading import QUESTIONS
from ccc_numbers.fleet.probe.trial import Trial, is_unassigned, make_group, trial_of
from ccc_numbers.fleet.probe.trials import INSIDE, OUTSIDE, Step
from ccc_numbers.fleet.stacks import read_fleet
from ccc_numbers.messages.language import mark, tr

Say = Callable[[str], None]

NOT_TRIED: Mapping[str, str] = {
    "list-and-group": mark("needs a number group"),
    "bind-personal-number": mark("needs a personal number of an agent"),
    "start-edit-again": mark("would leave drafts in a flow"),
    "publish": mark("would publish a flow"),
    "delete-used-flow": mark("would delete a flow"),
    "duplicate-flow-name": mark("would make flows"),
    "foreign-instance": mark("needs an instance of another account"),
    "create-instance": mark("would make an instance"),
    "rate-limit": mark("would use up the account's quota"),
    "misplaced-parameter": mark("this client puts each parameter into its place"),
    "total-count": mark("needs more than 10,000 numbers"),
    "call-window": mark("needs a call at a known millisecond"),
    "call-line": mark("needs calls"),
    "call-numbers": mark("needs calls"),
    "add-inactive-number": mark("needs a number that is not active"),
    "offered-inactive": mark("needs a number that is not active"),
    "number-group-rows": mark("needs a number group"),
    "unbind-number-group": mark("needs a number group"),
    "used-by-campaign": mark("would take something from a campaign that runs"),
    "give-held-number": mark("needs a personal number of an agent"),
    "import-numbers": mark("would import a number into the account"),
    "import-foreign-number": mark("needs a number of another account"),
}
"""Switches that no question or trial is about, and why."""


@dataclass(slots=True)
class Findings:
    """What a probe found: the alternative of each switch that was told, the reason for each that was not."""

    told: dict[str, str] = field(default_factory=dict)
    untold: dict[str, str] = field(default_factory=dict)
    recording: list[dict[str, object]] = field(default_factory=list)
    """The calls in order, with everybody's data replaced."""

    def reasons(self, *, tried: bool) -> dict[str, str]:
        """Every switch that was not told, by name, and why; `tried`: there were trials."""
        reasons = {switch: tr(why) for switch, why in NOT_TRIED.items()} | self.untold
        for switch in (each for step in (*OUTSIDE, *INSIDE) for each in step.switches):
            reasons.setdefault(switch, tr("its trial was not reached") if tried else tr("only a trial tells"))
        return {switch: why for switch, why in sorted(reasons.items()) if switch not in self.told}


def refuse_declared(project: Path, number: str) -> None:
    """Raise FleetError when any stack file declares the number, or one cannot be read: it is somebody's line."""
    fleet = read_fleet(project, discover(project))
    for stack in fleet.stacks.values():
        if stack.problems:
            raise FleetError(
                tr(
                    "stack {stack} cannot be read whole, so it may declare {number}; nothing was tried: ccc-numbers check {stack}",
                    stack=stack.name,
                    number=number,
                )
            )
    if owners := fleet.owners.get(number):
        raise FleetError(
            tr(
                "{number} is declared by stack {stack}, and a probe needs a number that nobody uses; nothing was tried",
                number=number,
                stack=owners[0].stack,
            )
        )


async def probe(project: Path, file: StackFile, instance: str, number: str | None, say: Say) -> Findings:
    """Ask all questions, and make all trials on `number` if one is given. Raises FleetError before the first of them.

    FleetError after them means that something could not be undone, and says what.
    """
    async with open_accounts(project, [file], "probe", writes=number is not None) as accounts:
        if failed := accounts.failed.get(file.name):
            raise FleetError(failed)
        calls = Calls(accounts.by_stack[file.name].client, instance)
        found = Findings(recording=calls.recording)
        seen = await _seen(calls)
        if seen is not None:
            raise FleetError(tr("{instance} cannot be looked at: {why}", instance=instance, why=seen))
        for switch, question in QUESTIONS.items():
            try:
                found.told[switch] = await question(calls)
            except Untold as why:
                found.untold[switch] = str(why)
        if number is not None:
            await _try_all(calls, number, found, say)
    return found


async def _seen(calls: Calls) -> str | None:
    """Why the instance cannot be looked at; None when it can."""
    try:
        outcome = await calls.to_instance("GetInstance")
    except Untold as why:
        return str(why)
    return None if outcome.fine else outcome.code


async def _try_all(calls: Calls, number: str, found: Findings, say: Say) -> None:
    if not await is_unassigned(calls, number):
        raise FleetError(tr("{number} is not unassigned in this account; nothing was tried", number=number))
    try:
        async with trial_of(calls, number) as trial:
            for step in OUTSIDE:
                await _make(step, trial, found, say)
            if "duplicates" not in found.told:
                return  # it could not be added
            say(tr("make the skill group for the trials"))
            await make_group(trial)
            for step in INSIDE:
                await _make(step, trial, found, say)
            say(tr("take the number out, and delete the skill group"))
    except Untold as why:
        raise FleetError(str(why)) from None


async def _make(step: Step, trial: Trial, found: Findings, say: Say) -> None:
    say(tr(step.does))
    try:
        await trial.reset()
        found.told |= await step.attempt(trial)
    except Untold as why:
        found.untold |= dict.fromkeys(step.switches, str(why))
