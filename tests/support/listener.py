"""A port of this machine that answers nothing and keeps what it was sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Listener:
    """The first bytes of each who connected, in order."""

    port: int
    heads: list[bytes] = field(default_factory=list)


@contextmanager
def listening(address: str = "127.0.0.1") -> Iterator[Listener]:
    """A listener until the block ends."""
    with socket.create_server((address, 0)) as server:
        found = Listener(server.getsockname()[1])

        def run() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    found.heads.append(connection.recv(65536))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield found
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
