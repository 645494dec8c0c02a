"""HashiCorp Vault's part that Pulumi asks: it wraps a stack's key. Deriving one from a passphrase costs 0.2 s for each command."""

import json
from base64 import b64encode
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PROVIDER = "hashivault://tests"
_SEALED = "vault:v1:"
KEPT = {
    "secretsprovider": PROVIDER,
    "encryptedkey": b64encode(
        f"{_SEALED}{b64encode(b'a key of thirty-two bytes, known').decode()}".encode()
    ).decode(),
}
"""What a stack file says of its key: the same one for all stacks of tests."""


class _Transit(BaseHTTPRequestHandler):
    """`encrypt` and `decrypt` of the transit engine; nothing here is secret."""

    def do_PUT(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "/transit/encrypt/" in self.path:
            answer = {"ciphertext": f"{_SEALED}{asked['plaintext']}"}
        else:
            answer = {"plaintext": asked["ciphertext"].removeprefix(_SEALED)}
        text = json.dumps({"data": answer}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@cache
def running() -> dict[str, str]:
    """The environment in which Pulumi finds the one vault of this test process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Transit)
    Thread(target=server.serve_forever, daemon=True).start()
    return {"VAULT_SERVER_URL": f"http://127.0.0.1:{server.server_port}", "VAULT_SERVER_TOKEN": "tests"}
