"""Papers for applications: small files that really are what their names say."""

import io
import struct
import zlib
from pathlib import Path

import docx

from ccc_numbers.vendors.application import Application, Material, application, checked_materials
from ccc_numbers.vendors.catalogue import built_in
from ccc_numbers.vendors.orders import Order
from tests.vendors.support import entry, order

SCRIPT = "您好，这里是示例公司售后服务，想了解您最近的维修是否满意。"
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 600
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 64 + b"\xff\xd9"


def png() -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00\x80"))
        + chunk(b"IEND", b"")
    )


def word(*paragraphs: str, table: str = "", header: str = "") -> bytes:
    """A .docx with these paragraphs, a table of one cell, a page header."""
    document, file = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        document.add_table(1, 1).cell(0, 0).text = table
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.save(file)
    return file.getvalue()


def papers(folder: Path, script: bytes | None = None) -> dict[str, Path]:
    """The four papers vendor A asks for, in `folder`/materials."""
    files = {
        "acceptanceForm": ("form.doc", OLE),
        "realNameCommitment": ("commitment.pdf", PDF),
        "script": ("script.docx", script or word(SCRIPT)),
        "contract": ("合同.png", png()),
    }
    (folder / "materials").mkdir(exist_ok=True)
    for name, data in files.values():
        (folder / "materials" / name).write_bytes(data)
    return {key: folder / "materials" / name for key, (name, _) in files.items()}


def application_order(folder: Path, **changes: object) -> Order:
    """An order of two after-sales landlines, paid, with its papers."""
    values: dict[str, object] = {
        "stage": "paid",
        "quantity": 2,
        "prepaid": "3000",
        "regions": ("上海",),
        "company": "示例科技有限公司",
        "scene": "售后回访",
        "order_id": "2206600000001",
        "materials": changes.get("materials") if "materials" in changes else papers(folder),
    }
    return order(**{**values, **changes})  # type: ignore[arg-type]  # fields as in support.order


def checked(one: Order, folder: Path, *accepted: str) -> tuple[Material, ...]:
    """The order's papers, read and found good."""
    return checked_materials(one, entry(one.product), built_in(), folder, accepted)


def made(folder: Path, **changes: object) -> Application:
    """The application of such an order."""
    one = application_order(folder, **changes)
    return application(one, entry(one.product), checked(one, folder), ["acme-support", "acme-support"])
