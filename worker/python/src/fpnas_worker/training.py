"""Training from scratch, as worker/evaluator/train.ts does it: the same rule, the same batches, the same measurement."""

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn

from fpnas.v1 import measurement_pb2, worker_pb2

from .dataset import Dataset, Datasets, Examples
from .failure import Cancelled, EvaluationError
from .model import assemble, build_model, calibrate, decays, load, parameters
from .network import Graph, TableRow
from .randomness import Stream
from .recipe import WeightAverage, varied
from .teacher import Teachers
from .tensors import shared_slices
from .trained import check_size, encode_trained

_MOMENTUM = 0.9
_LONGEST_WARM_UP = 100
_WARM_UP_SHARE = 0.1
_CALIBRATION_EXAMPLES = 1024
_CALIBRATION_BATCH = 64
_SCORE_BATCH = 256
_STEPS_PER_LOOK = 10
"""Steps from one look at the loss to the next: looking waits for the device."""


def learning_rate_at(step: int, steps: int, peak: float) -> float:
    """Rises linearly over the first tenth of the steps (at most 100), then falls to zero along half a cosine. `step` counts from 0."""
    warm_up = min(_LONGEST_WARM_UP, math.ceil(steps * _WARM_UP_SHARE))
    if step < warm_up:
        return peak * (step + 1) / (warm_up + 1)
    return peak / 2 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up)))


class Momentum:
    """velocity' = momentum * velocity + gradient + decay * weights; weights' = weights - rate * velocity'. That is torch.optim.SGD."""

    def __init__(self, model: nn.Module, weight_decay: float):
        every = parameters(model)
        groups = [
            {"params": [p for p in every if decays(p)], "weight_decay": weight_decay},
            {"params": [p for p in every if not decays(p)], "weight_decay": 0.0},
        ]
        self._sgd = torch.optim.SGD([group for group in groups if group["params"]], lr=0.0, momentum=_MOMENTUM)

    def step(self, learning_rate: float) -> None:
        for group in self._sgd.param_groups:
            group["lr"] = learning_rate
        self._sgd.step()
        self._sgd.zero_grad(set_to_none=True)


def training_step(
    model: nn.Module,
    optimizer: Momentum,
    images: torch.Tensor,
    labels: torch.Tensor,
    rate: float,
    smoothing: float = 0.0,
    teacher: nn.Module | None = None,
) -> torch.Tensor:
    """One step over a batch. The mean loss is returned unread: reading it waits for the device."""
    logits = model(images)
    loss = nn.functional.cross_entropy(logits, labels, label_smoothing=smoothing)
    if teacher is not None:
        loss = (loss + _divergence(logits, teacher, images)) / 2
    loss.backward()
    optimizer.step(rate)
    return loss.detach()


