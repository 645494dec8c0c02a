"""Hand this machine's Alibaba Cloud identity to programs that know S3 only, such as Pulumi for its state."""

from __future__ import annotations

import json

import typer

from ccc_numbers.api.credentials import find_credentials
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.fleet.errors import FleetError

EPILOG = "pipelines/aws.config uses it; people have no need of it. Exit codes: 0 told · 2 no credentials."


def command() -> None:
    """Print a set of access keys in the form of AWS's credential_process.

    They are those that CCC is called with: from the environment, an OIDC token (GitLab, a Kubernetes service
    account), a profile or the machine's RAM role. They are secret: this is for a program's ears.
    """
    try:
        keys = find_credentials().current()
    except ConfigError as error:
        raise FleetError(str(error)) from None
    told = {"Version": 1, "AccessKeyId": keys.id, "SecretAccessKey": keys.secret}
    typer.echo(json.dumps(told | ({"SessionToken": keys.token} if keys.token else {})))
