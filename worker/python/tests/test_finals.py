"""Final trainings: files of trained weights, slices to begin with, teachers, weights that are kept."""

import base64
import dataclasses
import hashlib
import json
import unittest
from unittest import mock

import numpy as np
import torch
from google.protobuf import json_format

from fpnas.v1 import precision_pb2, worker_pb2
from fpnas_worker import trained as trained_file
from fpnas_worker.cancellation import Cancellation
from fpnas_worker.context import Context
from fpnas_worker.failure import EvaluationError
from fpnas_worker.model import build_model, load, numbers_of, parameters, state
from fpnas_worker.randomness import Stream
from fpnas_worker.tensor_file import TensorFile, decode_tensors, encode_tensors, split_numbers
from fpnas_worker.tensors import Slice, shared_slices, trained_tensors
from fpnas_worker.trained import canonical_json, decode_trained, encode_trained
from fpnas_worker.training import Batches, Momentum, TrainEvaluator, learning_rate_at, score, training_step

from . import golden

TOLERANCE = 1e-4
CPU = torch.device("cpu")
KEY = worker_pb2.LeaseKey(trial="projects/p/jobs/j/trials/3", lease_token=2)

torch.set_num_threads(1)


class OneDataset:
    def __init__(self, dataset):
        self._dataset = dataset

    def load(self, _name):
        return self._dataset


class FakeCoordinator:
    """Has the teacher's file and the slices of the golden file, and keeps what is brought."""

    def __init__(self, finals, teacher: bytes | None = None):
        self._start = base64.b64decode(finals["start"]["bytes"])
        self._teacher = base64.b64decode(finals["teacher"]["file"]) if teacher is None else teacher
        self.fetched_files: list[str] = []
        self.fetched_weights: list = []
        self.kept: list[tuple[worker_pb2.CheckpointHeader, bytes]] = []

    def fetch_file(self, sha256, _cancellation):
        self.fetched_files.append(sha256)
        return self._teacher

    def fetch_weights(self, request, _cancellation):
        self.fetched_weights.append(request)
        return self._start

    def keep_weights(self, header, content, _cancellation):
        self.kept.append((header, content))


def evaluation_of(case, **changes) -> worker_pb2.Evaluation:
    settings = case["evaluation"]
    recipe = json_format.ParseDict(settings["recipe"], worker_pb2.TrainingRecipe())
    given = {
        **{"dataset": "tiny", "part": worker_pb2.DATA_PART_TEST, "steps": settings["steps"], "batch": settings["batch"]},
        **{"weight_decay": settings["weightDecay"], "learning_rate": settings["learningRate"], "recipe": recipe},
        **{"keep_weights": True, "start_version": case["startVersion"], "teacher": case["teacher"]},
    }
    return worker_pb2.Evaluation(train=worker_pb2.TrainEvaluation(**(given | changes)), seed=settings["seed"])


class Files(unittest.TestCase):
    def setUp(self):
        self.finals = golden.load("finals.json")
        self.file = base64.b64decode(self.finals["teacher"]["file"])

    def test_name_networks_by_their_canonical_text(self):
        for case in golden.load("networks.json"):
            self.assertEqual(canonical_json(golden.network(case["network"])), json.dumps(case["network"], separators=(",", ":")))

    def test_hold_every_tensor_of_every_network_in_the_order_of_its_model(self):
        for case in golden.load("networks.json"):
            if case["params"] > 300_000:
                continue
            graph = golden.network(case["network"])
            model = build_model(graph, 1)
            sizes = [tensor.numel() for tensor in state(model)]
            self.assertEqual([tensor.size for tensor in trained_tensors(graph)], sizes)
            back = decode_trained(encode_trained(graph, "mnist", model))
            self.assertEqual((back.graph, back.dataset), (graph, "mnist"))
            for one, other in zip(state(back.model()), state(model), strict=True):
                self.assertTrue(torch.equal(one, other))

    def test_of_the_typescript_worker_are_read_infer_the_same_and_are_written_byte_for_byte(self):
        trained = decode_trained(self.file)
        dataset = golden.dataset(self.finals["dataset"])
        batches = Batches(dataset, dataset.validation, CPU)
        with torch.no_grad():
            logits = torch.cat([trained.model()(images) for images, _ in batches.in_order(7, batches.count)])
        np.testing.assert_allclose(logits.numpy(), self.finals["teacher"]["logits"], rtol=TOLERANCE, atol=TOLERANCE)
        self.assertEqual(encode_trained(trained.graph, trained.dataset, trained.model()), self.file)

    def test_name_the_slices_of_shared_weights_as_the_typescript_worker_does(self):
        graph = golden.network(self.finals["trainings"][0]["network"])
        expected = [Slice(each["tensor"], tuple(each["shape"])) for each in self.finals["start"]["slices"]]
        self.assertEqual(shared_slices(graph), expected)
        unnamed = golden.network(self.finals["trainings"][0]["own"])
        with self.assertRaisesRegex(EvaluationError, r"layers\[0\].shared_weights is missing"):
            shared_slices(unnamed)
        first = graph.layers[0]
        twice = dataclasses.replace(graph, layers=(first, first, *graph.layers[1:]))
        with self.assertRaisesRegex(EvaluationError, r"layers\[1\].shared_weights repeats block0"):
            shared_slices(twice)

    def test_that_are_damaged_are_refused(self):
        header_end = 8 + int.from_bytes(self.file[:8], "little")
        file = decode_tensors(self.file)
        other_format = TensorFile(file.metadata | {"format": "x"}, file.tensors, file.numbers)
        shorter = TensorFile(file.metadata, file.tensors[1:], file.numbers[1:])
        row = TensorFile(file.metadata | {"network": '{"tableRow":{}}'}, file.tensors, file.numbers)
        unknown = TensorFile(file.metadata | {"network": '{"graph":{"layers":[{"magic":{}}]}}'}, file.tensors, file.numbers)
        for damaged, why in [
            (b"", "ends within its header"),
            (self.file[:100], "ends within its header"),
            (self.file[:-4], "bytes of numbers"),
            (self.file + b"\0", "bytes of numbers"),
            (self.file[:8] + b"[" + b" " * (header_end - 10) + b"]" + self.file[header_end:], "not one of tensors"),
            (self.file.replace(b'"F32"', b'"I32"', 1), "is not 54 float32 numbers"),
            (encode_tensors(other_format), "its format is x, not fpnas-network-1"),
            (encode_tensors(shorter), "others than those of its network"),
            (encode_tensors(row), "a row of a table"),
            (encode_tensors(unknown), "magic"),
        ]:
            with self.subTest(why), self.assertRaisesRegex(ValueError, why):
                decode_trained(damaged)


