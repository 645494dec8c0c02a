"""`python -m ccc_numbers.simulator`."""

import sys

from ccc_numbers.simulator.cli import main

sys.exit(main())
