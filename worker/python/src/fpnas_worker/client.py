"""The coordinator as a worker sees it: calls go to the one that leads, of several on a list."""

import hashlib
import threading

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from fpnas.v1 import worker_pb2, worker_pb2_grpc

from .backoff import Backoff
from .cancellation import Cancellation
from .failure import Cancelled, EvaluationError

_REGISTER_TIMEOUT_S = 5
_FETCH_TIMEOUT_S = 120
_FETCH_TRIES = 10
"""While the coordinator is away: about half a minute, long enough for its restart."""

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
        backoff = Backoff()
        for left in reversed(range(_FETCH_TRIES)):
            call = self._stub.FetchFile(worker_pb2.FetchFileRequest(sha256=sha256), timeout=_FETCH_TIMEOUT_S)
            try:
                with cancellation.calling(call.cancel):
                    content = b"".join(response.chunk for response in call)
                return _checked(content, sha256)
            except grpc.RpcError as error:
                if cancellation.is_set():
                    raise Cancelled from error
                if left == 0 or error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
                    raise EvaluationError("DATA_UNAVAILABLE", f"file {sha256} cannot be fetched: {error.details()}") from error
            cancellation.wait(backoff.next())
        raise AssertionError

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
        self._stub = worker_pb2_grpc.WorkerServiceStub(grpc.insecure_channel(address, _OPTIONS))


def _checked(content: bytes, sha256: str) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise EvaluationError("DATA_UNAVAILABLE", f"file {sha256} arrived with another hash, {found}")
    return content
