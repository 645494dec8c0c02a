"""What a stack author uses: the declaration (no Pulumi needed) and the components made from it."""
