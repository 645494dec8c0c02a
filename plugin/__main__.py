"""The plugin as Pulumi's language host starts it from a folder with a `PulumiPlugin.yaml`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ccc_numbers.provider.__main__ import main

main()
