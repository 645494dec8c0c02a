"""The Pulumi plugin `ccc`: one file per resource type over the calls of `ccc_numbers/api/`."""
