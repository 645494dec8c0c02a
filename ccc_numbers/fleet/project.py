"""The project and the stacks of a verb, and the commands to name in a message."""

from dataclasses import dataclass
from pathlib import Path

from ccc_numbers.declaration.names import discover, full_name_fault, misnamed
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted, some, suggestion


def find_project(given: Path | None = None) -> Path:
    """The folder `given`, or the nearest one from here upwards with a Pulumi.yaml. Relative when it can be."""
    if given is not None:
        if not given.is_dir():
            raise FleetError(tr("there is no folder {given}", given=quoted(str(given))))
        return given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "Pulumi.yaml").exists():
            return Path() if folder == here else folder
    if (here / "stacks").is_dir():
        return Path()
    raise FleetError(
        tr("no Pulumi.yaml from {here} upwards; go to the project's folder or say --project DIR", here=here)
    )


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands for Pulumi's verbs on a stack, and for `ccc-numbers`, in a project."""

    up: str
    preview: str
    ours: str


def commands_for(project: Path, stack: str) -> Commands:
    """By make and tools/run in a checkout of ccc-numbers, plainly in a team's own repository."""
    if (project / "tools" / "run").exists():
        more = "" if stack == "demo" else f" STACK={stack}"
        # not translated: a command
        return Commands(f"make up{more}", f"make preview{more}", "tools/run ccc-numbers")
    # not translated: a command
    return Commands(f"pulumi up --stack {stack}", f"pulumi preview --stack {stack}", "ccc-numbers")


def stack_named(text: str) -> str:
    """The given name of a stack. Raises FleetError when it cannot be one: an option, a path, a command."""
    if fault := full_name_fault(text):
        raise FleetError(tr("stack {text} {fault}", text=quoted(text), fault=fault))
    return text


def refuse_misnamed(project: Path) -> None:
    """Raise FleetError when there are stack files that nobody looks at, because their names cannot be a stack's."""
    if problems := misnamed(project):
        raise FleetError(*map(str, problems))


def chosen_stacks(project: Path, named: list[str] | None) -> list[str]:
    """The stacks to look at: those named, or all of the project. An unknown name is refused."""
    known = discover(project)
    if not named:
        refuse_misnamed(project)
        if not known:
            raise FleetError(
                tr(
                    "no stacks: there is no {folder}/Pulumi.<stack>.yaml",
                    folder=(project / "stacks").as_posix(),
                )
            )
        return known
    stacks = list(dict.fromkeys(map(stack_named, named)))
    for stack in stacks:
        if stack not in known and not (project / "stacks" / f"{stack}.yaml").is_file():
            raise FleetError(
                tr(
                    "no stack {stack}; {hint}",
                    stack=quoted(stack),
                    hint=suggestion(stack, known, "the stacks are"),
                )
            )
    return stacks


def chosen_stack(project: Path, named: str | None) -> str:
    """The one stack of a verb: the one named, or the only one there is."""
    found = chosen_stacks(project, [named] if named else None)
    if len(found) > 1:
        raise FleetError(tr("say which stack: --stack {stacks}", stacks=some(found)))
    return found[0]
