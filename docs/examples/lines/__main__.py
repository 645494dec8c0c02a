"""The Pulumi program of every customer stack: what `stacks/<stack>.yaml` declares, as resources."""

from components import run

run()
