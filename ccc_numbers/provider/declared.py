"""What is declared at the moment: by this run, by the stack's own file, and by the other stacks of the account.

A Delete by itself says nothing: the engine also calls it for what it replaces, retypes, renames or forgets, in
processes that have seen no program. So whoever would remove something asks here first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.declaration.names import IGNORE_FILE
from ccc_numbers.messages.files import inside
from ccc_numbers.messages.language import tr
from ccc_numbers.numbers.plan_number import Claims, Declared

if TYPE_CHECKING:
    from ccc_numbers.declaration.ignore_rules import IgnoreRule


@dataclass(frozen=True, slots=True)
class StackSays:
    """What one stack file declares.

    `numbers`: number -> its instance; `budgets`: instance -> its removal budget, "" for the default; `keys`: see
    `Declarations.checked`. Not `certain`: a simulator that does not answer now may be the one of this run.
    """

    stack: str
    file: str
    numbers: Mapping[str, str]
    budgets: Mapping[str, str]
    keys: frozenset[tuple[str, ...]]
    certain: bool = True


@dataclass(frozen=True, slots=True)
class RosterSeen:
    """A roster as it was checked in this run: the numbers of its instance, and those it declared before."""

    numbers: frozenset[str]
    before: frozenset[str]


class Declarations(Claims):
    """One run's view. Files are read only when somebody would remove or take something, and once.

    `environment` completes a stack's settings, which say whether another stack is in the same account. `programless`:
    a verb of `pulumi do`, which declares nothing and so gives nothing away.
    """

    def __init__(
        self,
        project: Path,
        stack: str,
        settings: Settings,
        environment: Mapping[str, str],
        begun: Callable[[str, str], bool],
        *,
        destroying: bool = False,
        programless: bool = False,
    ) -> None:
        self._programless = programless
        self.rosters: dict[str, RosterSeen] = {}
        self.instances: set[str] = set()
        """The stack's instances, as far as the rosters checked in this run name them."""
        self.given_up: set[str] = set()
        """Instances whose latch was deleted in this run."""
        self.destroying = destroying
        self._begun = begun
        self._project, self.stack = project, stack
        self._settings, self._environment = settings, environment
        self._checked: set[tuple[str, ...]] = set()
        self._files: dict[str, StackSays] = {}

    def begun(self, number: str, instance_id: str) -> bool:
        return self._begun(number, instance_id)

    def checked(self, *key: str) -> None:
        """The program of this run declares it: ("PhoneNumber", number), ("ContactFlow", instance, name)."""
        self._checked.add(key)

    def owner(self, number: str) -> str | None:
        """The other stack of the account that declares the number, with its file."""
        for other in self.neighbours:
            if number in other.numbers:
                return tr('stack "{stack}" ({file})', stack=other.stack, file=other.file)
        return None

    def why_not_imported(self, number: str) -> str | None:
        """Why the number must not be imported into this account: it may be somebody else's. CccError for an unread file."""
        if self._programless:
            return tr("no program declares it")
        # The grammar takes a quarter of a second to load: only where something is to be imported.
        from ccc_numbers.declaration.names import discover

        for name in discover(self._project):
            if name != self.stack and number in self._said(name).numbers:
                return tr(
                    'stack "{stack}" ({file}) declares it as well', stack=name, file=self._said(name).file
                )
        return None

    def gives(self, declared: Declared, instance_id: str) -> bool:
        """Whether this run, a stack file or a run that was killed says that the number is not to be there."""
        if instance_id in self.rosters or instance_id in self.instances:
            return True
        if self.begun(declared.number, instance_id):
            return True
        own = self.own
        if own is None and not self.rosters and not self._programless and declared.moved_from == instance_id:
            return True  # a program without rosters: the resource itself was there before
        files = [*([own] if own else []), *(each for each in self.neighbours if each.certain)]
        return any(
            instance_id in each.budgets and each.numbers.get(declared.number) != instance_id for each in files
        )

    def budget_of(self, instance_id: str) -> str | None:
        """The removal budget that another stack declares for an instance, "" for the default; None when none does."""
        return next(
            (each.budgets[instance_id] for each in self.neighbours if instance_id in each.budgets), None
        )

    def still(self, *key: str) -> bool:
        """Whether something that the engine deletes is declared all the same, so that it is only forgotten.

        `pulumi destroy` means what it says. Otherwise the files decide, and where there are none, whether the
        program of this run was seen and left it out.
        """
        if any(key in other.keys for other in self.neighbours):
            return True
        if self.destroying:
            return False
        own = self.own
        if key in self._checked or (own is not None and key in own.keys):
            return True
        return own is None and not self._checked

    @cached_property
    def own(self) -> StackSays | None:
        """The declaration of this stack's own file; None when the program has none."""
        from ccc_numbers.declaration.stack import stack_file

        file = stack_file(self._project, self.stack)
        exists = file.declaration.exists() or bool(file.problems)
        return self._said(self.stack) if exists else None

    @cached_property
    def ignore_rules(self) -> "tuple[IgnoreRule, ...] | str":
        """The rules of the project's ignore file that are in force; or why it cannot be read."""
        if not (self._project / IGNORE_FILE).exists():
            return ()
        # They take pydantic to load: only where there are any.
        from ccc_numbers.declaration import clock
        from ccc_numbers.declaration.ignore_rules import read_rules

        file = inside(self._project, IGNORE_FILE)
        rules = f"{IGNORE_FILE}: {file}" if isinstance(file, str) else read_rules(file)
        if isinstance(rules, list):
            return str(rules[0])
        today = clock.today(environment=self._environment)
        return rules if isinstance(rules, str) else tuple(each for each in rules if each.until >= today)

    @cached_property
    def neighbours(self) -> list[StackSays]:
        """The other stacks of the project in the same account. CccError when one of them cannot be read."""
        # The grammar takes a quarter of a second to load: only where there is a neighbour.
        from ccc_numbers.declaration.names import discover, misnamed

        for problem in misnamed(self._project):
            raise CccError(
                tr("nothing was changed, because a stack file cannot be read: {problem}", problem=problem)
            )
        others = [name for name in discover(self._project) if name != self.stack]
        found = [(name, self._same_account(name)) for name in others]
        return [
            replace(self._said(name), certain=certainly) for name, certainly in found if certainly is not None
        ]

    def _said(self, stack: str) -> StackSays:
        if stack not in self._files:
            self._files[stack] = _read(self._project, stack)
        return self._files[stack]

    def _same_account(self, stack: str) -> bool | None:
        """Whether a stack certainly declares numbers of the account that this one is in; None when it does not.

        False for one that names another address of a simulator, which does not answer there.
        """
        from ccc_numbers.declaration.stack import stack_file

        file = stack_file(self._project, stack)
        if not file.declaration.exists():
            return None
        try:
            other = Settings.parse(file.provider, environ=self._environment, base=self._project)
        except CccError as error:
            raise _unread(stack, str(error)) from None
        mine = self._settings
        if other.world.may_be(mine.world):
            return True
        if mine.simulator is None or other.embedded or not other.target.loopback:
            return None
        if not replace(other, endpoint=mine.endpoint).world.may_be(mine.world):
            return None
        there = other.asked().simulator
        return None if there not in (None, mine.simulator) else there is not None


def _read(project: Path, stack: str) -> StackSays:
    from ccc_numbers.declaration.read import load_stack

    loaded = load_stack(project, stack)
    wrong = [problem for problem in loaded.problems if problem.severity == "error"]
    if loaded.declaration is None or wrong:
        raise _unread(stack, str(wrong[0]) if wrong else tr("it cannot be read"))
    instances = loaded.declaration.instances.values()
    numbers = {number: each.id for each in instances for number in each.numbers}
    return StackSays(
        stack,
        f"stacks/{loaded.declaration.file.name}",
        numbers,
        {each.id: each.removal_budget or "" for each in instances},
        frozenset(
            {
                *(("PhoneNumber", number) for number in numbers),
                *(("SkillGroup", each.id, name) for each in instances for name in each.skill_groups),
                *(("ContactFlow", each.id, name) for each in instances for name in each.contact_flows),
            }
        ),
    )


def _unread(stack: str, why: str) -> CccError:
    return CccError(
        tr(
            'whether stack "{stack}" declares it cannot be seen, so nothing was changed: {why}. '
            "Mend that file first: ccc-numbers check {stack}",
            stack=stack,
            why=why,
        )
    )
