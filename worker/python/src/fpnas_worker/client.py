"""The coordinator as a worker sees it: calls go to the one that leads, of several on a list."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from fpnas.v1 import weights_pb2, weights_pb2_grpc, worker_pb2, worker_pb2_grpc

from .backoff import Backoff
from .cancellation import Cancellation
from .failure import Cancelled, EvaluationError

_REGISTER_TIMEOUT_S = 5
_TRANSFER_TIMEOUT_S = 120
_TRIES = 10
"""While the coordinator is away or has too much to do: about half a minute, long enough for its restart."""
_CHUNK_BYTES = 2**20

_PASSING = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.RESOURCE_EXHAUSTED)
"""Answers of a coordinator that is gone, going (one that is stopped cancels its calls), or full for now."""

_T = TypeVar("_T")

_OPTIONS = [
    # The worker waits by itself between tries: the channel is never far behind it.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    # Finds a coordinator that vanished without closing its connections, or that stands still.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 4_000),
    # A proxy for web pages takes no plaintext HTTP/2.
    ("grpc.enable_http_proxy", 0),
    ("grpc.use_local_subchannel_pool", 1),
]


def leader_of(error: grpc.RpcError) -> str | None:
    """HOST:PORT of the coordinator that leads, where a follower's refusal (NOT_LEADER) names it."""
    try:
        status = rpc_status.from_call(error)
    except (ValueError, AttributeError):
        return None
    for detail in status.details if status else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info) and info.reason == "NOT_LEADER":
            return info.metadata.get("leader")
    return None


class Coordinator:
    """Speaks to one coordinator until a call to it fails, then to the leader that the failure names, or else to the next of the list."""

    def __init__(self, coordinators: str):
        self._list = coordinators.split(",")
        self._index = 0
        self._lock = threading.Lock()
        self._open(self._list[0])

    def register(self, request: worker_pb2.RegisterRequest) -> worker_pb2.RegisterResponse:
        """Raises grpc.RpcError soon where nothing answers."""
        for is_last in (False, True):
            address, stub = self._address, self._stub
            try:
                return stub.Register(request, timeout=_REGISTER_TIMEOUT_S)
            except grpc.RpcError as error:
                # The leader that a follower names is worth a try at once, but no more than one: it may be gone.
                if not self.turn(address, error) or is_last:
                    raise
        raise AssertionError

    def work(self, requests) -> tuple[str, grpc.Call]:
        """Opens a stream; gives the address that it goes to, for `turn`, and the call, which yields responses."""
        return self._address, self._stub.Work(requests)

    def fetch_file(self, sha256: str, cancellation: Cancellation) -> bytes:
        """The bytes with this hash. Raises EvaluationError DATA_UNAVAILABLE, and Cancelled."""

        def fetch() -> bytes:
            call = self._stub.FetchFile(worker_pb2.FetchFileRequest(sha256=sha256), timeout=_TRANSFER_TIMEOUT_S)
            with cancellation.calling(call.cancel):
                return b"".join(response.chunk for response in call)

        content = _patiently(f"file {sha256} cannot be fetched", cancellation, fetch)
        return _checked(content, sha256, f"file {sha256}")

    def fetch_weights(self, request: weights_pb2.FetchWeightsRequest, cancellation: Cancellation) -> bytes:
        """The bytes of slices of shared weights. Raises EvaluationError DATA_UNAVAILABLE, and Cancelled."""
        what = f"version {request.version} of the shared weights"

        def fetch() -> tuple[bytes, str]:
            call = self._weights.FetchWeights(request, timeout=_TRANSFER_TIMEOUT_S)
            with cancellation.calling(call.cancel):
                pieces = [(response.chunk, response.sha256) for response in call]
            return b"".join(chunk for chunk, _ in pieces), pieces[-1][1] if pieces else ""

        content, sha256 = _patiently(f"{what} cannot be fetched", cancellation, fetch)
        return _checked(content, sha256, what)

    def keep_weights(self, header: worker_pb2.CheckpointHeader, content: bytes, cancellation: Cancellation) -> None:
        """Brings the weights that a trial has trained. Raises EvaluationError DATA_UNAVAILABLE where they cannot be sent, PREEMPTED where the
        lease is over, and Cancelled."""

        def requests() -> Iterator[worker_pb2.PutCheckpointRequest]:
            yield worker_pb2.PutCheckpointRequest(header=header)
            for start in range(0, len(content), _CHUNK_BYTES):
                yield worker_pb2.PutCheckpointRequest(chunk=content[start : start + _CHUNK_BYTES])

        def put() -> worker_pb2.PutCheckpointResponse:
            call = self._stub.PutCheckpoint.future(requests(), timeout=_TRANSFER_TIMEOUT_S)
            with cancellation.calling(call.cancel):
                return call.result()

        response = _patiently("the trained weights cannot be sent", cancellation, put)
        if response.verdict != worker_pb2.PutCheckpointResponse.VERDICT_STORED:
            raise EvaluationError("PREEMPTED", "the lease was over before the trained weights were sent")

    def turn(self, address: str, error: grpc.RpcError) -> bool:
        """A call at `address` has failed: goes on to where the next may succeed. Whether that is a leader which the error names."""
        with self._lock:
            if address != self._address:
                return False
            leader = leader_of(error)
            if leader is not None and leader != address:
                self._open(leader)
                return True
            # One round at most: where all are this one, it stays.
            for _ in self._list:
                self._index = (self._index + 1) % len(self._list)
                if self._list[self._index] != address:
                    self._open(self._list[self._index])
                    break
            return False

    def _open(self, address: str) -> None:
        """The channel before is left to the calls under way on it, and closed with the last of them."""
        self._address = address
        channel = grpc.insecure_channel(address, _OPTIONS)
        self._stub = worker_pb2_grpc.WorkerServiceStub(channel)
        self._weights = weights_pb2_grpc.WeightsServiceStub(channel)


def _patiently(failed: str, cancellation: Cancellation, call: Callable[[], _T]) -> _T:
    """Calls, and again for about half a minute where the coordinator is away or full. `failed` begins what is told of the last failure."""
    backoff = Backoff()
    for left in reversed(range(_TRIES)):
        try:
            return call()
        except grpc.FutureCancelledError as error:
            raise Cancelled from error
        except grpc.RpcError as error:
            if cancellation.is_set():
                raise Cancelled from error
            if left == 0 or error.code() not in _PASSING:
                raise EvaluationError("DATA_UNAVAILABLE", f"{failed}: {error.details()}") from error
        cancellation.wait(backoff.next())
    raise AssertionError


def _checked(content: bytes, sha256: str, what: str) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise EvaluationError("DATA_UNAVAILABLE", f"{what} arrived with another hash, {found}")
    return content
