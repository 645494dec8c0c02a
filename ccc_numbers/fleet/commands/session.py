"""Print access keys in the form of AWS's credential_process, for programs that know only S3, such as Pulumi.

They are the keys that CCC is called with: from the environment, an OIDC token (GitLab, a Kubernetes service
account), a profile or the machine's RAM role. They are secret: this output is machine-readable, not for a log.

For pipelines/aws.config, not for people.

A session that a token or a profile gives is asked for again every ten minutes; it lasts a quarter of an hour at least.

Exit codes: 0 printed · 2 no credentials.
"""

import json
from datetime import UTC, datetime, timedelta

import typer

from ccc_numbers.api.credentials import ChainKeys, find_credentials
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.fleet.errors import FleetError

_AGAIN = timedelta(minutes=10)


def command() -> None:
    try:
        credentials = find_credentials()
        keys = credentials.current()
    except ConfigError as error:
        raise FleetError(str(error)) from None
    answer = {"Version": 1, "AccessKeyId": keys.id, "SecretAccessKey": keys.secret}
    if keys.token:
        answer["SessionToken"] = keys.token
        if isinstance(credentials, ChainKeys):
            answer["Expiration"] = f"{datetime.now(UTC) + _AGAIN:%Y-%m-%dT%H:%M:%SZ}"
    typer.echo(json.dumps(answer))
