"""What this worker computes is what the TypeScript worker computes, by golden files that that one writes."""

import base64
import math
import unittest
from unittest import mock

import numpy as np
import torch

from fpnas.v1 import worker_pb2
from fpnas_worker import training
from fpnas_worker.cancellation import Cancellation
from fpnas_worker.cost import network_cost
from fpnas_worker.failure import Cancelled, EvaluationError
from fpnas_worker.model import build_model, parameters
from fpnas_worker.network import TableRow
from fpnas_worker.randomness import Stream
from fpnas_worker.training import Batches, Momentum, TrainEvaluator, learning_rate_at, training_step

from . import golden

TOLERANCE = 1e-4
"""Relative: as far as the losses of all workers of a fleet must agree."""

torch.set_num_threads(1)


class Context:
    def __init__(self):
        self.cancelled = Cancellation()


class OneDataset:
    def __init__(self, dataset):
        self._dataset = dataset

    def load(self, _name):
        return self._dataset


def evaluation_of(case, **changes) -> worker_pb2.Evaluation:
    settings = case["evaluation"]
    given = {
        **{"dataset": "tiny", "part": worker_pb2.DATA_PART_VALIDATION, "steps": settings["steps"], "batch": settings["batch"]},
        **{"weight_decay": settings["weightDecay"], "learning_rate": settings["learningRate"]},
    }
    recipe = settings["recipe"]
    given["recipe"] = worker_pb2.TrainingRecipe(
        label_smoothing=recipe["labelSmoothing"], augment=recipe["augment"], average_decay=recipe["averageDecay"]
    )
    train = worker_pb2.TrainEvaluation(**(given | changes))
    return worker_pb2.Evaluation(train=train, seed=case["evaluation"]["seed"])


class Streams(unittest.TestCase):
    def test_are_the_same_numbers(self):
        for case in golden.load("streams.json"):
            uniform = Stream(case["seed"], case["name"]).uniform(8)
            self.assertEqual(uniform.tolist(), case["uniform"])
            stream = Stream(case["seed"], case["name"])
            np.testing.assert_allclose(stream.normal(5, 0.5), case["normal"], rtol=1e-6)
            self.assertEqual(stream.uniform(1)[0], case["afterNormal"])


class LearningRates(unittest.TestCase):
    def test_are_the_same(self):
        for case in golden.load("learning-rates.json"):
            rates = [learning_rate_at(step, case["steps"], case["peak"]) for step in range(case["steps"])]
            np.testing.assert_allclose(rates, case["rates"], rtol=1e-12)


class Networks(unittest.TestCase):
    def test_of_every_operation_cost_the_same(self):
        cases = golden.load("networks.json")
        self.assertGreater(len(cases), 40)
        for case in cases:
            with self.subTest(case["network"]):
                self.assertEqual(network_cost(golden.network(case["network"])), (case["macs"], case["params"]))

    def test_are_built_with_as_many_params_and_macs(self):
        for case in golden.load("networks.json"):
            if case["params"] > 300_000:
                continue
            with self.subTest(case["network"]):
                graph = golden.network(case["network"])
                model = build_model(graph, seed=1)
                self.assertEqual(sum(parameter.numel() for parameter in parameters(model)), case["params"])
                shape = graph.input
                macs, outputs = _count_macs(model, torch.zeros(2, shape.channels, shape.height, shape.width))
                self.assertEqual(macs, case["macs"])
                self.assertEqual(list(outputs.shape), [2, graph.classes])


