"""How long a test waits for another program, whatever else the machine does."""

HANG_S = 900
"""Seconds after which a program hangs: not how long it may take. On a machine with thirty busy processes one `up` takes two minutes."""