class FinalTrainings(unittest.TestCase):
    def setUp(self):
        self.finals = golden.load("finals.json")
        self.dataset = golden.dataset(self.finals["dataset"])
        self.evaluator = TrainEvaluator(OneDataset(self.dataset), CPU)
        self.coordinator = FakeCoordinator(self.finals)

    def evaluate(self, case, **changes):
        context = Context(self.coordinator, "worker", KEY, Cancellation())
        return self.evaluator.evaluate(golden.network(case["network"]), evaluation_of(case, **changes), context)

    def failure_of(self, case, **changes) -> EvaluationError:
        with self.assertRaises(EvaluationError) as raised:
            self.evaluate(case, **changes)
        return raised.exception

    def test_lose_and_measure_the_same_from_slices_and_with_teachers(self):
        for case in self.finals["trainings"]:
            with self.subTest(start=case["startVersion"], teacher=case["teacher"]):
                settings = case["evaluation"]
                graph = golden.network(case["network"])
                model = build_model(graph, settings["seed"])
                if case["startVersion"]:
                    slices = shared_slices(graph)
                    numbers = split_numbers(base64.b64decode(self.finals["start"]["bytes"]), slices)
                    for parameter, values in zip(parameters(model), numbers, strict=True):
                        load(parameter, values)
                teacher = decode_trained(base64.b64decode(self.finals["teacher"]["file"])).model() if case["teacher"] else None
                optimizer = Momentum(model, settings["weightDecay"])
                model.train()
                recipe = settings["recipe"]
                every = Batches(self.dataset, self.dataset.train_and_validation, CPU)
                batches = every.training(settings["batch"], settings["seed"], recipe["augment"])
                for step, expected in enumerate(case["losses"]):
                    rate = learning_rate_at(step, settings["steps"], settings["learningRate"])
                    loss = training_step(model, optimizer, *next(batches), rate, recipe["labelSmoothing"], teacher).item()
                    self.assertLess(abs(loss - expected), TOLERANCE * expected, f"step {step}: {loss}, not {expected}")
                measured = self.evaluate(case)
                self.assertEqual(measured.accuracy, case["accuracy"])
                self.assertLess(abs(measured.loss - case["loss"]), 10 * TOLERANCE * case["loss"])

    def test_keep_the_weights_that_were_measured_and_name_nothing_shared(self):
        case = self.finals["trainings"][2]
        measured = self.evaluate(case)
        ((header, content),) = self.coordinator.kept
        self.assertEqual(measured.weights.sha256, hashlib.sha256(content).hexdigest())
        self.assertEqual(measured.weights.size_bytes, len(content))
        self.assertEqual((header.worker_id, header.key, header.weights), ("worker", KEY, measured.weights))
        self.assertFalse(header.HasField("checkpoint"))
        trained = decode_trained(content)
        self.assertEqual(trained.graph, golden.network(case["own"]))
        self.assertEqual(trained.dataset, "tiny")
        test = Batches(self.dataset, self.dataset.test, CPU)
        accuracy, loss = score(trained.model(), test, test.count, Cancellation())
        self.assertEqual((accuracy, loss), (measured.accuracy, measured.loss))

    def test_keep_nothing_where_nothing_is_asked_for(self):
        measured = self.evaluate(self.finals["trainings"][1], keep_weights=False)
        self.assertFalse(measured.HasField("weights"))
        self.assertEqual(self.coordinator.kept, [])

    def test_ask_for_the_slices_of_their_job_and_version(self):
        self.evaluate(self.finals["trainings"][0], steps=1)
        (request,) = self.coordinator.fetched_weights
        self.assertEqual((request.job, request.version), ("projects/p/jobs/j", 7))
        self.assertEqual(request.precision, precision_pb2.PRECISION_FLOAT32)
        self.assertEqual([each.tensor for each in request.slices][:2], ["block0/conv3", "block0/norm/scale"])
        self.assertEqual(list(request.slices[0].shape), [3, 3, 1, 6])
        self.evaluate(self.finals["trainings"][1], steps=1)
        self.assertEqual(len(self.coordinator.fetched_weights), 1)

    def test_do_not_begin_with_slices_that_do_not_fit(self):
        finals = {**self.finals, "start": {**self.finals["start"], "bytes": base64.b64encode(b"1234").decode()}}
        self.coordinator = FakeCoordinator(finals)
        error = self.failure_of(self.finals["trainings"][0])
        self.assertEqual(error.reason, "DATA_UNAVAILABLE")
        self.assertIn("version 7 of the shared weights does not fit", str(error))
        unnamed = {**self.finals["trainings"][0], "network": self.finals["trainings"][0]["own"]}
        self.assertEqual(self.failure_of(unnamed).reason, "INFEASIBLE")

    def test_fetch_a_teacher_once(self):
        for _ in range(2):
            self.evaluate(self.finals["trainings"][1], steps=1)
        self.assertEqual(self.coordinator.fetched_files, ["5" * 64])
        self.evaluate(self.finals["trainings"][1], steps=1, teacher="6" * 64)
        self.assertEqual(self.coordinator.fetched_files, ["5" * 64, "6" * 64])

    def test_leave_their_teacher_as_it_is(self):
        teacher = decode_trained(base64.b64decode(self.finals["teacher"]["file"])).model()
        before = [numbers_of(tensor) for tensor in state(teacher)]
        model = build_model(golden.network(self.finals["trainings"][1]["network"]), 1).train()
        images, labels = next(Batches(self.dataset, self.dataset.train, CPU).training(16, 1))
        training_step(model, Momentum(model, 0.0), images, labels, 0.1, 0.0, teacher)
        self.assertTrue(all(np.array_equal(a, numbers_of(b)) for a, b in zip(before, state(teacher), strict=True)))
        self.assertFalse(teacher.training)

    def test_with_a_teacher_that_cannot_be_used_are_infeasible(self):
        case = self.finals["trainings"][1]
        trained = decode_trained(base64.b64decode(self.finals["teacher"]["file"]))
        other = golden.network(golden.load("training.json")[-1]["network"])
        for teacher, why in [
            (b"no file", "the teacher cannot be used: "),
            (encode_trained(trained.graph, "mnist", trained.model()), "the teacher learned mnist, not tiny"),
            (encode_trained(other, "tiny", build_model(other, 1)), "the teacher is not for the images and classes of tiny"),
        ]:
            with self.subTest(why):
                self.coordinator = FakeCoordinator(self.finals, teacher)
                self.evaluator = TrainEvaluator(OneDataset(self.dataset), CPU)
                error = self.failure_of(case)
                self.assertEqual(error.reason, "INFEASIBLE")
                self.assertIn(why, str(error))

    def test_of_networks_too_large_to_keep_are_refused_before_they_begin(self):
        numbers = sum(tensor.size for tensor in trained_tensors(golden.network(self.finals["trainings"][1]["own"])))
        with mock.patch.object(trained_file, "_MAX_BYTES", 4 * numbers):
            self.evaluate(self.finals["trainings"][1], steps=1)
        with mock.patch.object(trained_file, "_MAX_BYTES", 4 * numbers - 1):
            error = self.failure_of(self.finals["trainings"][1])
        self.assertEqual(error.reason, "INFEASIBLE")
        self.assertIn(f"the network has {numbers} weights", str(error))


class Fillings(unittest.TestCase):
    def test_give_tensors_numbers_in_tensorflows_order_and_take_them_back(self):
        for shape in [(5, 3, 3, 3), (4, 1, 5, 5), (6,)]:
            tensor = torch.zeros(shape)
            numbers = Stream(1, str(shape)).normal(tensor.numel(), 1.0)
            load(tensor, numbers)
            self.assertTrue(np.array_equal(numbers_of(tensor), numbers))
        self.assertEqual(numbers_of(torch.arange(4.0).reshape(2, 2, 1, 1)).tolist(), [0.0, 2.0, 1.0, 3.0])


if __name__ == "__main__":
    unittest.main()
