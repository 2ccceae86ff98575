"""Names and shapes of a network's tensors, as network/shared-weights.ts and network/trained-tensors.ts give them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .cost import output_shape
from .failure import EvaluationError
from .network import Conv, Dense, GlobalPool, Graph, Layer, MbConv


@dataclass(frozen=True)
class Slice:
    """A tensor, or the slice of one that a network uses: the first so many places of each dimension. Row-major."""

    tensor: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        return math.prod(self.shape)


def shared_slices(graph: Graph) -> list[Slice]:
    """The slices of a supernet of which a network is made, in the order of its parameters.

    Raises EvaluationError INFEASIBLE where a layer with weights does not say which it shares, or two name the same.
    """
    slices: list[Slice] = []
    names = set()
    for index, (layer, channels) in enumerate(_layers(graph)):
        if isinstance(layer, GlobalPool):
            continue
        name = layer.shared_weights
        if not name or name in names:
            why = f"repeats {name}" if name else "is missing: the weights are to be shared"
            raise EvaluationError("INFEASIBLE", f"the network shares no weights: graph.layers[{index}].shared_weights {why}")
        names.add(name)
        slices += _tensors_of(name, layer, channels)
    return slices


def trained_tensors(graph: Graph) -> list[Slice]:
    """The tensors of a file of trained weights, in the order of `model.state`: after each normalization's scale and shift mean and variance."""
    tensors: list[Slice] = []
    for index, (layer, channels) in enumerate(_layers(graph)):
        for parameter in _tensors_of(str(index), layer, channels):
            tensors.append(parameter)
            norm, _, kind = parameter.tensor.rpartition("/")
            if kind == "shift":
                tensors += [Slice(f"{norm}/{name}", parameter.shape) for name in ("mean", "variance")]
    return tensors


def _layers(graph: Graph) -> Iterator[tuple[Layer, int]]:
    """Each layer with the channels that it gets."""
    shape = graph.input
    for layer in graph.layers:
        yield layer, shape.channels
        shape = output_shape(shape, layer)


def _tensors_of(name: str, layer: Layer, channels: int) -> list[Slice]:
    """In the order in which proto/fpnas/v1/weights.proto lists them."""
    if isinstance(layer, Conv):
        norm = _normalization(f"{name}/norm", layer.out_channels) if layer.batch_norm else []
        return [_convolution(f"{name}/conv{layer.kernel}", layer.kernel, channels, layer.out_channels), *norm]
    if isinstance(layer, MbConv):
        return _tensors_of_mbconv(name, layer, channels)
    if isinstance(layer, Dense):
        bias = [Slice(f"{name}/dense/bias", (layer.units,))] if layer.bias else []
        return [_convolution(f"{name}/dense", 1, channels, layer.units), *bias]
    return []


def _tensors_of_mbconv(name: str, layer: MbConv, channels: int) -> list[Slice]:
    mid, out, kernel, hidden = layer.mid_channels, layer.out_channels, layer.kernel, layer.se_channels
    tensors: list[Slice] = []
    if mid != channels:
        tensors += [_convolution(f"{name}/expand", 1, channels, mid), *_normalization(f"{name}/expand", mid)]
    tensors.append(Slice(f"{name}/depthwise{kernel}", (kernel, kernel, mid, 1)))
    tensors += _normalization(f"{name}/depthwise", mid)
    if hidden:
        tensors += [_convolution(f"{name}/squeeze", 1, mid, hidden), Slice(f"{name}/squeeze/bias", (hidden,))]
        tensors += [_convolution(f"{name}/excite", 1, hidden, mid), Slice(f"{name}/excite/bias", (mid,))]
    return [*tensors, _convolution(f"{name}/project", 1, mid, out), *_normalization(f"{name}/project", out)]


def _convolution(tensor: str, kernel: int, inputs: int, outputs: int) -> Slice:
    return Slice(tensor, (kernel, kernel, inputs, outputs))


def _normalization(name: str, channels: int) -> list[Slice]:
    return [Slice(f"{name}/scale", (channels,)), Slice(f"{name}/shift", (channels,))]
