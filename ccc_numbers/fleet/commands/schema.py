"""Print the JSON Schema of stack files, for editors; or of a verb's `--output json`, for programs.

A stack file names it in its first line; editors with YAML support then complete and check while you type:

    # yaml-language-server: $schema=../ccc_numbers/declaration/schema.json

Examples: `ccc-numbers schema > stack.schema.json` · `ccc-numbers schema check`
"""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, echo

from ccc_numbers.declaration.schema import SHIPPED, schema_text
from ccc_numbers.fleet.answer_names import Answers


def command(
    verb: Annotated[
        Answers, Argument(metavar="VERB", help="Whose answer; `stack` is the stack file.")
    ] = Answers.STACK,
    write: Annotated[
        bool, Option("--write", help="Write it beside the grammar, as stack.schema.json.")
    ] = False,
) -> None:
    if write:
        Path(SHIPPED).write_text(schema_text(), "utf-8")
    elif verb is Answers.STACK:
        echo(schema_text(), nl=False)
    else:
        from ccc_numbers.fleet.answers import answer_schema

        echo(answer_schema(verb), nl=False)
