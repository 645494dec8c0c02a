"""Starts the provider for `pulumi package add`: Pulumi runs this folder."""
