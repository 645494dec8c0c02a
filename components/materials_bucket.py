"""`materialsBucket:` on an order: its papers kept in OSS, encrypted, not public, never deleted from here."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pulumi

from ccc_numbers.declaration.model import Declaration, OrderDeclaration
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem


class MaterialsBucket(pulumi.ComponentResource):
    """One bucket and the papers of the orders that name it, as `ORDER/KIND.suffix`.

    Papers say who answers for whose calls, so nothing is taken away with the declaration: bucket and papers are
    only forgotten. Papers that are not there yet are left out. `folder` is the project's, which Pulumi reads
    paths from.
    """

    def __init__(
        self,
        bucket: str,
        orders: list[OrderDeclaration],
        folder: Path,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        # The package is large, and most stacks keep their papers elsewhere.
        from pulumi_alicloud import oss

        super().__init__("ccc:components:MaterialsBucket", bucket, None, opts)
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        self.bucket = oss.Bucket(
            bucket,
            bucket=bucket,
            server_side_encryption_rule=oss.BucketServerSideEncryptionRuleArgs(sse_algorithm="AES256"),
            opts=kept,
        )
        private = [
            oss.BucketAcl(bucket, bucket=self.bucket.bucket, acl="private", opts=kept),
            oss.BucketPublicAccessBlock(
                bucket, bucket=self.bucket.bucket, block_public_access=True, opts=kept
            ),
        ]
        # No paper is there before the bucket is closed.
        after = pulumi.ResourceOptions(parent=self, retain_on_delete=True, depends_on=private)
        self.papers = [
            oss.BucketObject(
                key,
                bucket=self.bucket.bucket,
                key=key,
                # From the project's folder: the same on every machine.
                source=os.path.relpath(file, folder),
                # Without it a paper that was replaced under its name would go unnoticed.
                content_md5=_md5(file),
                acl="private",
                server_side_encryption="AES256",
                opts=after,
            )
            for order in orders
            for key, file in _papers(order)
            if file.is_file()
        ]
        self.register_outputs({})


def buckets(declaration: Declaration) -> dict[str, list[OrderDeclaration]]:
    """The stack's buckets, and whose papers go into each."""
    found: dict[str, list[OrderDeclaration]] = {}
    for order in declaration.orders.values():
        if order.materials_bucket is not None:
            found.setdefault(order.materials_bucket, []).append(order)
    return found


def missing_papers(declaration: Declaration) -> Iterator[Problem]:
    """A warning for each paper that a bucket is to keep and that is not there."""
    for order in declaration.orders.values():
        for kind, file in order.materials.items() if order.materials_bucket else ():
            if not file.is_file():
                where, path = order.at(f"materials.{kind}"), f"orders.{order.key}.materials.{kind}"
                message = tr(
                    "is not there, so bucket {bucket} does not keep it",
                    bucket=order.materials_bucket,
                )
                yield Problem.at(where, path, file.name, message, "file", "warning")


def _papers(order: OrderDeclaration) -> Iterator[tuple[str, Path]]:
    for kind, file in order.materials.items():
        yield f"{order.key}/{kind}{file.suffix.lower()}", file


def _md5(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
