"""The loop of every peer's client."""

import sys
import time
from collections.abc import Callable

WARM_UP_TRIALS = 10


def ask_and_tell(trial: Callable[[], None], seconds: float) -> None:
    """Warms up, says "ready", waits for a line, then runs trials for so long and prints `TRIALS SECONDS`."""
    for _ in range(WARM_UP_TRIALS):
        trial()
    print("ready", flush=True)
    sys.stdin.readline()
    start = time.perf_counter()
    trials = 0
    while time.perf_counter() - start < seconds:
        trial()
        trials += 1
    print(trials, time.perf_counter() - start, flush=True)
