"""Waits between tries."""

import random

FIRST_S = 0.2
LONGEST_S = 5.0


class Backoff:
    """Waits that double from a first to a longest one, each cut by up to half at random, so that a fleet does not come back as one."""

    def __init__(self):
        self._failures = 0

    def next(self) -> float:
        """How long to wait after one more failure, in seconds."""
        full = min(LONGEST_S, FIRST_S * 2**self._failures)
        self._failures += 1
        return full * (1 - random.random() / 2)

    def reset(self) -> None:
        self._failures = 0
