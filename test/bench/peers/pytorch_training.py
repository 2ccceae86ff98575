"""Trains the benchmark's network: pytorch_training.py GRAPH BATCH SECONDS, GRAPH as canonical JSON."""

import json
import sys

import torch
from torch import nn
from training_clock import measure

graph_json, batch_text, seconds = sys.argv[1:]
graph, batch = json.loads(graph_json)["graph"], int(batch_text)
ACTIVATIONS = {"ACTIVATION_NONE": nn.Identity, "ACTIVATION_RELU6": nn.ReLU6}


def unit(inputs: int, outputs: int, kernel: int, stride: int, groups: int, activation: str) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), ACTIVATIONS[activation]()]


def build() -> nn.Sequential:
    modules: list[nn.Module] = []
    channels = graph["input"]["channels"]
    for layer in graph["layers"]:
        (kind, body), *_ = layer.items()
        if kind == "conv":
            modules += unit(channels, body["outChannels"], body["kernel"], body["stride"], 1, body["activation"])
            channels = body["outChannels"]
        elif kind == "mbconv":
            middle, outputs = body["midChannels"], body["outChannels"]
            modules += unit(channels, middle, 1, 1, 1, body["activation"])
            modules += unit(middle, middle, body["kernel"], body["stride"], middle, body["activation"])
            modules += unit(middle, outputs, 1, 1, 1, "ACTIVATION_NONE")
            channels = outputs
        elif kind == "globalPool":
            modules += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        elif kind == "dense":
            modules.append(nn.Linear(channels, body["units"]))
        else:
            raise ValueError(f"no {kind} here")
    return nn.Sequential(*modules)


side = graph["input"]
# The order of the dimensions in memory is that of the others, which is also the faster one on a CPU.
model = build().to(memory_format=torch.channels_last)
images = torch.randn(batch, side["channels"], side["height"], side["width"]).to(memory_format=torch.channels_last)
labels = torch.arange(batch) % 10
decaying = [parameter for parameter in model.parameters() if parameter.dim() > 1]
plain = [parameter for parameter in model.parameters() if parameter.dim() <= 1]
groups = [{"params": decaying, "weight_decay": 1e-4}, {"params": plain, "weight_decay": 0}]
optimizer = torch.optim.SGD(groups, lr=0.05, momentum=0.9)


def step() -> float:
    optimizer.zero_grad(set_to_none=True)
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


measure(step, batch, float(seconds))
