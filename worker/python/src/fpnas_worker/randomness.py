"""Named streams of random numbers, the same as those of the TypeScript worker (network/random.ts), bit for bit.

So a seed means the same initial weights and the same batches on every worker of a fleet, whatever it trains with.
"""

import hashlib
import math
import struct

import numpy as np

_MASK = (1 << 64) - 1


class Stream:
    """The stream of a name such as "weights/3": a function of seed and name alone (xoroshiro128+, seeded by SHA-256)."""

    def __init__(self, seed: int, name: str):
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        high0, low0, high1, low1 = struct.unpack("<4I", digest[:16])
        self._state = (high0 << 32 | low0, high1 << 32 | low1)

    def uniform(self, count: int) -> np.ndarray:
        """The next `count` numbers, uniform in [0, 1) over 53 bits, float64."""
        words = np.empty(2 * count, dtype=np.uint32)
        s0, s1 = self._state
        for index in range(2 * count):
            words[index] = s0 + s1 & 0xFFFFFFFF
            s1 ^= s0
            s0 = (s0 << 24 & _MASK | s0 >> 40) ^ s1 ^ (s1 << 16 & _MASK)
            s1 = s1 << 37 & _MASK | s1 >> 27
        self._state = (s0, s1)
        high, low = words[0::2] & 0x3FFFFFF, words[1::2] & 0x7FFFFFF
        return high * 2.0**-26 + low * 2.0**-53

    def normal(self, count: int, deviation: float) -> np.ndarray:
        """The next normal numbers of mean 0, float32: by the method of Box and Muller, both of each pair used."""
        pairs = self.uniform(2 * math.ceil(count / 2)).reshape(-1, 2)
        radius = deviation * np.sqrt(-2 * np.log(1 - pairs[:, 0]))
        angle = 2 * math.pi * pairs[:, 1]
        numbers = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        return numbers.reshape(-1)[:count].astype(np.float32)

    def permutation(self, count: int) -> np.ndarray:
        """A random order of 0 to count - 1 (Fisher and Yates), int64."""
        draws = self.uniform(max(0, count - 1))
        order = list(range(count))
        for draw, last in zip(draws.tolist(), range(count - 1, 0, -1)):
            other = int(draw * (last + 1))
            order[last], order[other] = order[other], order[last]
        return np.array(order, dtype=np.int64)
