"""A stack's two files: Pulumi's own `stacks/Pulumi.<stack>.yaml`, and the declaration beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ccc_numbers.declaration.names import FOLDER, full_name_fault
from ccc_numbers.declaration.outward import PROVIDER, refused_settings
from ccc_numbers.messages.files import inside, named_file, read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed, suggestion
from ccc_numbers.messages.problem import Problem, Source, shown
from ccc_numbers.messages.yaml_document import Document, Empty, Plain
from ccc_numbers.messages.yaml_reader import read_yaml
from ccc_numbers.vendors.errors import CatalogueError
from ccc_numbers.vendors.platform_fee import Mode, Tier, read_tiers

_DECLARATION = "ccc-numbers:declaration"
PLATFORM_FEE = "ccc-numbers:platformFee"
FEE_TIERS = "ccc-numbers:platformFeeTiers"


@dataclass(frozen=True, slots=True)
class StackFile:
    """This project's settings in Pulumi's file of a stack.

    `provider` is the `ccc:` configuration without its prefix, ready for `ccc_numbers.api.settings.Settings.parse`; paths in
    it are from the project's folder. `platform_fee` is how the platform fee's tiers are read, None when it does
    not say; `platform_fee_at` is where. `fee_tiers` are those of a price list of the account's own. `problems` is empty when the file could be read or is not there. `refused` are settings that nobody may run
    the stack with; its declaration can be read all the same.
    """

    name: str
    declaration: Path
    provider: Mapping[str, Plain] = field(default_factory=dict)
    platform_fee: Mode | None = None
    platform_fee_at: Source | None = None
    fee_tiers: tuple[Tier, ...] | None = None
    fee_tiers_at: Source | None = None
    problems: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()

    @property
    def region(self) -> str | None:
        """`ccc:region`."""
        return _text(self.provider.get("region"))

    @property
    def endpoint(self) -> str | None:
        """`ccc:endpoint`: None for the region's own, `embedded`, or an address."""
        return _text(self.provider.get("endpoint"))


def stack_file(project: Path, stack: str) -> StackFile:
    """Where the declaration of a stack is and how its provider is set up. Never raises; see `problems`."""
    name = stack.rsplit("/", 1)[-1]
    folder = project / FOLDER
    own, declaration = folder / f"Pulumi.{name}.yaml", folder / f"{name}.yaml"
    if fault := full_name_fault(stack):
        return StackFile(name, declaration, problems=(Problem.of_file(folder, fault, "stack-name", stack),))
    for file in (own, declaration):
        # Messages would quote its content, so a link must not lead out of the project.
        found = inside(project, file.relative_to(project).as_posix())
        if isinstance(found, str):
            return StackFile(name, declaration, problems=(Problem.of_file(file, found),))
    if not own.exists():
        return StackFile(name, declaration)
    text = read_text(own)
    if isinstance(text, Problem):
        return StackFile(name, declaration, problems=(text,))
    document = read_yaml(text, shown(own))
    config = _config(document)
    provider = {
        key.removeprefix(PROVIDER): value
        for key, value in config.items()
        if key.startswith(PROVIDER) and not isinstance(value, Empty)
    }
    return StackFile(
        name,
        _declaration(document, folder, config.get(_DECLARATION)) or declaration,
        provider,
        _platform_fee(document, config.get(PLATFORM_FEE)),
        document.value(("config", PLATFORM_FEE)) if PLATFORM_FEE in config else None,
        _fee_tiers(document, folder, config.get(FEE_TIERS)),
        document.value(("config", FEE_TIERS)) if FEE_TIERS in config else None,
        tuple(document.problems),
        tuple(refused_settings(document, provider, project)),
    )


def _declaration(document: Document, folder: Path, written: Plain) -> Path | None:
    """The file that `ccc-numbers:declaration` names; None when it names none, or not one that may be used."""
    return _file(document, folder, _DECLARATION, written)


def _file(document: Document, folder: Path, key: str, written: Plain) -> Path | None:
    if written is None or written == "" or isinstance(written, Empty):
        return None
    if isinstance(written, str):
        return named_file(document, ("config", key), written, folder)
    document.report(("config", key), tr("is the name of a file, as text"), "file")
    return None


def _fee_tiers(document: Document, folder: Path, written: Plain) -> tuple[Tier, ...] | None:
    """The tiers of the file that `ccc-numbers:platformFeeTiers` names."""
    file = _file(document, folder, FEE_TIERS, written)
    try:
        return None if file is None else read_tiers(file)
    except CatalogueError as error:
        document.problems.append(error.problem)
        return None


def platform_fee(written: str) -> Mode | str:
    """How the tiers are read, or what is wrong with `written`."""
    try:
        return Mode(written)
    except ValueError:
        return tr("is not a way to read the platform fee's tiers; {hint}", hint=suggestion(written, [*Mode]))


def _platform_fee(document: Document, written: Plain) -> Mode | None:
    if written is None:
        return None
    mode = platform_fee(written) if isinstance(written, str) else tr("is one of: {names}", names=listed(Mode))
    if isinstance(mode, Mode):
        return mode
    value = written if isinstance(written, str) else None
    document.report(("config", PLATFORM_FEE), mode, "value", value=value)
    return None


def _config(document: Document) -> Mapping[str, Plain]:
    """Pulumi's settings of the stack; none in a file without any, or without anything."""
    data = document.data
    path = ("config",) if isinstance(data, dict) else ()
    found = document.at(path)
    if isinstance(found, dict) and path:
        return found
    if found is not None and not isinstance(found, Empty) and not document.problems:
        message = tr("is not a mapping; settings stand one below the other, as in `ccc:region: cn-shanghai`")
        document.problems.append(Problem.at(document.value(path), "config", None, message, "shape"))
    return {}


def _text(value: Plain) -> str | None:
    return value if isinstance(value, str) and value else None
