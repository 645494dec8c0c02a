"""`access:`: the least RAM policies (访问控制权限策略) for deploying, for looking at drift, and for buying, and the roles of
pipelines that get them, with their trust policies.

CCC publishes no table of its RAM actions. By the pattern of its system policies an action is called as its operation,
and resources cannot be named apart, so everything is on `*`. tests/components/test_access.py holds the lists against what
the code calls.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from ccc_numbers.declaration.grammar import GranteesShape, IdentityProviderShape
from ccc_numbers.declaration.model import Purpose

if TYPE_CHECKING:
    from pulumi_alicloud import ims, ram

LOOK = (
    "ccc:GetInstance",
    "ccc:ListCampaigns",
    "ccc:ListContactFlows",
    "ccc:ListInstances",
    "ccc:ListPhoneNumbers",
    "ccc:ListSkillGroups",
    "ccc:ListUnassignedNumbers",
    "ccc:ListUsers",
)
# One agent of each group, and the numbers he is offered: `drift --reachability`.
AGENTS = ("ccc:ListOutboundNumbersOfUser", "ccc:ListUserLevelsOfSkillGroup")
# Who called whom is personal, so it is no part of looking.
CALLS = ("ccc:ListCallDetailRecordsV2",)
CHANGE = (
    "ccc:AddNumbersToSkillGroup",
    "ccc:AddPersonalNumbersToUser",
    "ccc:AddPhoneNumberToSkillGroups",
    "ccc:AddPhoneNumbers",
    "ccc:CommitContactFlow",
    "ccc:CreateContactFlow",
    "ccc:CreateSkillGroup",
    "ccc:DeleteContactFlow",
    "ccc:DeleteSkillGroup",
    "ccc:DiscardEditingContactFlow",
    "ccc:GetSkillGroup",
    "ccc:ModifyPhoneNumber",
    "ccc:ModifySkillGroup",
    "ccc:PublishContactFlow",
    "ccc:RemovePersonalNumbersFromUser",
    "ccc:RemovePhoneNumberFromSkillGroups",
    "ccc:RemovePhoneNumbers",
    "ccc:RemovePhoneNumbersFromSkillGroup",
    "ccc:StartEditContactFlow",
)
# Of a stack with `selfService: true` alone.
IMPORT = ("ccc:ImportCorpNumbers",)
# RAM lists the marketplace under code `acm` with service granularity, so nothing narrower can be granted there.
BUY = ("acm:*", "bss:DescribeOrderDetail", "bss:PayOrder")
KEEP_BUCKET = (
    "oss:GetBucketAcl",
    "oss:GetBucketEncryption",
    "oss:GetBucketInfo",
    "oss:GetBucketPublicAccessBlock",
    "oss:PutBucket",
    "oss:PutBucketAcl",
    "oss:PutBucketEncryption",
    "oss:PutBucketPublicAccessBlock",
)
KEEP_PAPERS = ("oss:GetObject", "oss:GetObjectAcl", "oss:PutObject", "oss:PutObjectAcl")

_ABOUT = {
    # not translated: kept in the cloud
    Purpose.DEPLOY: "ccc-numbers: pulumi up of call centre numbers",
    # not translated: kept in the cloud
    Purpose.DRIFT: "ccc-numbers: look at call centre numbers, change nothing",
    # not translated: kept in the cloud
    Purpose.TRAFFIC: "ccc-numbers: read call detail records, besides looking at drift",
    # not translated: kept in the cloud
    Purpose.PURCHASE: "ccc-numbers: buy vendor orders on the cloud marketplace",
}


class Access(pulumi.ComponentResource):
    """A policy for each purpose, attached to those named. `buckets` keep papers, which deploying writes.

    Roles that trust somebody are made here, and so is the identity `provider` whose tokens they trust. `policies` has the
    policies' names by purpose.
    """

    def __init__(
        self,
        name: str,
        purposes: Mapping[Purpose, GranteesShape],
        buckets: Collection[str] = (),
        provider: IdentityProviderShape | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        self_service: bool = False,
    ) -> None:
        # The package is large, and one stack of a fleet makes the policies.
        from pulumi_alicloud import ram

        super().__init__("ccc:components:Access", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.policies: dict[str, pulumi.Output[str]] = {}
        federated = _identity_provider(provider, child).arn if provider else None
        for purpose, who in purposes.items():
            title = policy_name(name, purpose)
            policy = ram.Policy(
                title,
                policy_name=title,
                policy_document=document(statements(purpose, buckets, self_service=self_service)),
                description=_ABOUT[purpose],
                # RAM keeps five versions of a policy and refuses the sixth.
                rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
                opts=child,
            )
            self.policies[purpose] = policy.policy_name
            roles = _roles(who, provider, federated, child)
            _attach(policy, title, who, pulumi.ResourceOptions(parent=self, depends_on=roles))
        self.register_outputs({})


def _attach(policy: ram.Policy, title: str, who: GranteesShape, opts: pulumi.ResourceOptions) -> None:
    from pulumi_alicloud import ram

    kinds: tuple[tuple[str, Any, Collection[str]], ...] = (
        ("user", ram.UserPolicyAttachment, who.users),
        ("group", ram.GroupPolicyAttachment, who.groups),
        ("role", ram.RolePolicyAttachment, who.roles),
    )
    for kind, attachment, names in kinds:
        for name in names:
            attachment(
                f"{title}/{kind}/{name}",
                policy_name=policy.policy_name,
                policy_type="Custom",
                opts=opts,
                **{f"{kind}_name": name},
            )


def _identity_provider(provider: IdentityProviderShape, opts: pulumi.ResourceOptions) -> ims.OidcProvider:
    from pulumi_alicloud import ims

    return ims.OidcProvider(
        provider.name,
        oidc_provider_name=provider.name,
        issuer_url=provider.issuer,
        client_ids=list(provider.audiences),
        fingerprints=list(provider.fingerprints) or None,
        # not translated: kept in the cloud
        description="ccc-numbers: identities of pipelines",
        opts=opts,
    )


def _roles(
    who: GranteesShape,
    provider: IdentityProviderShape | None,
    federated: pulumi.Output[str] | None,
    opts: pulumi.ResourceOptions,
) -> list[ram.Role]:
    """The roles that trust somebody. `federated`: the ARN of the identity provider."""
    from pulumi_alicloud import ram

    if not who.trusts:
        return []
    trust = pulumi.Output.from_input(federated).apply(lambda arn: trust_policy(who, provider, arn))
    return [
        ram.Role(
            role,
            role_name=role,
            assume_role_policy_document=trust,
            # not translated: kept in the cloud
            description="ccc-numbers: what a pipeline becomes",
            opts=opts,
        )
        for role in who.roles
    ]


def trust_policy(who: GranteesShape, provider: IdentityProviderShape | None, federated: str | None) -> str:
    """Who may become a role, JSON: roles of other accounts, and tokens of the provider with exactly these
    subjects, for these audiences."""
    tokens = who.subjects
    roles = [each for each in who.trusts if each not in tokens]
    rows: list[dict[str, object]] = [{"Principal": {"RAM": roles}}] if roles else []
    if tokens and provider:
        audiences = list(who.audiences_of(provider))
        exactly = {"oidc:iss": [provider.issuer], "oidc:aud": audiences, "oidc:sub": tokens}
        rows.append({"Principal": {"Federated": [federated]}, "Condition": {"StringEquals": exactly}})
    return _allowing({"Action": "sts:AssumeRole"} | row for row in rows)


def policy_name(stack: str, purpose: Purpose) -> str:
    """A name RAM takes: letters, digits and hyphens, unlike any other stack's."""
    return f"ccc-numbers-{re.sub('[^A-Za-z0-9]+', '-', stack)}-{purpose}"[:128]


def statements(
    purpose: Purpose, buckets: Collection[str] = (), *, self_service: bool = False
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """What a purpose needs: actions and the resources they are allowed on."""
    match purpose:
        case Purpose.DRIFT:
            yield sorted(LOOK + AGENTS), ["*"]
        case Purpose.TRAFFIC:
            yield CALLS, ["*"]
        case Purpose.DEPLOY:
            yield sorted(LOOK + CHANGE + (IMPORT if self_service else ())), ["*"]
            if buckets:
                yield KEEP_BUCKET, [f"acs:oss:*:*:{bucket}" for bucket in sorted(buckets)]
                yield KEEP_PAPERS, [f"acs:oss:*:*:{bucket}/*" for bucket in sorted(buckets)]
        case Purpose.PURCHASE:
            yield BUY, ["*"]


def document(allowed: Iterator[tuple[Sequence[str], Sequence[str]]]) -> str:
    """The policy document of these statements, JSON."""
    return _allowing({"Action": list(actions), "Resource": list(resources)} for actions, resources in allowed)


def _allowing(rows: Iterable[dict[str, object]]) -> str:
    return json.dumps({"Version": "1", "Statement": [{"Effect": "Allow"} | row for row in rows]})
