"""How long an evaluation computes."""

import unittest
from unittest import mock

from fpnas.v1 import worker_pb2
from fpnas_worker import context
from fpnas_worker.cancellation import Cancellation
from fpnas_worker.context import Context
from fpnas_worker.failure import EvaluationError


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


class SlowCoordinator:
    """Takes ten seconds for everything, and fails in the end."""

    def __init__(self, clock: Clock):
        self._clock = clock

    def __getattr__(self, _name):
        def call(*_arguments):
            self._clock.now += 10
            raise EvaluationError("DATA_UNAVAILABLE", "gone")

        return call


class BusySeconds(unittest.TestCase):
    def test_are_those_not_spent_on_waiting_for_the_coordinator(self):
        clock = Clock()
        key = worker_pb2.LeaseKey(trial="projects/p/jobs/j/trials/3", lease_token=2)
        with mock.patch.object(context, "time", clock):
            made = Context(SlowCoordinator(clock), "w", key, Cancellation())
            clock.now += 3
            for wait in (lambda: made.fetch_file("0" * 64), lambda: made.fetch_weights(7, []), lambda: made.keep_weights(b"")):
                with self.assertRaises(EvaluationError):
                    wait()
            clock.now += 0.5
            self.assertEqual(made.busy_seconds, 3.5)


if __name__ == "__main__":
    unittest.main()
