"""Analytic cost of networks, equal to network/cost.ts: golden files hold both to it."""

from .network import Conv, Dense, GlobalPool, Graph, Layer, MbConv, Shape


def output_shape(shape: Shape, layer: Layer) -> Shape:
    """What a layer makes of its input: a side of n becomes ceil(n / stride), whatever the kernel."""
    if isinstance(layer, Dense):
        return Shape(1, 1, layer.units)
    if isinstance(layer, GlobalPool):
        return Shape(1, 1, shape.channels)
    return Shape(-(-shape.height // layer.stride), -(-shape.width // layer.stride), layer.out_channels)


def network_cost(graph: Graph) -> tuple[int, int]:
    """MACs and params of a graph."""
    macs = params = 0
    shape = graph.input
    for layer in graph.layers:
        output = output_shape(shape, layer)
        layer_macs, layer_params = _layer_cost(layer, shape, output)
        macs += layer_macs
        params += layer_params
        shape = output
    return macs, params


def _layer_cost(layer: Layer, shape: Shape, output: Shape) -> tuple[int, int]:
    positions = output.height * output.width
    if isinstance(layer, Conv):
        weights = layer.kernel**2 * shape.channels * layer.out_channels
        return positions * weights, weights + (2 * layer.out_channels if layer.batch_norm else 0)
    if isinstance(layer, MbConv):
        mid, out = layer.mid_channels, layer.out_channels
        expansion = 0 if mid == shape.channels else shape.channels * mid
        depthwise, projection, gate = layer.kernel**2 * mid, mid * out, 2 * mid * layer.se_channels
        macs = shape.height * shape.width * expansion + positions * (depthwise + projection) + gate
        norms = 2 * (mid if expansion else 0) + 2 * mid + 2 * out
        biases = mid + layer.se_channels if layer.se_channels else 0
        return macs, expansion + depthwise + projection + gate + norms + biases
    if isinstance(layer, Dense):
        weights = shape.channels * layer.units
        return weights, weights + (layer.units if layer.bias else 0)
    return 0, 0
