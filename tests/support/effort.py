"""How hard property tests try: little on every `make test`, much when `HYPOTHESIS_PROFILE=nightly`."""

import os

from hypothesis import HealthCheck, settings

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def effort(*, quick: int, nightly: int, steps: int = 50) -> settings:
    """Settings for so many examples (of so many steps, where a test has steps); quick runs are repeatable."""
    return settings(
        max_examples=nightly if NIGHTLY else quick,
        stateful_step_count=steps,
        derandomize=not NIGHTLY,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
