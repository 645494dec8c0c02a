"""`python -m provider ENGINE_ADDRESS`: how the engine runs the plugin."""

import asyncio
import contextlib
import os
import sys

from provider.server import serve


def main() -> None:
    """Serve the engine named by the last argument; Ctrl-C is a normal end."""
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(addresses[-1] if addresses else "", os.environ))


if __name__ == "__main__":
    main()
