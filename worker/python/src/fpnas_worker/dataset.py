"""Data sets in the parts that every worker of a fleet must agree on (worker/data/)."""

import glob
import gzip
import hashlib
import json
import math
import os
import re
import struct
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .failure import EvaluationError

_FORMAT = "fpnas dataset 1"
_CLASSES = 10
_SIDE = 28
_IDX_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
_VALIDATION_PER_CLASS = 500
_FASHION_TEST_PER_CLASS = 1000


@dataclass(frozen=True)
class Examples:
    """Images as bytes, [count, height, width], and their labels, [count]."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Variation:
    """How an image may be changed without changing its class: pixels of shift in each direction, and left for right."""

    shift: int = 2
    mirror: bool = False


@dataclass(frozen=True)
class Dataset:
    """A search trains on `train` and measures on `validation`; final training learns from both and is measured on `test`, once."""

    train: Examples
    validation: Examples
    test: Examples
    classes: int = _CLASSES
    variation: Variation = Variation()

    @cached_property
    def train_and_validation(self) -> Examples:
        both = (self.train, self.validation)
        return Examples(np.concatenate([part.images for part in both]), np.concatenate([part.labels for part in both]))

    @cached_property
    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation of the bytes of `train`: what images are normalized by, whatever they are used for."""
        counts = np.bincount(self.train.images.reshape(-1), minlength=256).astype(np.float64)
        values = np.arange(256)
        mean = (counts * values).sum() / counts.sum()
        return mean, math.sqrt((counts * (values - mean) ** 2).sum() / counts.sum())


class Datasets:
    """The data sets below a folder, each read once.

    For "mnist" that is a file `mnist-VERSION.bin`, which a TypeScript worker leaves in its cache folder, or a folder `mnist` with the four
    IDX files of its publishers, gzipped or not; for "fashion-mnist" alike.
    """

    def __init__(self, folder: str):
        self._folder = folder
        self._loaded: dict[str, Dataset] = {}

    def load(self, name: str) -> Dataset:
        """Raises EvaluationError DATA_UNAVAILABLE, which says what was looked for and where."""
        if name not in self._loaded:
            # A mirrored digit is none.
            variation = Variation(mirror=name == "fashion-mnist")
            self._loaded[name] = replace(self._read(name), variation=variation)
        return self._loaded[name]

    def _read(self, name: str) -> Dataset:
        if name not in ("mnist", "fashion-mnist"):
            raise EvaluationError("DATA_UNAVAILABLE", f'this worker has no data set "{name}": it has mnist and fashion-mnist')
        try:
            packed = sorted(path for path in glob.glob(os.path.join(glob.escape(self._folder), f"{name}-*.bin")))
            if packed:
                return _read_packed(packed[-1])
            folder = os.path.join(self._folder, name)
            if os.path.isdir(folder):
                return _read_idx_folder(folder, name)
        except (OSError, ValueError) as error:
            raise EvaluationError("DATA_UNAVAILABLE", f'data set "{name}" cannot be read: {error}') from error
        raise EvaluationError("DATA_UNAVAILABLE", f"there is neither {name}-VERSION.bin nor a folder {name} in {self._folder}")


def _read_packed(path: str) -> Dataset:
    with open(path, "rb") as file:
        header = json.loads(file.readline())
        content = file.read()
    if header.get("format") != _FORMAT:
        raise ValueError(f"{path} is not of the format {_FORMAT}")
    if hashlib.sha256(content).hexdigest() != header["sha256"]:
        raise ValueError(f"the checksum of {path} does not fit")
    counts = header["counts"]
    total = sum(counts)
    labels = np.frombuffer(content, np.uint8, total)
    images = np.frombuffer(content, np.uint8, offset=total).reshape(total, _SIDE, _SIDE)
    bounds = np.cumsum([0, *counts])
    return Dataset(*(Examples(images[a:b], labels[a:b]) for a, b in zip(bounds[:-1], bounds[1:])))


def _read_idx_folder(folder: str, name: str) -> Dataset:
    train_images, train_labels, test_images, test_labels = (_read_idx(_find(folder, file)) for file in _IDX_FILES)
    if name == "mnist":
        validation, train = split_by_hash(Examples(train_images, train_labels), [_VALIDATION_PER_CLASS])
        return Dataset(train, validation, Examples(test_images, test_labels))
    # The split of Fashion-MNIST is fpnas's own, by the hashes of all images alike; of an image under two classes the lower one counts.
    labels = np.concatenate([train_labels, test_labels])
    order = np.argsort(labels, kind="stable")
    everything = Examples(np.concatenate([train_images, test_images])[order], labels[order])
    test, validation, train = split_by_hash(everything, [_FASHION_TEST_PER_CLASS, _VALIDATION_PER_CLASS])
    return Dataset(train, validation, test)


def split_by_hash(examples: Examples, per_class: list[int]) -> list[Examples]:
    """Of every class the `per_class[0]` images of smallest SHA-256 are the first part, the next the second, ..; the rest is the last.

    Repeated images are dropped, and each part is in the order of its hashes.
    """
    by_hash: dict[bytes, int] = {}
    for index, image in enumerate(examples.images):
        by_hash.setdefault(hashlib.sha256(image.tobytes()).digest(), index)
    bounds = np.cumsum(per_class)
    parts: list[list[int]] = [[] for _ in range(len(per_class) + 1)]
    seen = [0] * 256
    for digest in sorted(by_hash):
        index = by_hash[digest]
        label = examples.labels[index]
        parts[int(np.searchsorted(bounds, seen[label], side="right"))].append(index)
        seen[label] += 1
    return [Examples(examples.images[part], examples.labels[part]) for part in parts]


def _find(folder: str, file: str) -> str:
    # Some distributions write a dot before "idx".
    for name in (file, re.sub("-idx", ".idx", file)):
        for end in ("", ".gz"):
            path = os.path.join(folder, name + end)
            if os.path.exists(path):
                return path
    raise FileNotFoundError(f"there is no {file} in {folder}")


def _read_idx(path: str) -> np.ndarray:
    with open(path, "rb") as file:
        content = file.read()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise ValueError(f"{path} is no IDX file of bytes")
    axes = content[3]
    start = 4 + 4 * axes
    shape = struct.unpack(f">{axes}I", content[4:start]) if len(content) >= start else (0,)
    if len(content) != start + math.prod(shape):
        raise ValueError(f"{path} is cut short, or goes on after its end")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
