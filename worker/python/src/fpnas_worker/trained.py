"""Files of trained networks (docs/result.md, Trained weights), as worker/checkpoint/trained-file.ts and worker/evaluator/ make and read them."""

import json
from dataclasses import dataclass, fields

import numpy as np
from google.protobuf import json_format
from torch import nn

from fpnas.v1 import network_pb2

from .failure import EvaluationError
from .model import assemble, load, numbers_of, state
from .network import Conv, Dense, GlobalPool, Graph, Layer, MbConv, Shape, read_network
from .tensor_file import TensorFile, compact_json, decode_tensors, encode_tensors
from .tensors import trained_tensors

FORMAT = "fpnas-network-1"
"""Another format has another number."""
_MAX_BYTES = 256 * 2**20
"""Of the longest file that a coordinator takes."""
_OPERATIONS = {Conv: "conv", MbConv: "mbconv", GlobalPool: "globalPool", Dense: "dense"}


@dataclass(frozen=True)
class Trained:
    """A network with its trained weights."""

    graph: Graph
    dataset: str
    numbers: list[np.ndarray]
    """In the order of `trained_tensors`."""

    def model(self) -> nn.Module:
        """Built anew, to infer by the statistics that lie here."""
        model = assemble(self.graph)
        for tensor, numbers in zip(state(model), self.numbers, strict=True):
            load(tensor, numbers)
        return model.eval()


def canonical_json(graph: Graph) -> str:
    """The one text of a network with weights of its own (network/canonical.ts)."""
    return compact_json({"graph": {"input": _json_of(graph.input), "layers": [_json_of_layer(layer) for layer in graph.layers]}})


def check_size(model: nn.Module) -> None:
    """Raises EvaluationError INFEASIBLE where a model has more weights than can be kept: before it is trained for nothing."""
    numbers = sum(tensor.numel() for tensor in state(model))
    if 4 * numbers > _MAX_BYTES:
        detail = f"the network has {numbers} weights and statistics, and files of at most {_MAX_BYTES >> 20} MiB can be kept"
        raise EvaluationError("INFEASIBLE", detail)


def encode_trained(graph: Graph, dataset: str, model: nn.Module) -> bytes:
    """The file of a trained and calibrated model."""
    metadata = {"format": FORMAT, "network": canonical_json(graph), "dataset": dataset}
    return encode_tensors(TensorFile(metadata, trained_tensors(graph), [numbers_of(tensor) for tensor in state(model)]))


def decode_trained(content: bytes) -> Trained:
    """Raises ValueError where the file is damaged, of another format, or does not hold the tensors of its network."""
    file = decode_tensors(content)
    if file.metadata.get("format") != FORMAT:
        raise ValueError(f"its format is {file.metadata.get('format', 'not given')}, not {FORMAT}")
    try:
        value = json.loads(file.metadata.get("network", ""))
        graph = read_network(json_format.ParseDict(value, network_pb2.Network()))
    except (json_format.ParseError, EvaluationError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(graph, Graph):
        raise ValueError("its network is a row of a table")
    if file.tensors != trained_tensors(graph):
        raise ValueError("its tensors are others than those of its network")
    return Trained(graph, file.metadata.get("dataset", ""), file.numbers)


def _json_of_layer(layer: Layer) -> dict[str, object]:
    return {_OPERATIONS[type(layer)]: _json_of(layer)}


def _json_of(part: Layer | Shape) -> dict[str, object]:
    """Every field, in the order of network.proto, which is that of the class; no name of shared weights, as these are its own."""
    values = {field.name: getattr(part, field.name) for field in fields(part) if field.name != "shared_weights"}
    if "activation" in values:
        values["activation"] = f"ACTIVATION_{values['activation'].upper()}"
    return {_camel(name): value for name, value in values.items()}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
