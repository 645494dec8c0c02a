"""`python -m ccc_numbers` is `ccc-numbers`."""

import sys

from ccc_numbers.fleet.cli import main

sys.exit(main())
