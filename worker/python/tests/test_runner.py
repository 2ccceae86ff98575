"""The runner's own promises; what it promises on the wire is tried by test/contract of the repository."""

import threading
import unittest
from unittest import mock

import grpc

from fpnas.v1 import measurement_pb2, network_pb2, worker_pb2
from fpnas_worker import runner
from fpnas_worker.failure import Cancelled
from fpnas_worker.runner import GivenUp, Runner

KEY = worker_pb2.LeaseKey(trial="projects/default/jobs/j/trials/1", lease_token=1)


def lease_of(time_limit_ms: int = 0) -> worker_pb2.Lease:
    row = network_pb2.TableRow(table_sha256="0" * 64, arms=[0])
    evaluation = worker_pb2.Evaluation(tabular=worker_pb2.TabularEvaluation(), time_limit_ms=time_limit_ms)
    return worker_pb2.Lease(key=KEY, network=network_pb2.Network(table_row=row), evaluation=evaluation)


class FakeCoordinator:
    """Sends given responses, and keeps what it is sent until the worker ends the stream."""

    def __init__(self, *responses: worker_pb2.WorkResponse):
        self._responses = responses
        self.requests: list[worker_pb2.WorkRequest] = []

    def register(self, _request):
        return worker_pb2.RegisterResponse(lease_ttl_ms=1000, heartbeat_interval_ms=50)

    def work(self, requests):
        def responses():
            yield from self._responses
            for request in requests:
                self.requests.append(request)
                for outcome in request.outcomes:
                    yield worker_pb2.WorkResponse(acks=[worker_pb2.OutcomeAck(key=outcome.key, verdict=1)])

        return "address", responses()

    def turn(self, _address, _error: grpc.RpcError) -> bool:
        return False

    @property
    def outcomes(self) -> list[worker_pb2.Outcome]:
        return [outcome for request in self.requests for outcome in request.outcomes]


class Evaluator:
    name = "tabular"

    def __init__(self, evaluate):
        self.evaluate = lambda _network, _evaluation, context: evaluate(context)


def run(coordinator: FakeCoordinator, evaluate) -> Runner:
    registration = worker_pb2.RegisterRequest(worker_id="w", evaluators=["tabular"])
    return Runner(coordinator, registration, [Evaluator(evaluate)])


def until_cancelled(context):
    context.cancelled.wait(60)
    raise Cancelled


class Running(unittest.TestCase):
    def test_an_evaluator_that_does_not_end_has_the_worker_give_up(self):
        coordinator = FakeCoordinator(worker_pb2.WorkResponse(leases=[lease_of(time_limit_ms=20)]))
        deaf = threading.Event()
        with mock.patch.object(runner, "ABORT_GRACE_S", 0.05), self.assertRaisesRegex(GivenUp, "after it was told to end"):
            run(coordinator, lambda _context: deaf.wait(60) and measurement_pb2.Measurement()).run()
        deaf.set()
        reasons = [outcome.failure.reason for outcome in coordinator.outcomes]
        self.assertEqual(reasons, [measurement_pb2.FAILURE_REASON_TIMED_OUT])

    def test_whatever_an_evaluator_raises_is_a_failure_of_one_line(self):
        coordinator = FakeCoordinator(worker_pb2.WorkResponse(leases=[lease_of()]))

        def fail(_context):
            ended.set()
            raise ValueError("so\nbad " + "x" * 5000)

        ended = threading.Event()
        worker = run(coordinator, fail)
        with self.assertLogs("fpnas_worker"):
            stop_after(worker, ended, coordinator)
        (outcome,) = coordinator.outcomes
        self.assertTrue(outcome.HasField("busy_seconds"))
        self.assertEqual(outcome.failure.reason, measurement_pb2.FAILURE_REASON_INTERNAL)
        self.assertTrue(outcome.failure.detail.startswith("ValueError: so bad xxx"))
        self.assertEqual(len(outcome.failure.detail), 2000)

    def test_a_stopped_worker_gives_its_trial_back(self):
        coordinator = FakeCoordinator(worker_pb2.WorkResponse(leases=[lease_of()]))
        begun = threading.Event()

        def evaluate(context):
            begun.set()
            until_cancelled(context)

        worker = run(coordinator, evaluate)
        threading.Thread(target=lambda: begun.wait(60) and worker.stop()).start()
        worker.run()
        reasons = [outcome.failure.reason for outcome in coordinator.outcomes]
        self.assertEqual(reasons, [measurement_pb2.FAILURE_REASON_PREEMPTED])


def stop_after(worker: Runner, ended: threading.Event, coordinator: FakeCoordinator) -> None:
    """Runs it until the evaluation has ended and its outcome has been sent."""

    def stop() -> None:
        ended.wait(60)
        while not coordinator.outcomes:
            threading.Event().wait(0.01)
        worker.stop()

    threading.Thread(target=stop).start()
    worker.run()


if __name__ == "__main__":
    unittest.main()