def _divergence(logits: torch.Tensor, teacher: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """Of Kullback and Leibler, from the teacher's probabilities to the model's (FP-NAS, section 7); the mean over the batch."""
    with torch.no_grad():
        taught = nn.functional.log_softmax(teacher(images), dim=1)
    own = nn.functional.log_softmax(logits, dim=1)
    return nn.functional.kl_div(own, taught, reduction="batchmean", log_target=True)


class Batches:
    """Batches of a data set on a device: normalized by the train part's moments, [n, 1, height, width]."""

    def __init__(self, dataset: Dataset, examples: Examples, device: torch.device):
        mean, deviation = dataset.moments
        table = (torch.arange(256, dtype=torch.float64) - mean) / deviation
        # A data set of bytes is small beside a model: all of it lies on the device.
        self._table = table.float().to(device)
        self._bytes = examples.images
        self._variation = dataset.variation
        self._images = torch.tensor(examples.images, device=device)
        self._labels = torch.tensor(examples.labels, device=device).long()
        self._device = device
        self.count = len(examples)

    def at(self, indices) -> tuple[torch.Tensor, torch.Tensor]:
        where = torch.as_tensor(indices, device=self._device)
        return self._table[self._images[where].int()].unsqueeze(1), self._labels[where]

    def varied_at(self, indices, stream: Stream) -> tuple[torch.Tensor, torch.Tensor]:
        """As `at`, each image changed by chance."""
        images = torch.as_tensor(varied(self._bytes[indices], self._variation, stream), device=self._device)
        return self._table[images.int()].unsqueeze(1), self._labels[torch.as_tensor(indices, device=self._device)]

    def training(self, size: int, seed: int, augment: bool = False) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Full batches without end, every epoch in an order of its own that follows from the seed."""
        step = 0
        per_epoch = self.count // size
        while True:
            order = Stream(seed, f"epoch/{step // per_epoch}").permutation(self.count)
            for first in range(0, per_epoch * size, size):
                indices = order[first : first + size]
                yield self.varied_at(indices, Stream(seed, f"vary/{step}")) if augment else self.at(indices)
                step += 1

    def in_order(self, size: int, limit: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """The first `limit` examples in their own order; the last batch may be smaller."""
        count = min(limit, self.count)
        for first in range(0, count, size):
            yield self.at(range(first, min(first + size, count)))


class TrainEvaluator:
    """Trains a network, from scratch or from its slices of shared weights, beside a teacher where there is one, and measures it; in final
    trainings it keeps the weights. Seed and evaluation say all: the same machine gives the same measurement."""

    name = "train"

    def __init__(self, datasets: Datasets, device: torch.device):
        self._datasets = datasets
        self._device = device
        self._teachers = Teachers()

    def evaluate(self, network: Graph | TableRow, evaluation: worker_pb2.Evaluation, context) -> measurement_pb2.Measurement:
        if isinstance(network, TableRow):
            raise EvaluationError("INFEASIBLE", "a row of a table cannot be trained, only a graph")
        train = evaluation.train
        dataset = self._datasets.load(train.dataset)
        _check_fit(network, dataset, train)
        try:
            model = _build(network, evaluation, context).to(self._device)
            if train.keep_weights:
                check_size(model)
            teacher = self._teachers.open(train.teacher, train.dataset, dataset, context).to(self._device) if train.teacher else None
            measurement = self._measure(model, teacher, dataset, evaluation, context.cancelled)
            if train.keep_weights:
                measurement.weights.CopyFrom(context.keep_weights(encode_trained(network, train.dataset, model)))
            return measurement
        except torch.OutOfMemoryError as error:
            raise EvaluationError("OUT_OF_MEMORY", f"the network does not fit: {error}") from error
        except RuntimeError as error:
            if "memory" not in str(error):
                raise
            raise EvaluationError("OUT_OF_MEMORY", f"the network does not fit: {error}") from error
        finally:
            if self._device.type == "cuda":
                torch.cuda.empty_cache()

    def _measure(self, model: nn.Module, teacher: nn.Module | None, dataset: Dataset, evaluation, cancelled: threading.Event):
        train = evaluation.train
        is_test = train.part == worker_pb2.DATA_PART_TEST
        learned = Batches(dataset, dataset.train_and_validation if is_test else dataset.train, self._device)
        optimizer = Momentum(model, train.weight_decay)
        average = WeightAverage(model, train.recipe.average_decay) if train.recipe.average_decay > 0 else None
        started = time.perf_counter()
        _train(Training(model, optimizer, average, teacher), learned, evaluation, cancelled)
        if average is not None:
            average.apply()
        calibrate(model, (images for images, _ in learned.in_order(_CALIBRATION_BATCH, _CALIBRATION_EXAMPLES)))
        trained = time.perf_counter()
        part = Batches(dataset, dataset.test if is_test else dataset.validation, self._device)
        accuracy, loss = score(model, part, train.eval_examples or part.count, cancelled)
        if not math.isfinite(loss):
            raise EvaluationError("NAN_LOSS", f"the loss is {loss} after {train.steps} steps")
        seconds = trained - started
        extra = {
            "trainSeconds": seconds,
            "evalSeconds": time.perf_counter() - trained,
            "imagesPerSecond": train.steps * train.batch / seconds,
        }
        return measurement_pb2.Measurement(accuracy=accuracy, loss=loss, steps=train.steps, extra=extra)


def _build(graph: Graph, evaluation: worker_pb2.Evaluation, context) -> nn.Module:
    """A network's model with the weights that its training begins with."""
    version = evaluation.train.start_version
    if not version:
        return build_model(graph, evaluation.seed)
    start = context.fetch_weights(version, shared_slices(graph))
    model = assemble(graph)
    for parameter, numbers in zip(parameters(model), start, strict=True):
        load(parameter, numbers)
    return model


def _check_fit(graph: Graph, dataset: Dataset, train) -> None:
    shape = graph.input
    if (shape.height, shape.width, shape.channels) != (*dataset.train.images.shape[1:], 1):
        detail = f"the network takes {shape.height}x{shape.width}x{shape.channels}, which the images of {train.dataset} are not"
        raise EvaluationError("INFEASIBLE", detail)
    if graph.classes != dataset.classes:
        detail = f"the network tells {graph.classes} classes apart, but {train.dataset} has {dataset.classes}"
        raise EvaluationError("INFEASIBLE", detail)
    if train.batch > len(dataset.train):
        raise EvaluationError("INFEASIBLE", f"a batch of {train.batch} is more than the train part of {train.dataset} has")


@dataclass(frozen=True)
class Training:
    """A training as it stands."""

    model: nn.Module
    optimizer: Momentum
    average: WeightAverage | None
    """None where the last weights are measured."""
    teacher: nn.Module | None
    """None where it learns from labels alone. It does not change."""


def _train(training: Training, batches: Batches, evaluation, cancelled: threading.Event) -> None:
    train = evaluation.train
    recipe = train.recipe
    model, optimizer, average, teacher = training.model, training.optimizer, training.average, training.teacher
    model.train()
    stream = batches.training(train.batch, evaluation.seed, recipe.augment)
    for step in range(train.steps):
        if cancelled.is_set():
            raise Cancelled
        images, labels = next(stream)
        rate = learning_rate_at(step, train.steps, train.learning_rate)
        loss = training_step(model, optimizer, images, labels, rate, recipe.label_smoothing, teacher)
        if average is not None:
            average.update(step + 1)
        is_looked_at = (step + 1) % _STEPS_PER_LOOK == 0 or step + 1 == train.steps
        if is_looked_at and not math.isfinite(loss.item()):
            raise EvaluationError("NAN_LOSS", f"the loss is {loss.item()} after {step + 1} of {train.steps} steps")


def score(model: nn.Module, batches: Batches, limit: int, cancelled: threading.Event) -> tuple[float, float]:
    """Accuracy, and mean cross-entropy in nats, over the first `limit` examples."""
    model.eval()
    right = torch.zeros((), dtype=torch.int64)
    loss = torch.zeros((), dtype=torch.float64)
    with torch.no_grad():
        for images, labels in batches.in_order(_SCORE_BATCH, limit):
            if cancelled.is_set():
                raise Cancelled
            logits = model(images).double()
            right = right.to(labels.device) + (logits.argmax(dim=1) == labels).sum()
            loss = loss.to(labels.device) + nn.functional.cross_entropy(logits, labels, reduction="sum")
    count = min(limit, batches.count)
    return right.item() / count, loss.item() / count
