"""`materialsBucket:` keeps an order's papers: encrypted, closed to the public, never deleted from here."""

import hashlib
from pathlib import Path

from tests.components.mocked import run

BUCKET, OBJECT = "alicloud:oss/bucket:Bucket", "alicloud:oss/bucketObject:BucketObject"
ORDERS = """\
orders:
  youyin:
    vendor: A
    product: landline-aftersales
    stage: intended
    quantity: 2
    prepaid: 3000
    materials: {script: papers/话术.DOCX, contract: papers/contract.pdf}
    materialsBucket: acme-papers
  virtual:
    {vendor: B, product: virtual-number, stage: intended, quantity: 10, materials: {script: papers/s.txt},
     materialsBucket: acme-papers}
"""


def paper(project: Path, name: str, content: bytes) -> str:
    file = project / "stacks/papers" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_orders_share_one_encrypted_bucket_that_nobody_else_can_read(project: Path) -> None:
    sums = [paper(project, name, name.encode()) for name in ("话术.DOCX", "contract.pdf", "s.txt")]
    made = run(project, ORDERS)
    assert (made.errors, made.warnings) == ([], [])
    assert made.of(BUCKET) == ["acme-papers"]
    bucket = made[BUCKET, "acme-papers"]
    assert bucket.inputs["bucket"] == "acme-papers"
    assert bucket.inputs["serverSideEncryptionRule"] == {"sseAlgorithm": "AES256"}
    assert bucket.parent == "ccc:components:MaterialsBucket::acme-papers"
    assert made["alicloud:oss/bucketAcl:BucketAcl", "acme-papers"].inputs["acl"] == "private"
    block = made["alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock", "acme-papers"]
    assert block.inputs["blockPublicAccess"] is True
    papers = {name: made[OBJECT, name] for name in made.of(OBJECT)}
    assert {name: each.inputs["source"] for name, each in papers.items()} == {
        "youyin/script.docx": "stacks/papers/话术.DOCX",
        "youyin/contract.pdf": "stacks/papers/contract.pdf",
        "virtual/script.txt": "stacks/papers/s.txt",
    }
    assert [each.inputs["contentMd5"] for each in papers.values()] == sums
    assert {(each.inputs["acl"], each.inputs["serverSideEncryption"]) for each in papers.values()} == {
        ("private", "AES256")
    }
    for each in papers.values():
        assert {urn.rsplit("$", 1)[-1].split("::")[0] for urn in each.request.dependencies} >= {
            "alicloud:oss/bucketAcl:BucketAcl",
            "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock",
        }


def test_nothing_kept_is_deleted_with_the_declaration(project: Path) -> None:
    paper(project, "s.txt", b"s")
    made = run(project, ORDERS)
    kept = [each.request for (kind, _), each in made.resources.items() if kind.startswith("alicloud:oss")]
    assert len(kept) == 4
    assert all(request.retainOnDelete for request in kept)


def test_a_paper_that_is_not_there_is_a_warning(project: Path) -> None:
    paper(project, "s.txt", b"s")
    paper(project, "contract.pdf", b"c")
    made = run(project, ORDERS)
    assert made.warnings == [
        'stacks/acme.yaml:8:25: orders.youyin.materials.script: "话术.DOCX" is not there, so bucket acme-papers '
        "does not keep it"
    ]
    assert made.of(OBJECT) == ["youyin/contract.pdf", "virtual/script.txt"]


def test_an_order_carries_the_hash_of_each_paper(project: Path) -> None:
    paper(project, "s.txt", b"s")
    made = run(project, ORDERS)
    materials = made["ccc:index:VendorOrder", "virtual"].inputs["materials"]
    assert materials == {"script": {"path": "papers/s.txt", "sha256": hashlib.sha256(b"s").hexdigest()}}
    assert made["ccc:index:VendorOrder", "youyin"].inputs["materials"]["contract"] == {
        "path": "papers/contract.pdf"
    }
