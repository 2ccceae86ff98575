"""The worker's loop: takes leases, evaluates them one after the other, reports how they ended."""

import logging
import queue
import threading
import time
from dataclasses import dataclass

from fpnas.v1 import worker_pb2

from .book import LeaseBook, failure
from .cancellation import Cancellation
from .client import Coordinator
from .context import Context
from .failure import Cancelled, EvaluationError
from .link import Broke, Link, Opened, Received, Refused, Stream
from .network import read_network

_log = logging.getLogger("fpnas_worker")

ABORT_GRACE_S = 30
"""How long an aborted evaluation may go on before the worker counts as stuck."""
STOP_GRACE_S = 3
"""How long a stopping worker waits for its evaluation to end and for its outcomes to be acknowledged."""
GOODBYE_S = 1


class GivenUp(Exception):
    """The worker cannot go on."""


@dataclass(frozen=True)
class _Ended:
    outcome: worker_pb2.Outcome


@dataclass(frozen=True)
class _Stop:
    pass


class Runner:
    """All that happens comes as an event, one after the other, on the thread of `run`: from the link, the evaluation's thread, or `stop`.

        running --stop()--> draining --settled and acknowledged, or 3 s--> (run returns)
           \\---- refused by the coordinator, or an evaluator is stuck ----> (run raises GivenUp)
    """

    def __init__(self, coordinator: Coordinator, registration: worker_pb2.RegisterRequest, evaluators):
        self._coordinator = coordinator
        self._worker_id = registration.worker_id
        self._evaluators = {evaluator.name: evaluator for evaluator in evaluators}
        self._events: queue.SimpleQueue = queue.SimpleQueue()
        self._book = LeaseBook(self._evaluators)
        self._link = Link(coordinator, registration, self._events.put)
        self._stream: Stream | None = None
        self._cancellation = Cancellation()
        self._heartbeat_s = 1.0
        self._deadlines: dict[str, float] = {}
        self._limit_s = 0.0
        self._lease: worker_pb2.Lease | None = None

    def stop(self) -> None:
        """Gives the running evaluation and all waiting leases back as PREEMPTED, then ends `run`. From any thread or signal handler."""
        self._events.put(_Stop())

    def run(self) -> None:
        """Works until stopped. Raises GivenUp."""
        self._link.start()
        try:
            while not self._is_done():
                self._take(self._next_event())
                self._meet_deadlines()
                self._start_next()
                self._flush()
        finally:
            self._link.close()
        self._say_goodbye()

    def _is_done(self) -> bool:
        if "stop" not in self._deadlines:
            return False
        is_quiet = not self._book.is_occupied and not (self._stream is not None and self._book.owes_outcomes)
        return is_quiet or time.monotonic() >= self._deadlines["stop"]

    def _next_event(self) -> object | None:
        """None where a deadline comes first."""
        nearest = min(self._deadlines.values(), default=None)
        timeout = None if nearest is None else max(0.0, nearest - time.monotonic())
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            return None

    def _take(self, event: object | None) -> None:
        match event:
            case Opened(stream, heartbeat_s):
                self._stream, self._heartbeat_s = stream, heartbeat_s
                self._deadlines["heartbeat"] = time.monotonic() + heartbeat_s
                stream.send(self._book.first_request())
            case Received(stream, response) if stream is self._stream:
                self._read(response)
            case Broke(stream) if stream is self._stream:
                self._stream = None
                self._deadlines.pop("heartbeat", None)
            case Refused(why):
                raise GivenUp(f"the coordinator refuses this worker: {why}")
            case _Ended(outcome):
                for name in ("limit", "stuck"):
                    self._deadlines.pop(name, None)
                self._book.settle(outcome)
            case _Stop() if "stop" not in self._deadlines:
                self._deadlines["stop"] = time.monotonic() + STOP_GRACE_S
                self._book.drain()
                self._book.give_up()
                self._cancellation.cancel()

    def _read(self, response: worker_pb2.WorkResponse) -> None:
        for ack in response.acks:
            if ack.verdict != worker_pb2.OutcomeAck.VERDICT_ACCEPTED:
                _log.warning("the outcome of %s had no effect (verdict %d)", ack.key.trial, ack.verdict)
            self._book.acknowledge(ack.key)
        for key in response.revoked:
            if self._book.revoke(key):
                self._abandon()
        for lease in response.leases:
            self._book.receive(lease)

    def _meet_deadlines(self) -> None:
        now = time.monotonic()
        due = [name for name, at in self._deadlines.items() if at <= now]
        if "heartbeat" in due:
            self._deadlines["heartbeat"] = now + self._heartbeat_s
            held = self._book.held
            if held and self._stream is not None:
                self._stream.send(worker_pb2.WorkRequest(renewals=held))
        if "limit" in due:
            del self._deadlines["limit"]
            detail = f"the evaluation took longer than {self._limit_s:g} s"
            if self._lease is not None and self._book.give_up(failure(self._lease.key, "TIMED_OUT", detail)):
                self._abandon()
        if "stuck" in due:
            raise GivenUp(f"the evaluator went on for {ABORT_GRACE_S} s after it was told to end")

    def _abandon(self) -> None:
        """Has the running evaluation end, whose lease is gone or given up."""
        self._cancellation.cancel()
        self._deadlines["stuck"] = time.monotonic() + ABORT_GRACE_S

    def _start_next(self) -> None:
        lease = self._book.start()
        if lease is None:
            return
        self._lease = lease
        self._cancellation = Cancellation()
        if lease.evaluation.time_limit_ms:
            self._limit_s = lease.evaluation.time_limit_ms / 1000
            self._deadlines["limit"] = time.monotonic() + self._limit_s
        arguments = (lease, Context(self._coordinator, self._worker_id, lease.key, self._cancellation))
        threading.Thread(target=self._evaluate, args=arguments, name="evaluation", daemon=True).start()

    def _evaluate(self, lease: worker_pb2.Lease, context: Context) -> None:
        """On a thread of its own. Whatever goes wrong is a failure with a reason."""
        try:
            network = read_network(lease.network)
            kind = lease.evaluation.WhichOneof("evaluator")
            if kind not in self._evaluators:
                raise EvaluationError("INTERNAL", "the evaluation is of a kind that this worker does not know")
            measurement = self._evaluators[kind].evaluate(network, lease.evaluation, context)
            outcome = worker_pb2.Outcome(key=lease.key, measurement=measurement)
        except EvaluationError as error:
            outcome = failure(lease.key, error.reason, str(error))
        except Cancelled:
            outcome = failure(lease.key, "PREEMPTED", "the evaluation was told to end")
        except MemoryError as error:
            outcome = failure(lease.key, "OUT_OF_MEMORY", f"the process has no memory left: {error}")
        except Exception as error:
            _log.exception("the evaluation of %s failed", lease.key.trial)
            outcome = failure(lease.key, "INTERNAL", f"{type(error).__name__}: {error}")
        outcome.busy_seconds = context.busy_seconds
        self._events.put(_Ended(outcome))

    def _flush(self) -> None:
        if self._stream is None:
            return
        request = self._book.next_request()
        if request is not None:
            self._stream.send(request)

    def _say_goodbye(self) -> None:
        """Ends the stream in order, at most a second long."""
        stream, end = self._stream, time.monotonic() + GOODBYE_S
        if stream is None:
            return
        stream.end()
        while (left := end - time.monotonic()) > 0:
            try:
                event = self._events.get(timeout=left)
            except queue.Empty:
                return
            if isinstance(event, Broke) and event.stream is stream:
                return
