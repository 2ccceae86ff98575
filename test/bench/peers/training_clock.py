"""The clock of every training program: what it prints is what our own prints (test/bench/training/train-main.ts)."""

import json
import resource
import time
from collections.abc import Callable


def measure(step: Callable[[], float], batch: int, seconds: float) -> None:
    """Makes a first step, then steps for so long; prints when the first had ended, the median speed and the memory."""
    step()
    first_ended = time.time()
    durations = []
    while sum(durations) < seconds:
        start = time.perf_counter()
        step()
        durations.append(time.perf_counter() - start)
    median = sorted(durations)[len(durations) // 2]
    print(
        json.dumps(
            {
                "imagesPerSecond": batch / median,
                "firstStepEndedMs": first_ended * 1000,
                "rssMib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )
