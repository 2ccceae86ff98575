"""What is fetched and brought, over the real wire, from a coordinator that a script plays."""

import hashlib
import threading
import unittest
from concurrent import futures
from unittest import mock

import grpc

from fpnas.v1 import measurement_pb2, weights_pb2, weights_pb2_grpc, worker_pb2, worker_pb2_grpc
from fpnas_worker import client
from fpnas_worker.cancellation import Cancellation
from fpnas_worker.client import Coordinator
from fpnas_worker.failure import Cancelled, EvaluationError

WEIGHTS = bytes(range(256)) * 10_000
KEY = worker_pb2.LeaseKey(trial="projects/p/jobs/j/trials/3", lease_token=2)
STORED = worker_pb2.PutCheckpointResponse.VERDICT_STORED
STALE = worker_pb2.PutCheckpointResponse.VERDICT_STALE


class Scripted(worker_pb2_grpc.WorkerServiceServicer, weights_pb2_grpc.WeightsServiceServicer):
    """Answers each call as the script says next: with a status, or as it should. The last word of a script goes on for ever."""

    def __init__(self):
        self.script: list[object] = [STORED]
        self.told = hashlib.sha256(WEIGHTS).hexdigest()
        self.uploads: list[tuple[worker_pb2.CheckpointHeader, bytes, int]] = []
        self.calls = 0
        self.began = threading.Event()

    def _next(self, context) -> object:
        self.calls += 1
        self.began.set()
        word = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(word, grpc.StatusCode):
            context.abort(word, "as scripted")
        if isinstance(word, threading.Event):
            context.add_callback(word.set)
            word.wait(60)
        return word

    def PutCheckpoint(self, requests, context):
        first = next(requests)
        chunks = [first.chunk, *(request.chunk for request in requests)]
        self.uploads.append((first.header, b"".join(chunks), max(map(len, chunks))))
        return worker_pb2.PutCheckpointResponse(verdict=self._next(context))

    def FetchFile(self, request, context):
        self._next(context)
        yield worker_pb2.FetchFileResponse(chunk=WEIGHTS[:100])
        yield worker_pb2.FetchFileResponse(chunk=WEIGHTS[100:])

    def FetchWeights(self, request, context):
        self._next(context)
        yield weights_pb2.FetchWeightsResponse(chunk=WEIGHTS[:1000])
        yield weights_pb2.FetchWeightsResponse(chunk=WEIGHTS[1000:], sha256=self.told)


class Transfers(unittest.TestCase):
    def setUp(self):
        self.service = Scripted()
        self.server = grpc.server(futures.ThreadPoolExecutor(4))
        worker_pb2_grpc.add_WorkerServiceServicer_to_server(self.service, self.server)
        weights_pb2_grpc.add_WeightsServiceServicer_to_server(self.service, self.server)
        port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()
        self.addCleanup(lambda: self.server.stop(None).wait())
        self.coordinator = Coordinator(f"127.0.0.1:{port}")
        self.cancellation = Cancellation()
        # Tries follow each other at once.
        patched = mock.patch.object(client.Backoff, "next", return_value=0.0)
        patched.start()
        self.addCleanup(patched.stop)

    def keep(self) -> None:
        weights = measurement_pb2.TrainedWeights(sha256=hashlib.sha256(WEIGHTS).hexdigest(), size_bytes=len(WEIGHTS))
        self.header = worker_pb2.CheckpointHeader(worker_id="w", key=KEY, weights=weights)
        self.coordinator.keep_weights(self.header, WEIGHTS, self.cancellation)

    def fetch_weights(self) -> bytes:
        return self.coordinator.fetch_weights(weights_pb2.FetchWeightsRequest(job="j", version=7), self.cancellation)

    def fetch_file(self) -> bytes:
        return self.coordinator.fetch_file(hashlib.sha256(WEIGHTS).hexdigest(), self.cancellation)

    def failure_of(self, call) -> tuple[str, str]:
        with self.assertRaises(EvaluationError) as raised:
            call()
        return raised.exception.reason, str(raised.exception)

    def test_trained_weights_are_brought_in_pieces_under_the_trials_lease(self):
        self.keep()
        ((header, content, longest),) = self.service.uploads
        self.assertEqual((header, content), (self.header, WEIGHTS))
        self.assertLessEqual(longest, 2**20)

    def test_all_is_tried_again_while_the_coordinator_is_away_or_full(self):
        passing = [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.RESOURCE_EXHAUSTED]
        for call in (self.keep, self.fetch_weights, self.fetch_file):
            self.service.script = [*passing, STORED]
            call()
        self.assertEqual(self.service.calls, 12)

    def test_what_does_not_pass_within_ten_tries_or_is_refused_is_given_up(self):
        for call, what in [
            (self.keep, "the trained weights cannot be sent"),
            (self.fetch_weights, "version 7 of the shared weights cannot be fetched"),
            (self.fetch_file, f"file {hashlib.sha256(WEIGHTS).hexdigest()} cannot be fetched"),
        ]:
            for status, tries in [(grpc.StatusCode.UNAVAILABLE, 10), (grpc.StatusCode.NOT_FOUND, 1)]:
                self.service.calls, self.service.script = 0, [status]
                self.assertEqual(self.failure_of(call), ("DATA_UNAVAILABLE", f"{what}: as scripted"))
                self.assertEqual(self.service.calls, tries)

    def test_trained_weights_of_a_lease_that_is_over_cost_nothing_but_the_attempt(self):
        self.service.script = [STALE]
        self.assertEqual(self.failure_of(self.keep)[0], "PREEMPTED")

    def test_weights_that_arrive_with_another_hash_are_not_used(self):
        self.assertEqual(self.fetch_weights(), WEIGHTS)
        self.service.told = "0" * 64
        reason, detail = self.failure_of(self.fetch_weights)
        self.assertEqual(reason, "DATA_UNAVAILABLE")
        self.assertIn("version 7 of the shared weights arrived with another hash", detail)

    def test_an_evaluation_that_is_told_to_end_ends_its_calls(self):
        for call in (self.keep, self.fetch_weights, self.fetch_file):
            self.cancellation = Cancellation()
            self.service.began.clear()
            self.service.script = [threading.Event()]
            threading.Thread(target=lambda: self.service.began.wait(60) and self.cancellation.cancel()).start()
            with self.assertRaises(Cancelled):
                call()


if __name__ == "__main__":
    unittest.main()
