"""Networks as they come over the wire, checked: the domain form of fpnas.v1.Network (network.proto documents each field)."""

from dataclasses import dataclass

from fpnas.v1 import network_pb2 as pb

from .failure import EvaluationError

_ACTIVATIONS = {
    pb.ACTIVATION_UNSPECIFIED: "none",
    pb.ACTIVATION_NONE: "none",
    pb.ACTIVATION_RELU: "relu",
    pb.ACTIVATION_RELU6: "relu6",
    pb.ACTIVATION_SWISH: "swish",
}


@dataclass(frozen=True)
class Conv:
    out_channels: int
    kernel: int
    stride: int
    batch_norm: bool
    activation: str
    shared_weights: str = ""
    """Under which name its weights are a slice of a supernet's; empty where none are shared."""


@dataclass(frozen=True)
class MbConv:
    mid_channels: int
    out_channels: int
    kernel: int
    stride: int
    se_channels: int
    activation: str
    shared_weights: str = ""


@dataclass(frozen=True)
class GlobalPool:
    pass


@dataclass(frozen=True)
class Dense:
    units: int
    bias: bool
    activation: str
    shared_weights: str = ""


Layer = Conv | MbConv | GlobalPool | Dense


@dataclass(frozen=True)
class Shape:
    """Of one example, or of a map between layers. A vector, which a map becomes by pooling, is a shape of one position."""

    height: int
    width: int
    channels: int


@dataclass(frozen=True)
class Graph:
    input: Shape
    layers: tuple[Layer, ...]

    @property
    def classes(self) -> int:
        last = self.layers[-1]
        return last.units if isinstance(last, Dense) else 0


@dataclass(frozen=True)
class TableRow:
    table_sha256: str
    arms: tuple[int, ...]


def read_network(message: pb.Network) -> Graph | TableRow:
    """Raises EvaluationError UNKNOWN_OPERATION for what this worker does not know, INFEASIBLE for what cannot exist."""
    kind = message.WhichOneof("kind")
    if kind == "table_row":
        return TableRow(message.table_row.table_sha256, tuple(message.table_row.arms))
    if kind != "graph":
        raise EvaluationError("UNKNOWN_OPERATION", "the network is of a kind that this worker does not know")
    graph = message.graph
    shape = Shape(graph.input.height, graph.input.width, graph.input.channels)
    for field in ("height", "width", "channels"):
        _at_least_1(getattr(shape, field), f"graph.input.{field}")
    layers = tuple(_read_layer(layer, f"graph.layers[{index}]") for index, layer in enumerate(graph.layers))
    _check_flow(layers)
    return Graph(shape, layers)


def _read_layer(layer: pb.Layer, path: str) -> Layer:
    op = layer.WhichOneof("op")
    shared = layer.shared_weights
    if op == "conv":
        conv = layer.conv
        _check(conv, path, "out_channels", "kernel", "stride")
        return Conv(conv.out_channels, conv.kernel, conv.stride, conv.batch_norm, _activation(conv.activation, path), shared)
    if op == "mbconv":
        block = layer.mbconv
        _check(block, path, "mid_channels", "out_channels", "kernel", "stride")
        shape = (block.mid_channels, block.out_channels, block.kernel, block.stride, block.se_channels)
        return MbConv(*shape, _activation(block.activation, path), shared)
    if op == "global_pool":
        return GlobalPool()
    if op == "dense":
        _check(layer.dense, path, "units")
        return Dense(layer.dense.units, layer.dense.bias, _activation(layer.dense.activation, path), shared)
    raise EvaluationError("UNKNOWN_OPERATION", f"{path} holds no operation that this worker knows")


def _check(message, path: str, *fields: str) -> None:
    for field in fields:
        _at_least_1(getattr(message, field), f"{path}.{field}")
    if "kernel" in fields and message.kernel % 2 == 0:
        raise EvaluationError("INFEASIBLE", f"{path}.kernel must be odd, not {message.kernel}")


def _at_least_1(value: int, path: str) -> None:
    if value < 1:
        raise EvaluationError("INFEASIBLE", f"{path} must be at least 1, not {value}")


def _activation(number: int, path: str) -> str:
    if number not in _ACTIVATIONS:
        raise EvaluationError("UNKNOWN_OPERATION", f"{path} has the activation {number}, which this worker does not know")
    return _ACTIVATIONS[number]


def _check_flow(layers: tuple[Layer, ...]) -> None:
    is_map = True
    for index, layer in enumerate(layers):
        if isinstance(layer, Dense) == is_map:
            needs = "vectors: a global_pool must stand before it" if is_map else "maps: no global_pool may stand before it"
            raise EvaluationError("INFEASIBLE", f"graph.layers[{index}] works on {needs}")
        is_map = is_map and not isinstance(layer, GlobalPool)
    if not layers or not isinstance(layers[-1], Dense):
        raise EvaluationError("INFEASIBLE", "graph.layers must end with a dense layer, one logit a class")
