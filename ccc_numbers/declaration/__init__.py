"""The declaration of a stack: the grammar of `stacks/<stack>.yaml`, read without Pulumi and without network."""
