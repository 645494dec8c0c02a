"""A stack's two files: Pulumi's own `stacks/Pulumi.<stack>.yaml`, and the declaration beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccc_numbers.declaration.names import FOLDER, full_name_fault
from ccc_numbers.declaration.outward import PROVIDER, refused_settings
from ccc_numbers.messages.files import inside, read_text
from ccc_numbers.messages.names import suggestion
from ccc_numbers.messages.problem import Problem, shown
from ccc_numbers.messages.yaml_document import Document, Empty, Plain
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.vendors.platform_fee import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DECLARATION = "ccc-numbers:declaration"
_PLATFORM_FEE = "ccc-numbers:platformFee"


@dataclass(frozen=True, slots=True)
class StackFile:
    """What Pulumi's file of a stack says to this project.

    `provider` is the `ccc:` configuration without its prefix, ready for `ccc_numbers.api.settings.Settings.parse`; paths in
    it are from the project's folder. `platform_fee` is how the platform fee's tiers are read, None when it does
    not say. `problems` is empty when the file could be read or is not there. `refused` are settings the stack must not
    be run with; what it declares can be read all the same, and stays its own.
    """

    name: str
    declaration: Path
    provider: Mapping[str, Plain] = field(default_factory=dict)
    platform_fee: Mode | None = None
    problems: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()

    @property
    def region(self) -> str | None:
        """`ccc:region`."""
        return self._text("region")

    @property
    def endpoint(self) -> str | None:
        """`ccc:endpoint`: None for the region's own, `embedded`, or an address."""
        return self._text("endpoint")

    @property
    def simulator_seed(self) -> str | None:
        """`ccc:simulatorSeed`, from the project's folder."""
        return self._text("simulatorSeed")

    @property
    def simulator_state(self) -> str | None:
        """`ccc:simulatorState`, from the project's folder."""
        return self._text("simulatorState")

    def _text(self, key: str) -> str | None:
        value = self.provider.get(key)
        return value if isinstance(value, str) and value else None


def stack_file(project: Path, stack: str) -> StackFile:
    """Where the declaration of a stack is and how its provider is set up. Never raises; see `problems`."""
    name = stack.rsplit("/", 1)[-1]
    folder = project / FOLDER
    own = folder / f"Pulumi.{name}.yaml"
    declaration = folder / f"{name}.yaml"
    if fault := full_name_fault(stack):
        problem = Problem(shown(folder), 1, 1, "", stack, fault, "stack-name")
        return StackFile(name, declaration, problems=(problem,))
    for file in (own, declaration):
        # What it says would be quoted in messages, so a link must not lead to what is not the project's.
        found = inside(project, file.relative_to(project).as_posix())
        if isinstance(found, str):
            return StackFile(
                name, declaration, problems=(Problem(shown(file), 1, 1, "", None, found, "file"),)
            )
    if not own.exists():
        return StackFile(name, declaration)
    text = read_text(own)
    if isinstance(text, Problem):
        return StackFile(name, declaration, problems=(text,))
    document = read_yaml(text, shown(own))
    config = _config(document)
    declaration = _declaration(document, folder, config.get(_DECLARATION)) or declaration
    provider = {
        key.removeprefix(PROVIDER): value
        for key, value in config.items()
        if key.startswith(PROVIDER) and not isinstance(value, Empty)
    }
    fee = _platform_fee(document, config.get(_PLATFORM_FEE))
    refused = tuple(refused_settings(document, provider, project))
    return StackFile(name, declaration, provider, fee, tuple(document.problems), refused)


def _declaration(document: Document, folder: Path, written: Plain) -> Path | None:
    """The file that `ccc-numbers:declaration` names; None when it names none, or not one that may be used."""
    if written is None or written == "" or isinstance(written, Empty):
        return None
    found = inside(folder, written) if isinstance(written, str) else "is the name of a file, as text"
    if not isinstance(found, str):
        return found
    where, value = document.value(("config", _DECLARATION)), written if isinstance(written, str) else None
    document.problems.append(Problem.at(where, _DECLARATION, value, found, "file"))
    return None


def platform_fee(written: str) -> Mode | str:
    """How the tiers are read, or what is wrong with `written`."""
    try:
        return Mode(written)
    except ValueError:
        return f"is not a way to read the platform fee's tiers; {suggestion(written, [*Mode])}"


def _platform_fee(document: Document, written: Plain) -> Mode | None:
    if written is None:
        return None
    mode = platform_fee(written) if isinstance(written, str) else f"is one of: {', '.join(Mode)}"
    if isinstance(mode, Mode):
        return mode
    where, value = document.value(("config", _PLATFORM_FEE)), written if isinstance(written, str) else None
    document.problems.append(Problem.at(where, _PLATFORM_FEE, value, mode, "value"))
    return None


def _config(document: Document) -> dict[str, Plain]:
    """Pulumi's settings of the stack. An empty file, and one without any, are as good as one without."""
    nothing = isinstance(document.data, Empty) or document.data is None
    found = {} if nothing else document.at(("config",)) if isinstance(document.data, dict) else document.data
    if isinstance(found, dict):
        return found
    if found is not None and not isinstance(found, Empty) and not document.problems:
        path = ("config",) if isinstance(document.data, dict) else ()
        message = "is not a mapping; settings stand one below the other, as in `ccc:region: cn-shanghai`"
        document.problems.append(Problem.at(document.value(path), "config", None, message, "shape"))
    return {}
