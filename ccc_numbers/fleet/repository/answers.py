"""The answers that `init` needs: given as options, or asked for at a terminal."""

import re
from dataclasses import dataclass
from pathlib import Path

from rich.prompt import Prompt

from ccc_numbers.api.endpoint import HOME_REGION, check_region
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.identity import ACCOUNT_ID
from ccc_numbers.declaration.names import name_fault
from ccc_numbers.fleet.console import err
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.repository.render import PROJECT_OF_PULUMI_NEW, Answers, Forge
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted

_INSTANCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_KUBERNETES = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_ELSEWHERE = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class InitOptions:
    """The options of `init` as they were written."""

    stack: str | None
    region: str | None
    simulator: bool
    account: str | None
    instance: str | None
    forge: Forge | None
    for_pulumi_new: bool = False

    @property
    def lacking(self) -> str:
        real = self.account is not None
        options = {
            "--stack NAME": self.stack is None and not self.for_pulumi_new,
            "--simulator or --account ID": not (self.simulator or real),
            "--instance ID": real and self.instance is None,
            "--forge github|gitlab|operator|none": self.forge is None,
        }
        return ", ".join(option for option, lacks in options.items() if lacks)


def answered(folder: Path, given: InitOptions, *, at_terminal: bool) -> Answers:
    """The options, and what a person answers for those left out. Raises FleetError, one line a mistake."""
    if given.simulator and given.account is not None:
        raise FleetError(tr("say --simulator or --account, not both: a stack is in one place"))
    if given.lacking and not at_terminal:
        raise FleetError(tr("without a terminal nobody can be asked; say {lacking}", lacking=given.lacking))
    # What `pulumi new` calls a stack, unless it is given another name.
    stack = given.stack or ("dev" if given.for_pulumi_new else _ask(tr("Name of the first stack"), "acme"))
    account = given.account
    if account is None and not given.simulator:
        account = _ask(tr("Alibaba Cloud account id (empty: a simulator to try things on)"), "") or None
    instance = given.instance or (
        f"{stack}-support" if account is None else _ask(tr("Id of its CCC instance"))
    )
    ask_region = account is not None and given.lacking
    region = given.region or (_ask("Region", HOME_REGION) if ask_region else HOME_REGION)
    forge = given.forge or Forge(_ask(tr("Pipelines for"), Forge.GITHUB, [*Forge]))
    project = _ELSEWHERE.sub("-", folder.resolve().name).strip("-.") or "numbers"
    if given.for_pulumi_new:
        project = PROJECT_OF_PULUMI_NEW
    answers = Answers(project, stack, instance, region, account, forge)
    _check(answers)
    return answers


def _check(answers: Answers) -> None:
    problems = []
    if fault := name_fault(answers.stack):
        problems.append(tr("--stack {stack} {fault}", stack=quoted(answers.stack), fault=fault))
    elif answers.forge is Forge.OPERATOR and not _KUBERNETES.fullmatch(answers.stack):
        problems.append(
            tr(
                "--stack {stack}: Kubernetes takes only small letters, digits and -",
                stack=quoted(answers.stack),
            )
        )
    elif not _INSTANCE.fullmatch(answers.instance):
        problems.append(
            tr("--instance {instance}: write letters, digits, _, - and .", instance=quoted(answers.instance))
        )
    if answers.account is not None and not ACCOUNT_ID.fullmatch(answers.account):
        problems.append(
            tr(
                "--account {account} is not an account id; write only its digits",
                account=quoted(answers.account),
            )
        )
    try:
        check_region(answers.region)
    except ConfigError as error:
        problems.append(tr("--region: {why}", why=str(error).removeprefix("ccc:region: ")))
    if problems:
        raise FleetError(*problems)


def _ask(question: str, default: str | None = None, choices: list[str] | None = None) -> str:
    """An answer from the terminal; Enter takes the default. Without a default, ask until there is an answer."""
    console = err()
    try:
        while True:
            said = Prompt.ask(
                question, console=console, choices=choices, default=default or "", show_default=bool(default)
            ).strip()
            if said or default is not None:
                return said
    except EOFError:
        raise FleetError(tr("no answer to: {question}", question=question)) from None
