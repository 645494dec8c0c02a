"""`python -m ccc_numbers.provider ENGINE_ADDRESS`: how the engine runs the plugin."""

import asyncio
import contextlib
import gc
import os
import sys

from ccc_numbers.provider.server import serve


def main() -> None:
    """Serve the engine named by the last argument; Ctrl-C is a normal end."""
    # What lives now lives as long as the process, and of what a run makes next to nothing is garbage in cycles.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(addresses[-1] if addresses else "", os.environ))
    # A component that was refused still waits, in threads of its own, for an engine that waits for this process to end.
    os._exit(0)


if __name__ == "__main__":
    main()
