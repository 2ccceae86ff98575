"""Data sets come out in the same parts as those of the TypeScript worker, whatever files they are read from."""

import gzip
import hashlib
import json
import os
import shutil
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np

from fpnas_worker.dataset import Dataset, Datasets, Examples
from fpnas_worker.failure import EvaluationError

IDX = os.environ.get("FPNAS_TEST_MNIST_IDX", "")
"""The folder of MNIST's four IDX files."""
CACHE = os.environ.get("FPNAS_TEST_CACHE", "")
"""The folder where TypeScript workers have left decoded data sets."""
FINGERPRINTS = Path(__file__).parents[3] / "test/golden/datasets.json"


def fingerprint(part: Examples) -> dict:
    hashes = sorted(hashlib.sha256(image.tobytes()).hexdigest() for image in part.images)
    per_class = np.bincount(part.labels, minlength=10).tolist()
    return {"count": len(part), "perClass": per_class, "sha256": hashlib.sha256("".join(hashes).encode()).hexdigest()}


def write_idx(path: str, array: np.ndarray, compress: bool = False) -> None:
    content = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()
    Path(path).write_bytes(gzip.compress(content) if compress else content)


class Parts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def expect_golden(self, name: str, dataset: Dataset) -> None:
        golden = json.loads(FINGERPRINTS.read_text())[name]
        for part in ("train", "validation", "test"):
            self.assertEqual(fingerprint(getattr(dataset, part)), golden[part], part)
        np.testing.assert_allclose(dataset.moments, (golden["mean"], golden["deviation"]), rtol=1e-11)

    @unittest.skipUnless(IDX, "FPNAS_TEST_MNIST_IDX names no folder of IDX files")
    def test_of_mnist_from_idx_files(self):
        os.symlink(os.path.abspath(IDX), os.path.join(self.folder, "mnist"))
        self.expect_golden("mnist", Datasets(self.folder).load("mnist"))

    @unittest.skipUnless(CACHE, "FPNAS_TEST_CACHE names no folder of decoded data sets")
    def test_from_what_a_typescript_worker_has_decoded_and_of_fashion_mnist_from_idx_files(self):
        dataset = Datasets(CACHE).load("fashion-mnist")
        self.expect_golden("fashion-mnist", dataset)
        everything = (dataset.test, dataset.train, dataset.validation)
        images = np.concatenate([part.images for part in everything])
        labels = np.concatenate([part.labels for part in everything])
        os.mkdir(os.path.join(self.folder, "fashion-mnist"))
        for prefix, part in (("train", slice(10_000, None)), ("t10k", slice(10_000))):
            write_idx(f"{self.folder}/fashion-mnist/{prefix}-images-idx3-ubyte", images[part])
            write_idx(f"{self.folder}/fashion-mnist/{prefix}-labels-idx1-ubyte.gz", labels[part], compress=True)
        again = Datasets(self.folder).load("fashion-mnist")
        self.expect_golden("fashion-mnist", again)
        for part in ("train", "validation", "test"):
            np.testing.assert_array_equal(getattr(again, part).images, getattr(dataset, part).images)

    def expect_unavailable(self, name: str, words: str) -> None:
        with self.assertRaises(EvaluationError) as raised:
            Datasets(self.folder).load(name)
        self.assertEqual(raised.exception.reason, "DATA_UNAVAILABLE")
        self.assertIn(words, str(raised.exception))

    def test_that_are_not_there_or_damaged_are_told_with_the_place(self):
        self.expect_unavailable("imagenet", "it has mnist and fashion-mnist")
        self.expect_unavailable("mnist", self.folder)
        os.mkdir(f"{self.folder}/mnist")
        self.expect_unavailable("mnist", "there is no train-images-idx3-ubyte")
        Path(f"{self.folder}/mnist/train-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03 short")
        self.expect_unavailable("mnist", "cannot be read")
        header = json.dumps({"format": "fpnas dataset 1", "counts": [1, 0, 0], "sha256": "0" * 64})
        Path(f"{self.folder}/fashion-mnist-9.bin").write_bytes(header.encode() + b"\n" + bytes(785))
        self.expect_unavailable("fashion-mnist", "checksum")


if __name__ == "__main__":
    unittest.main()
