"""Keeps one Work stream open to the coordinator that leads."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import grpc

from fpnas.v1 import worker_pb2

from .backoff import Backoff
from .client import Coordinator

_log = logging.getLogger("fpnas_worker")

_REFUSALS = (
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNAUTHENTICATED,
)
"""Answers to Register that another try does not change."""


class Stream:
    """One open Work stream: what is sent on it goes out in order."""

    def __init__(self, worker_id: str):
        self._worker_id = worker_id
        self._requests: queue.SimpleQueue = queue.SimpleQueue()

    def send(self, request: worker_pb2.WorkRequest) -> None:
        request.worker_id, self._worker_id = self._worker_id, ""
        self._requests.put(request)

    def end(self) -> None:
        """Half-closes: what was sent still arrives, and the coordinator then ends the stream."""
        self._requests.put(None)

    def requests(self):
        return iter(self._requests.get, None)


@dataclass(frozen=True)
class Opened:
    """A new stream is open, which knows nothing of those before."""

    stream: Stream
    heartbeat_s: float


@dataclass(frozen=True)
class Received:
    stream: Stream
    response: worker_pb2.WorkResponse


@dataclass(frozen=True)
class Broke:
    """The stream is over; another is coming."""

    stream: Stream


@dataclass(frozen=True)
class Refused:
    """The coordinator wants nothing of this worker; no further stream is tried."""

    why: str


class Link(threading.Thread):
    """Registers and opens a stream, again and again.

        registering --registered--> open --stream ended--> waiting --back-off--> registering
             |  \\--failed--> waiting                          any --close()--> (ends)
             \\--refused for good--> (ends)
    """

    def __init__(self, coordinator: Coordinator, registration: worker_pb2.RegisterRequest, tell: Callable[[object], None]):
        super().__init__(name="link", daemon=True)
        self._coordinator = coordinator
        self._registration = registration
        self._tell = tell
        self._closed = threading.Event()

    def close(self) -> None:
        """No further stream is opened."""
        self._closed.set()

    def run(self) -> None:
        backoff = Backoff()
        while not self._closed.is_set():
            try:
                settings = self._coordinator.register(self._registration)
            except grpc.RpcError as error:
                if error.code() in _REFUSALS:
                    self._tell(Refused(error.details()))
                    return
                self._wait(backoff, error.details())
                continue
            self._wait(backoff, self._serve(settings.heartbeat_interval_ms / 1000, backoff))

    def _serve(self, heartbeat_s: float, backoff: Backoff) -> str:
        """Carries one stream to its end; gives the reason. One that opens and breaks at once does not count as a success."""
        stream = Stream(self._registration.worker_id)
        started = time.monotonic()
        address, call = self._coordinator.work(stream.requests())
        _log.info("connected to the coordinator at %s", address)
        self._tell(Opened(stream, heartbeat_s))
        why = "the coordinator ended the stream"
        try:
            for response in call:
                backoff.reset()
                self._tell(Received(stream, response))
        except grpc.RpcError as error:
            why = error.details()
            self._coordinator.turn(address, error)
        if time.monotonic() - started >= heartbeat_s:
            backoff.reset()
        stream.end()
        self._tell(Broke(stream))
        return why

    def _wait(self, backoff: Backoff, why: str) -> None:
        if self._closed.is_set():
            return
        seconds = backoff.next()
        _log.warning("not connected to the coordinator: %s; next try in %.1f s", why, seconds)
        self._closed.wait(seconds)
