"""The golden files that the TypeScript worker writes, and what they speak of."""

import json
from pathlib import Path

import numpy as np
from google.protobuf import json_format

from fpnas.v1 import network_pb2
from fpnas_worker.dataset import Dataset, Examples, Variation
from fpnas_worker.network import Graph, read_network
from fpnas_worker.randomness import Stream

_FOLDER = Path(__file__).parent / "golden"


def load(name: str):
    return json.loads((_FOLDER / name).read_text())


def network(value: dict) -> Graph:
    return read_network(json_format.ParseDict(value, network_pb2.Network()))


def dataset(described: dict) -> Dataset:
    """The data set of test/support/training-networks.ts: classes told apart by which band of pixels is bright, and noise."""
    side = described["input"]["height"]
    parts = (_bands(name, described[name], side, described["classes"]) for name in ("train", "validation", "test"))
    made = Dataset(*parts, classes=described["classes"], variation=Variation(**described["variation"]))
    vars(made)["moments"] = (described["mean"], described["deviation"])
    return made


def _bands(part: str, count: int, side: int, classes: int) -> Examples:
    pixels = side * side
    labels = np.arange(count) % classes
    noise = np.floor(Stream(1, part).uniform(count * pixels) * 100).reshape(count, pixels)
    bright = np.arange(pixels) * classes // pixels == labels[:, None]
    images = (noise + np.where(bright, 150, 0)).astype(np.uint8).reshape(count, side, side)
    return Examples(images, labels.astype(np.uint8))
