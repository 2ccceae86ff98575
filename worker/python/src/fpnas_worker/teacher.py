"""Whom a training may learn from beside its labels: a trained network, fetched by its hash (worker/evaluator/teacher.ts)."""

from torch import nn

from .dataset import Dataset
from .failure import EvaluationError
from .trained import Trained, decode_trained


class Teachers:
    """The trainings of a job have one teacher: the last file is kept."""

    def __init__(self):
        self._last: tuple[str, Trained] | None = None

    def open(self, sha256: str, name: str, dataset: Dataset, context) -> nn.Module:
        """A model that only infers, by the statistics that lie in its file. `name` is the data set's.

        Raises EvaluationError DATA_UNAVAILABLE where the file cannot be had, INFEASIBLE where it is none or the teacher learned something else
        than this data set, and Cancelled.
        """
        if self._last is None or self._last[0] != sha256:
            self._last = None
            self._last = (sha256, _read(context.fetch_file(sha256)))
        trained = self._last[1]
        if trained.dataset != name:
            raise EvaluationError("INFEASIBLE", f"the teacher learned {trained.dataset}, not {name}")
        shape = trained.graph.input
        images = (*dataset.train.images.shape[1:], 1)
        if trained.graph.classes != dataset.classes or (shape.height, shape.width, shape.channels) != images:
            raise EvaluationError("INFEASIBLE", f"the teacher is not for the images and classes of {name}")
        return trained.model()


def _read(content: bytes) -> Trained:
    try:
        return decode_trained(content)
    except ValueError as error:
        raise EvaluationError("INFEASIBLE", f"the teacher cannot be used: {error}") from error
