"""The Pulumi program of every customer stack: what `stacks/<stack>.yaml` declares, as resources."""

from pathlib import Path

import pulumi

from components.declaration import load_stack
from components.program import declare, refuse

loaded = load_stack(Path.cwd(), pulumi.get_stack())
refuse(loaded.problems)
if loaded.declaration is not None:
    instances = declare(loaded.declaration)
    pulumi.export("instances", {id: instance.summary for id, instance in instances.items()})
