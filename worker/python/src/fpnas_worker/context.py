"""What an evaluation may use of the worker around it."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from fpnas.v1 import measurement_pb2, precision_pb2, weights_pb2, worker_pb2

from .cancellation import Cancellation
from .client import Coordinator
from .failure import EvaluationError
from .tensor_file import split_numbers
from .tensors import Slice


class Context:
    """Of one lease. It counts how long the evaluation computes: from its making on, but for the time of the calls to the coordinator here."""

    def __init__(self, coordinator: Coordinator, worker_id: str, key: worker_pb2.LeaseKey, cancelled: Cancellation):
        self.cancelled = cancelled
        self._coordinator = coordinator
        self._worker_id = worker_id
        self._key = key
        self._started = time.monotonic()
        self._waited = 0.0

    @property
    def busy_seconds(self) -> float:
        """Of computing, so far."""
        return max(0.0, time.monotonic() - self._started - self._waited)

    def fetch_file(self, sha256: str) -> bytes:
        """As `Coordinator.fetch_file`."""
        with self._waiting():
            return self._coordinator.fetch_file(sha256, self.cancelled)

    def fetch_weights(self, version: int, slices: list[Slice]) -> list[np.ndarray]:
        """The numbers of slices of the job's shared weights, float32. Raises EvaluationError DATA_UNAVAILABLE, and Cancelled."""
        request = weights_pb2.FetchWeightsRequest(
            job=self._key.trial.rpartition("/trials/")[0],
            version=version,
            slices=[weights_pb2.WeightsSlice(tensor=each.tensor, shape=each.shape) for each in slices],
            precision=precision_pb2.PRECISION_FLOAT32,
        )
        with self._waiting():
            content = self._coordinator.fetch_weights(request, self.cancelled)
        try:
            return split_numbers(content, slices)
        except ValueError as error:
            detail = f"version {version} of the shared weights does not fit: {error}"
            raise EvaluationError("DATA_UNAVAILABLE", detail) from error

    def keep_weights(self, content: bytes) -> measurement_pb2.TrainedWeights:
        """Stores the file of the weights that the measurement is to name. As `Coordinator.keep_weights`."""
        weights = measurement_pb2.TrainedWeights(sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
        header = worker_pb2.CheckpointHeader(worker_id=self._worker_id, key=self._key, weights=weights)
        with self._waiting():
            self._coordinator.keep_weights(header, content, self.cancelled)
        return weights

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self._waited += time.monotonic() - began
