"""Real services of a runner's surroundings: Debian's Redis, an S3-compatible store."""

import logging
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import monotonic, sleep
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer

needs_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="redis-server is not on PATH: make test-deps"
)


@contextmanager
def redis() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis of its own: its URL, and the process for who wants to kill it."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}/0", process
    finally:
        process.kill()
        process.wait()


@contextmanager
def object_store(bucket: str = "ccc-state") -> Iterator[str]:
    """An S3-compatible store with one bucket; what is yielded is Pulumi's URL of it."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        # Its buckets live as long as this process: another test's state would still be there.
        urlopen(Request(f"http://127.0.0.1:{port}/moto-api/reset", method="POST"), timeout=10).close()
        urlopen(Request(f"http://127.0.0.1:{port}/{bucket}", method="PUT"), timeout=10).close()
        yield (
            f"s3://{bucket}/numbers?endpoint=http://127.0.0.1:{port}&region=us-east-1&s3ForcePathStyle=true"
            "&response_checksum_validation=when_required"
        )
    finally:
        server.stop()


def _wait(port: int) -> None:
    until = monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.02)
        else:
            return
