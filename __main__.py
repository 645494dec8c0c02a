"""The Pulumi program of every customer stack: what `stacks/<stack>.yaml` declares, as resources."""

from pathlib import Path

import pulumi

from ccc_numbers.declaration.read import load_stack
from components.program import declare, sound

declaration = sound(load_stack(Path.cwd(), pulumi.get_stack()))
for name, value in declare(declaration).items():
    pulumi.export(name, value)
