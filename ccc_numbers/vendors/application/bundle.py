"""The zip that is handed to the vendor: papers, cover sheet, manifest, message. Same input, same bytes."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import jinja2

from ccc_numbers.vendors.application.cover import cover_docx, zipped
from ccc_numbers.vendors.application.materials import Material
from ccc_numbers.vendors.application.sheet import Sheet, sheet
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.orders import Order

# not translated: the vendor reads it, in Chinese and English

_UNSAFE = re.compile(r"[^\w.\-]+")
_SHOWN = ("Company", "Contact", "Quantity", "Regions", "Scene", "Instances", "Marketplace order", "Prepaid")


@dataclass(frozen=True, slots=True)
class Application:
    """A finished application: the file, its name and hash, and the message for the DingTalk group.

    The file is the zip of papers; before the purchase it is the message alone.
    """

    archive: str
    data: bytes = field(repr=False)
    message: str
    names: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def application(
    order: Order,
    entry: Entry,
    materials: tuple[Material, ...],
    instances: Iterable[str] = (),
    accepted: Iterable[str] = (),
) -> Application:
    """The application of an order with its checked materials; pure, and the same every time."""
    stem = _safe(order.key)
    packed = [
        replace(material, packed=f"materials/{number}-{_safe(material.name)}{material.suffix}")
        for number, material in enumerate(materials, 1)
    ]
    filled = sheet(order, entry, packed, sorted(set(instances)), accepted)
    message = _rendered("message.txt.j2", filled, f"{stem}.zip")
    contents = {
        "cover.docx": cover_docx(filled),
        "cover.md": _rendered("cover.md.j2", filled, f"{stem}.zip").encode(),
        "message.txt": message.encode(),
        **{material.packed: material.data for material in packed},
    }
    contents["manifest.json"] = _manifest(filled, contents)
    files = {f"{stem}/{name}": data for name, data in sorted(contents.items())}
    return Application(f"{stem}.zip", zipped(files), message, tuple(files))


def intent(order: Order, entry: Entry, instances: Iterable[str] = ()) -> Application:
    """The message that comes before the purchase: whether it can be bought, and with whom to talk about it."""
    filled = sheet(order, entry, (), sorted(set(instances)), ())
    message, name = _rendered("intent.txt.j2", filled, ""), f"{_safe(order.key)}-intent.txt"
    return Application(name, message.encode(), message, (name,))


def write(made: Application, folder: Path) -> Path:
    """Put the file into `folder`, whole or not at all; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made.data)
        os.chmod(unfinished, 0o644)
        return Path(unfinished).replace(folder / made.archive)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _manifest(filled: Sheet, contents: dict[str, bytes]) -> bytes:
    order, entry = filled.order, filled.entry
    origin = {paper.packed: {"material": paper.key, "from": paper.file} for paper in filled.materials}
    data = {
        "order": order.key,
        "vendor": order.vendor,
        "company": entry.company,
        "product": order.product,
        "quantity": order.quantity,
        "orderId": order.order_id,
        "catalogueAsOf": str(entry.as_of),
        "acceptedWords": list(filled.accepted),
        "files": [
            {
                "name": name,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                **origin.get(name, {}),
            }
            for name, content in sorted(contents.items())
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _rendered(template: str, filled: Sheet, archive: str) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ccc_numbers.vendors.application"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Markdown and plain text: nothing here is ever HTML
    )
    environment.filters["cell"] = lambda text: _flat(text).replace("\\", "\\\\").replace("|", "\\|")
    environment.filters["flat"] = _flat
    return environment.get_template(template).render(sheet=filled, archive=archive, shown=_SHOWN)


def _flat(text: str) -> str:
    """Text on one line."""
    return " ".join(text.split())


def _safe(name: str) -> str:
    """A name any file system takes."""
    return _UNSAFE.sub("_", name).strip("._") or "order"