class Trainings(unittest.TestCase):
    def test_begin_with_the_same_weights_and_batches(self):
        for case in golden.load("training.json")[:2]:
            self._begins_the_same(case)

    def _begins_the_same(self, case):
        model = build_model(golden.network(case["network"]), case["evaluation"]["seed"])
        for parameter, expected in zip(parameters(model), case["weights"], strict=True):
            np.testing.assert_allclose(parameter.detach().numpy(), _as_torch(parameter, expected), rtol=1e-6, atol=1e-9)
        dataset = golden.dataset(case["dataset"])
        mean, deviation = dataset.moments
        settings = case["evaluation"]
        every = Batches(dataset, dataset.train, torch.device("cpu"))
        stream = every.training(settings["batch"], settings["seed"], settings["recipe"]["augment"])
        for expected in case["batches"]:
            images, labels = next(stream)
            pixels = np.rint(images.numpy() * deviation + mean).astype(np.uint8)
            self.assertEqual(pixels.tobytes(), base64.b64decode(expected["images"]))
            self.assertEqual(labels.tolist(), expected["labels"])

    def test_lose_the_same_from_given_weights_and_batches(self):
        case = golden.load("training.json")[0]
        settings = case["evaluation"]
        model = build_model(golden.network(case["network"]), seed=99)
        with torch.no_grad():
            for parameter, expected in zip(parameters(model), case["weights"], strict=True):
                parameter.copy_(torch.from_numpy(_as_torch(parameter, expected)))
        mean, deviation = case["dataset"]["mean"], case["dataset"]["deviation"]
        side = case["dataset"]["input"]["height"]
        optimizer = Momentum(model, settings["weightDecay"])
        model.train()
        for step, (batch, expected) in enumerate(zip(case["batches"], case["losses"], strict=True)):
            pixels = np.frombuffer(base64.b64decode(batch["images"]), np.uint8).astype(np.float64)
            images = torch.from_numpy(((pixels - mean) / deviation).astype(np.float32)).reshape(-1, 1, side, side)
            rate = learning_rate_at(step, settings["steps"], settings["learningRate"])
            loss = training_step(model, optimizer, images, torch.tensor(batch["labels"]), rate).item()
            self.assertLess(abs(loss - expected), TOLERANCE * expected, f"step {step}: {loss}, not {expected}")

    def test_lose_and_measure_the_same_from_the_seed_alone(self):
        for case in golden.load("training.json"):
            dataset = golden.dataset(case["dataset"])
            graph = golden.network(case["network"])
            settings = case["evaluation"]
            model = build_model(graph, settings["seed"])
            optimizer = Momentum(model, settings["weightDecay"])
            model.train()
            recipe = settings["recipe"]
            every = Batches(dataset, dataset.train, torch.device("cpu"))
            batches = every.training(settings["batch"], settings["seed"], recipe["augment"])
            for step, expected in enumerate(case["losses"]):
                rate = learning_rate_at(step, settings["steps"], settings["learningRate"])
                loss = training_step(model, optimizer, *next(batches), rate, recipe["labelSmoothing"]).item()
                self.assertLess(abs(loss - expected), TOLERANCE * expected, f"step {step}: {loss}, not {expected}")
            evaluator = TrainEvaluator(OneDataset(dataset), torch.device("cpu"))
            measured = evaluator.evaluate(graph, evaluation_of(case), Context())
            self.assertEqual(measured.accuracy, case["accuracy"])
            self.assertLess(abs(measured.loss - case["loss"]), 10 * TOLERANCE * case["loss"])
            self.assertEqual(measured.steps, settings["steps"])
            self.assertGreater(measured.extra["imagesPerSecond"], 0)


class Evaluations(unittest.TestCase):
    def setUp(self):
        self.case = golden.load("training.json")[0]
        self.graph = golden.network(self.case["network"])
        self.dataset = golden.dataset(self.case["dataset"])
        self.evaluator = TrainEvaluator(OneDataset(self.dataset), torch.device("cpu"))

    def reason_of(self, network, evaluation) -> str:
        with self.assertRaises(EvaluationError) as raised:
            self.evaluator.evaluate(network, evaluation, Context())
        return raised.exception.reason

    def test_of_the_test_part_measure_that_and_learn_from_train_and_validation(self):
        evaluation = evaluation_of(self.case, part=worker_pb2.DATA_PART_TEST)
        with mock.patch.object(training, "Batches", wraps=Batches) as batches:
            self.assertGreater(self.evaluator.evaluate(self.graph, evaluation, Context()).accuracy, 0.5)
        examples = [len(call.args[1]) for call in batches.call_args_list]
        self.assertEqual(examples, [60 + 30, 30])
        self.dataset.test.labels[:] = (self.dataset.test.labels + 1) % 3
        self.assertLess(self.evaluator.evaluate(self.graph, evaluation, Context()).accuracy, 0.5)

    def test_that_cannot_be_are_infeasible(self):
        self.assertEqual(self.reason_of(TableRow("0" * 64, (0,)), evaluation_of(self.case)), "INFEASIBLE")
        self.assertEqual(self.reason_of(self.graph, evaluation_of(self.case, batch=61)), "INFEASIBLE")
        other = golden.network(golden.load("training.json")[-1]["network"])
        self.assertEqual(self.reason_of(other, evaluation_of(self.case)), "INFEASIBLE")

    def test_that_leave_the_numbers_are_told_so(self):
        self.assertEqual(self.reason_of(self.graph, evaluation_of(self.case, learning_rate=1e30)), "NAN_LOSS")

    def test_end_when_they_are_told_to(self):
        context = Context()
        context.cancelled.cancel()
        with self.assertRaises(Cancelled):
            self.evaluator.evaluate(self.graph, evaluation_of(self.case), context)


def _as_torch(parameter: torch.Tensor, expected: dict) -> np.ndarray:
    """Numbers in TensorFlow's order ([h, w, in, out], depthwise [h, w, channels, 1]) in that of PyTorch."""
    values = np.array(expected["values"], np.float32).reshape(expected["shape"])
    if parameter.dim() == 1:
        return values
    is_depthwise = parameter.shape[1] == 1 and values.shape[3] == 1
    return np.ascontiguousarray(values.transpose((2, 3, 0, 1) if is_depthwise else (3, 2, 0, 1)))


def _count_macs(model: torch.nn.Module, images: torch.Tensor) -> tuple[int, torch.Tensor]:
    """Multiply-accumulates of one example, counted where they happen."""
    macs = 0

    def count(convolution, _inputs, output):
        nonlocal macs
        macs += convolution.weight.numel() * math.prod(output.shape[2:])

    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(count)
    outputs = model.eval()(images)
    return macs, outputs


if __name__ == "__main__":
    unittest.main()
