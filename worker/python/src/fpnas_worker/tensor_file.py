"""Files of tensors in the safetensors format, byte for byte as worker/checkpoint/tensor-file.ts writes them."""

import json
import struct
from dataclasses import dataclass

import numpy as np

from .tensors import Slice

_METADATA = "__metadata__"
_ALIGNMENT = 8
_LITTLE = np.dtype("<f4")


@dataclass(frozen=True)
class TensorFile:
    metadata: dict[str, str]
    tensors: list[Slice]
    numbers: list[np.ndarray]
    """Of each tensor, float32 in one row."""


def compact_json(value: object) -> str:
    """As JSON.stringify writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def encode_tensors(file: TensorFile) -> bytes:
    """Length of the header (64 bits, little-endian), the header as JSON, padded with spaces to a multiple of 8 bytes, then all numbers."""
    header: dict[str, object] = {_METADATA: file.metadata}
    end = 0
    for tensor in file.tensors:
        start, end = end, end + _LITTLE.itemsize * tensor.size
        header[tensor.tensor] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [start, end]}
    text = compact_json(header).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return b"".join([struct.pack("<Q", len(text)), text, *(values.astype(_LITTLE).tobytes() for values in file.numbers)])


def decode_tensors(content: bytes) -> TensorFile:
    """Raises ValueError where the file is damaged, has other numbers than float32, or says too much or too little."""
    start = 8 + (struct.unpack("<Q", content[:8])[0] if len(content) >= 8 else len(content))
    if start > len(content):
        raise ValueError("the file ends within its header")
    header = json.loads(content[8:start])
    expected = 0
    try:
        metadata = dict(header.pop(_METADATA, {}))
        entries = [
            (Slice(name, tuple(entry["shape"])), entry["dtype"], tuple(entry["data_offsets"])) for name, entry in header.items()
        ]
        for tensor, dtype, offsets in entries:
            end = expected + _LITTLE.itemsize * tensor.size
            if dtype != "F32" or offsets != (expected, end) or min(tensor.shape, default=1) < 0:
                raise ValueError(f"the tensor {tensor.tensor} is not {tensor.size} float32 numbers at byte {expected}")
            expected = end
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("the header is not one of tensors") from error
    if expected != len(content) - start:
        raise ValueError(f"there are {len(content) - start} bytes of numbers, not {expected}")
    tensors = [tensor for tensor, _, _ in entries]
    return TensorFile(metadata, tensors, split_numbers(content[start:], tensors))


def split_numbers(content: bytes, tensors: list[Slice]) -> list[np.ndarray]:
    """The numbers of each tensor, float32 in one row, from the bytes of all. Raises ValueError where they are more or fewer."""
    needed = _LITTLE.itemsize * sum(tensor.size for tensor in tensors)
    if len(content) != needed:
        raise ValueError(f"{len(content)} bytes for tensors of {needed}")
    numbers = np.frombuffer(content, _LITTLE).astype(np.float32)
    return np.split(numbers, np.cumsum([tensor.size for tensor in tensors])[:-1])
