"""How a stack reaches CCC: by its own settings, or by new ones that are written with it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from ccc_numbers.api.endpoint import EMBEDDED, HOME_REGION
from ccc_numbers.api.errors import CccError
from ccc_numbers.api.settings import Settings
from ccc_numbers.declaration.names import name_fault
from ccc_numbers.declaration.stack import StackFile, stack_file
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted
from ccc_numbers.messages.problem import shown


@dataclass(frozen=True, slots=True)
class NewSettings:
    """Pulumi's own file of a stack that has none yet."""

    path: Path
    config: Mapping[str, str]

    def text(self, account: str | None) -> str:
        """The file's text. `account` is that of the keys in use: from now on, keys of another are refused."""
        known = {"ccc:account": account} if account and self.config.get("ccc:endpoint") != EMBEDDED else {}
        text: str = yaml.safe_dump({"config": {**self.config, **known}}, allow_unicode=True)
        return text


def stack_settings(
    project: Path, stack: str, region: str | None, endpoint: str | None
) -> tuple[StackFile, NewSettings | None]:
    """The stack's settings, and the file to write when it has none. Raises FleetError, one line a mistake."""
    if fault := name_fault(stack):
        raise FleetError(tr("--stack {stack} {fault}", stack=quoted(stack), fault=fault))
    file = stack_file(project, stack)
    if problems := (*file.problems, *file.refused):
        raise FleetError(*map(str, problems))
    own = project / "stacks" / f"Pulumi.{stack}.yaml"
    if own.exists():
        for option, given, has in (
            ("--region", region, file.region),
            ("--endpoint", endpoint, file.endpoint),
        ):
            if given is not None and given != has:
                raise FleetError(
                    tr(
                        "{option} {given}: {own} says {has}",
                        option=option,
                        given=quoted(given),
                        own=shown(own),
                        has=quoted(has or tr("nothing")),
                    )
                )
        return file, None
    settings = {"ccc:region": region or os.environ.get("CCC_REGION") or HOME_REGION}
    if address := endpoint or os.environ.get("CCC_ENDPOINT"):
        settings["ccc:endpoint"] = address
    provider = {key.removeprefix("ccc:"): value for key, value in settings.items()}
    try:
        Settings.parse(provider)
    except CccError as error:
        raise FleetError(str(error)) from None
    return replace(file, provider=provider), NewSettings(own, settings)
