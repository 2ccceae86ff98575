"""Networks as PyTorch modules: the same operations, weights and statistics as worker/model/."""

import math

import numpy as np
import torch
from torch import nn

from .network import Conv, Dense, GlobalPool, Graph, Layer, MbConv
from .randomness import Stream

_ACTIVATIONS = {"none": nn.Identity, "relu": nn.ReLU, "relu6": nn.ReLU6, "swish": nn.SiLU}


class BatchNorm(nn.BatchNorm2d):
    """Batch normalization that gathers its statistics for inference after training alone, in `calibrate`.

    They are the mean over some batches with the final weights (arXiv 2105.07576, section 3), and of the variance as normalization itself
    uses it, which divides by the number of values: PyTorch's own running variance divides by one less.
    """

    def __init__(self, channels: int):
        super().__init__(channels, eps=1e-5, track_running_stats=False)
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("variance", torch.ones(channels))
        self.batches = 0
        self.calibrating = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return nn.functional.batch_norm(x, self.mean, self.variance, self.weight, self.bias, False, 0.0, self.eps)
        if self.calibrating:
            variance, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0)
            self.batches += 1
            self.mean += (mean - self.mean) / self.batches
            self.variance += (variance - self.variance) / self.batches
        return super().forward(x)


class Gate(nn.Module):
    """Squeeze-and-excitation (arXiv 1709.01507): x times the sigmoid of two linear layers over its mean."""

    def __init__(self, channels: int, hidden: int):
        super().__init__()
        self.logits = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, hidden, 1),
            nn.ReLU(),
            nn.Conv2d(hidden, channels, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(self.logits(x))


class Residual(nn.Module):
    """x + block(x), for a block that keeps the shape."""

    def __init__(self, block: nn.Module):
        super().__init__()
        self.block = block

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.block(x)


def assemble(graph: Graph) -> nn.Sequential:
    """Builds a network whose weights are yet to be given. Takes [n, channels, height, width], gives [n, classes]."""
    model = nn.Sequential()
    channels = graph.input.channels
    for layer in graph.layers:
        module, channels = _build_layer(layer, channels)
        model.append(module)
    return model.append(nn.Flatten())


def build_model(graph: Graph, seed: int) -> nn.Sequential:
    """As `assemble`, with fresh weights, bit for bit those of the TypeScript worker."""
    model = assemble(graph)
    for index in range(len(graph.layers)):
        _draw_weights(model[index], Stream(seed, f"weights/{index}"))
    return model


def calibrate(model: nn.Module, batches) -> None:
    """Gathers the statistics for inference from some batches, with the weights as they are."""
    norms = [module for module in model.modules() if isinstance(module, BatchNorm)]
    for norm in norms:
        norm.calibrating = True
    model.train()
    with torch.no_grad():
        for images in batches:
            model(images)
    for norm in norms:
        norm.calibrating = False


def parameters(model: nn.Module) -> list[nn.Parameter]:
    """Every parameter in the order of the TypeScript worker: the order in which they are applied."""
    return [parameter for module in model.modules() for parameter in module.parameters(recurse=False)]


def decays(parameter: nn.Parameter) -> bool:
    """Whether weight decay pulls it to zero: convolution and dense weights, but no bias, scale or shift."""
    return parameter.dim() > 1


def _build_layer(layer: Layer, channels: int) -> tuple[nn.Module, int]:
    if isinstance(layer, Conv):
        convolution = _convolution(channels, layer.out_channels, layer.kernel, layer.stride)
        norm = [BatchNorm(layer.out_channels)] if layer.batch_norm else []
        return nn.Sequential(convolution, *norm, _ACTIVATIONS[layer.activation]()), layer.out_channels
    if isinstance(layer, MbConv):
        return _build_mbconv(layer, channels), layer.out_channels
    if isinstance(layer, GlobalPool):
        return nn.AdaptiveAvgPool2d(1), channels
    linear = nn.Conv2d(channels, layer.units, 1, bias=layer.bias)
    return nn.Sequential(linear, _ACTIVATIONS[layer.activation]()), layer.units


def _build_mbconv(layer: MbConv, channels: int) -> nn.Module:
    mid, out = layer.mid_channels, layer.out_channels
    activation = _ACTIVATIONS[layer.activation]
    block = nn.Sequential()
    if mid != channels:
        block.extend([_convolution(channels, mid, 1, 1), BatchNorm(mid), activation()])
    block.extend([_convolution(mid, mid, layer.kernel, layer.stride, groups=mid), BatchNorm(mid), activation()])
    if layer.se_channels:
        block.append(Gate(mid, layer.se_channels))
    block.extend([_convolution(mid, out, 1, 1), BatchNorm(out)])
    return Residual(block) if layer.stride == 1 and channels == out else block


def _convolution(inputs: int, outputs: int, kernel: int, stride: int, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)


def _draw_weights(module: nn.Module, stream: Stream) -> None:
    """Weights: normal with deviation sqrt(2 / inputs a number of the output sees) (arXiv 1502.01852, eq. 10). Biases: zero."""
    for part in module.modules():
        if not isinstance(part, nn.Conv2d):
            continue
        outputs, inputs, height, width = part.weight.shape
        fan_in = inputs * height * width
        numbers = stream.normal(part.weight.numel(), math.sqrt(2 / fan_in))
        with torch.no_grad():
            load(part.weight, numbers)
            if part.bias is not None:
                part.bias.zero_()


def state(model: nn.Module) -> list[torch.Tensor]:
    """Parameters and, after each normalization's own, its statistics: what a trained network consists of, in the order of its file."""
    return [
        tensor
        for module in model.modules()
        for tensor in (*module.parameters(recurse=False), *module.buffers(recurse=False))
    ]


def load(tensor: torch.Tensor, numbers: np.ndarray) -> None:
    """Gives a parameter or statistic its numbers, which lie in TensorFlow's order: [h, w, in, out], of a depthwise filter [h, w, channels, 1]."""
    values = torch.from_numpy(numbers)
    if tensor.dim() == 4:
        # A depthwise filter is [channels, 1, h, w] here: one axis of the two has one place, and the order of the numbers is the same.
        outputs, inputs, height, width = tensor.shape
        values = values.reshape(height, width, inputs, outputs).permute(3, 2, 0, 1)
    with torch.no_grad():
        tensor.copy_(values)


def numbers_of(tensor: torch.Tensor) -> np.ndarray:
    """The numbers of a parameter or statistic as `load` takes them: float32, in one row."""
    values = tensor.detach()
    if values.dim() == 4:
        values = values.permute(2, 3, 1, 0)
    return values.reshape(-1).cpu().numpy().copy()
