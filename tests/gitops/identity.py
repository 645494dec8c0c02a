"""Identities of jobs: the tokens that a forge signs. Run as a program, it is a job of GitHub that becomes a RAM role.

It imports little, for each job starts it again.
"""

import base64
import hashlib
import hmac
import json
import os
import ssl
import sys
import time
from collections.abc import Mapping
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

STS = "sts.aliyuncs.com"
GITHUB, GITLAB = "https://token.actions.githubusercontent.com", "https://gitlab.example"
"""Whom the tokens of the two forges are from."""
_ISSUER_KEY = b"only GitLab can sign"


def id_token(claims: Mapping[str, str], seconds: float = 300) -> str:
    """A JSON web token as a forge signs it for a job; it lasts so many seconds."""
    body = {**claims, "exp": time.time() + seconds}
    parts = [_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, body)]
    return ".".join((*parts, _base64(_signature(".".join(parts)))))


def claims_of(token: str) -> dict[str, str] | None:
    """What a token says; None when no forge has signed it, or when it has ended."""
    text, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature, _base64(_signature(text))):
        return None
    claims = json.loads(base64.urlsafe_b64decode(text.partition(".")[2] + "=="))
    ends = claims.pop("exp")
    return {name: str(value) for name, value in claims.items()} if time.time() < ends else None


def _signature(text: str) -> bytes:
    return hmac.digest(_ISSUER_KEY, text.encode(), hashlib.sha256)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _become(job: Mapping[str, str]) -> None:
    """Prints the variables with the role's keys."""
    if "id-token:write" not in job["JOB_PERMISSIONS"].split():
        sys.exit("no identity")
    query = {
        "Action": "AssumeRoleWithOIDC",
        "OIDCProviderArn": job["PROVIDER"],
        "RoleArn": job["ROLE"],
        "RoleSessionName": job["SESSION"],
        "OIDCToken": id_token({"iss": GITHUB, "sub": _subject(job), "aud": job["AUDIENCE"]}),
    }
    trust = ssl.create_default_context(cafile=job["ALIBABA_CLOUD_CA_BUNDLE"])
    opener = build_opener(ProxyHandler({"https": job["HTTPS_PROXY"]}), HTTPSHandler(context=trust))
    try:
        with opener.open(f"https://{STS}/?{urlencode(query)}", timeout=30) as answer:
            keys = json.load(answer)["Credentials"]
    except HTTPError as error:
        sys.exit(json.load(error)["Message"])
    print(f"ALIBABA_CLOUD_ACCESS_KEY_ID={keys['AccessKeyId']}")
    print(f"ALIBABA_CLOUD_ACCESS_KEY_SECRET={keys['AccessKeySecret']}")
    print(f"ALIBABA_CLOUD_SECURITY_TOKEN={keys['SecurityToken']}")


def _subject(job: Mapping[str, str]) -> str:
    """The `sub` of the job's identity, by GitHub's rules."""
    repository = f"repo:{job['GITHUB_REPOSITORY']}"
    if environment := job["JOB_ENVIRONMENT"]:
        return f"{repository}:environment:{environment}"
    if job["GITHUB_EVENT_NAME"] == "pull_request":
        return f"{repository}:pull_request"
    return f"{repository}:ref:{job['GITHUB_REF']}"


if __name__ == "__main__":
    _become(os.environ)
