"""Print access keys in the form of AWS's credential_process, for programs that know only S3, such as Pulumi.

They are the keys that CCC is called with: from the environment, an OIDC token (GitLab, a Kubernetes service
account), a profile or the machine's RAM role. They are secret: this output is machine-readable, not for a log.

For pipelines/aws.config, not for people.

Exit codes: 0 printed · 2 no credentials.
"""

import json

import typer

from ccc_numbers.api.credentials import find_credentials
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.fleet.errors import FleetError


def command() -> None:
    try:
        keys = find_credentials().current()
    except ConfigError as error:
        raise FleetError(str(error)) from None
    answer = {"Version": 1, "AccessKeyId": keys.id, "SecretAccessKey": keys.secret}
    typer.echo(json.dumps(answer | ({"SessionToken": keys.token} if keys.token else {})))
