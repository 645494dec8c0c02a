"""`python -m fleet` is `ccc-numbers`."""

import sys

from fleet.cli import main

sys.exit(main())
