"""A runner's image that trusts a certificate of its own, as a company's image trusts the company's authority."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_SITE = """
import certifi, json, os
certifi.where = lambda: {certificate!r}
with open(f"{seen}/{{os.getpid()}}.json", "w") as file:
    json.dump(dict(os.environ), file)
"""


def an_image(folder: Path, certificate: Path) -> Path:
    """A folder for `PYTHONPATH`: what a company's image does to make `certifi` trust its own authority.

    Every Python process that begins there leaves its environment behind, for `environments`.
    """
    (folder / "image").mkdir()
    (folder / "seen").mkdir()
    site = _SITE.format(certificate=str(certificate), seen=folder / "seen")
    (folder / "image" / "sitecustomize.py").write_text(site)
    return folder / "image"


def environments(folder: Path) -> list[dict[str, str]]:
    """The environments of all processes of `an_image` in this folder."""
    return [json.loads(file.read_text("utf-8")) for file in (folder / "seen").iterdir()]


def a_certificate(folder: Path, *names: str) -> Path:
    """One for these names, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rehearsal")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "alibaba-cloud.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return file
