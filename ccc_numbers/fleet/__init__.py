"""The `ccc-numbers` command: everything that looks at all stacks at once, or needs no Pulumi."""
