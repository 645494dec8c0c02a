"""Print the JSON Schema of stack files, for editors.

A stack file names it in its first line; editors with YAML support then complete and check while you type:

    # yaml-language-server: $schema=../ccc_numbers/declaration/schema.json
"""

from pathlib import Path
from typing import Annotated

from typer import Option, echo

from ccc_numbers.declaration.schema import SHIPPED, schema_text


def command(
    write: Annotated[bool, Option("--write", help=f"Write it to {SHIPPED.name} beside the grammar.")] = False,
) -> None:
    if write:
        Path(SHIPPED).write_text(schema_text(), "utf-8")
        return
    echo(schema_text(), nl=False)
