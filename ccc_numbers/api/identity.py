"""The identity a stack calls CCC with: its account, and the profile or the RAM role it names; never a key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.reach import nested, plain
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted

KEYS = ("account", "profile", "assumeRole")
_EXAMPLE = "{role: ccc-deploy, readRole: ccc-drift}"  # not translated: keys
_ROLE_KEYS = ("role", "readRole", "externalId", "oidcProvider", "sessionName")
ACCOUNT_ID = re.compile(r"[0-9]{1,32}")
_ARN = re.compile(r"acs:ram::([0-9]{1,32}):(role|oidc-provider)/([A-Za-z0-9._-]{1,128})")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")
# STS: 2 to 64 letters, digits and . @ - _
_SESSION = re.compile(r"[A-Za-z0-9.@_-]{2,64}")
_LONGEST_SESSION = 64


@dataclass(frozen=True, slots=True)
class Caller:
    """A stack, the verb that runs on it, and whether that verb writes to CCC."""

    stack: str = ""
    verb: str = "run"
    writes: bool = True

    @property
    def session_name(self) -> str:
        """`ccc-numbers-acme-up`, as STS takes it: the audit log of the account names stack and verb."""
        ends = f"-{self.verb}" if self.stack else self.verb
        name = re.sub(r"[^A-Za-z0-9.@_-]", "-", f"ccc-numbers-{self.stack}")
        return name[: _LONGEST_SESSION - len(ends)] + ends


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """RAM roles by their ARNs: `write` for verbs that write to CCC, `read` for all others.

    `write` is None for a stack that is only looked at. `oidc_provider` is the ARN of the identity provider whose tokens
    the roles trust, None for the environment's. `encrypted`: the external id was read from a stack file, where it is a
    secret of Pulumi.
    """

    write: str | None
    read: str
    external_id: str | None = field(default=None, repr=False)
    encrypted: bool = False
    oidc_provider: str | None = None
    session_name: str | None = None

    def arn(self, caller: Caller) -> str:
        """The role that `caller` becomes. ConfigError when it writes to a stack that is only looked at."""
        if not caller.writes:
            return self.read
        if self.write is None:
            raise ConfigError(
                tr(
                    "ccc:assumeRole: names only readRole, so this stack is only looked at, and `{verb}` writes to CCC; add "
                    "the role that writes: {{role: ccc-deploy, readRole: …}}",
                    verb=caller.verb,
                )
            )
        return self.write


@dataclass(frozen=True, slots=True)
class Identity:
    """The expected account, and a profile or a role; with neither, the environment's keys."""

    account: str | None = None
    profile: str | None = None
    role: AssumedRole | None = None

    @property
    def name(self) -> str:
        """`profile acme`, `role acs:ram::1:role/deploy`, or "" for the environment's."""
        if self.profile:
            return f"profile {self.profile}"  # not translated: worlds are compared by it
        return f"role {self.role.write or self.role.read}" if self.role else ""  # not translated: the same

    def refuse(self, caller: Caller) -> None:
        """Raise ConfigError when `caller` writes, and the stack is only looked at."""
        if self.role:
            self.role.arn(caller)

    def now(self, said: Self) -> Self:
        """The identity of newer settings. This one's account and external id stay, where those do not say theirs."""
        role = said.role
        if role and role.encrypted and self.role:
            role = replace(role, external_id=self.role.external_id, encrypted=self.role.encrypted)
        return replace(said, account=said.account or self.account, role=role)

    @classmethod
    def parse(cls, mapping: Mapping[str, object]) -> Self:
        """From the provider's configuration. Raises ConfigError, one line, which never quotes the external id."""
        account, profile = plain("account", mapping.get("account")), plain("profile", mapping.get("profile"))
        if account and not ACCOUNT_ID.fullmatch(account):
            raise ConfigError(
                tr(
                    "ccc:account: {account} is not an account id; write its digits in quotes, as in "
                    'ccc:account: "1570000000000002"',
                    account=quoted(account),
                )
            )
        written = mapping.get("assumeRole")
        assumes = written is not None and written != ""
        if profile and assumes:
            raise ConfigError(
                tr(
                    "ccc:profile: stands beside ccc:assumeRole; a stack has one of them: a profile may assume a role itself"
                )
            )
        role = _role(written, account) if assumes else None
        return cls(account or (_account_of(role.read) if role else None), profile, role)


def _role(written: object, account: str | None) -> AssumedRole:
    given = dict(nested("assumeRole", written, _ROLE_KEYS, _EXAMPLE))
    secret = given.get("externalId")
    encrypted = isinstance(secret, Mapping) and secret.keys() == {"secure"}
    if encrypted:
        del given["externalId"]
    texts = {key: plain(f"assumeRole.{key}", each) for key, each in given.items()}
    said = {key: text for key, text in texts.items() if text}
    if not said.keys() & {"role", "readRole"}:
        raise ConfigError(tr("ccc:assumeRole: names no role; write {example}", example=_EXAMPLE))
    session = said.get("sessionName")
    if session and not _SESSION.fullmatch(session):
        raise ConfigError(
            tr(
                "ccc:assumeRole.sessionName: {name} is not a session name; it has 2 to 64 letters, digits and . @ - _",
                name=quoted(session),
            )
        )
    provider = said.get("oidcProvider")
    write = _arn("role", said["role"], account, "role") if "role" in said else None
    account = account or (_account_of(write) if write else None)
    read = _arn("readRole", said["readRole"], account, "role") if "readRole" in said else str(write)
    account = account or _account_of(read)
    return AssumedRole(
        write=write,
        read=read,
        external_id=said.get("externalId"),
        encrypted=encrypted,
        oidc_provider=_arn("oidcProvider", provider, account, "oidc-provider") if provider else None,
        session_name=session,
    )


def _arn(key: str, written: str, account: str | None, kind: str) -> str:
    """The ARN of a role or identity provider of the stack's account, which is written whole or by its name."""
    where = f"ccc:assumeRole.{key}: {quoted(written)}"
    what = tr("role") if kind == "role" else tr("identity provider")
    if arn := _ARN.fullmatch(written):
        if arn.group(2) != kind:
            raise ConfigError(
                tr(
                    "{where} is not the ARN of a {what}; write acs:ram::ACCOUNT:{kind}/NAME",
                    where=where,
                    what=what,
                    kind=kind,
                )
            )
        if account and arn.group(1) != account:
            raise ConfigError(
                tr(
                    "{where} is of account {other}, and the stack is of account {account}; a {what} is one of the stack's "
                    "own account",
                    where=where,
                    other=arn.group(1),
                    account=account,
                    what=what,
                )
            )
        return written
    if not _NAME.fullmatch(written):
        raise ConfigError(
            tr(
                "{where} is neither the name of a {what} nor its ARN, acs:ram::ACCOUNT:{kind}/NAME",
                where=where,
                what=what,
                kind=kind,
            )
        )
    if not account:
        raise ConfigError(
            tr(
                "{where} is a name, and ccc:account does not say in which account; set it, or write the ARN",
                where=where,
            )
        )
    return f"acs:ram::{account}:{kind}/{written}"


def _account_of(arn: str) -> str:
    return arn.split(":")[3]
