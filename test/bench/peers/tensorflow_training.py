"""Trains the benchmark's network: tensorflow_training.py eager|function GRAPH BATCH SECONDS, GRAPH as canonical JSON."""

import json
import sys

import tensorflow as tf
from training_clock import measure

mode, graph_json, batch_text, seconds = sys.argv[1:]
graph, batch = json.loads(graph_json)["graph"], int(batch_text)
LEARNING_RATE, MOMENTUM, DECAY, EPSILON = 0.05, 0.9, 1e-4, 1e-5

parameters: list[tuple[tf.Variable, tf.Variable, bool]] = []


def parameter(value: tf.Tensor, decays: bool) -> tf.Variable:
    variable = tf.Variable(value)
    parameters.append((variable, tf.Variable(tf.zeros_like(value)), decays))
    return variable


def convolution(kernel: int, inputs: int, outputs: int, stride: int):
    depthwise = outputs == 0
    fan_in = kernel * kernel * (1 if depthwise else inputs)
    shape = [kernel, kernel, inputs, 1 if depthwise else outputs]
    weights = parameter(tf.random.normal(shape, stddev=(2 / fan_in) ** 0.5), True)
    pad = kernel // 2
    padding = "SAME" if stride == 1 else [[0, 0], [pad, pad], [pad, pad], [0, 0]]
    if not depthwise:
        return lambda x: tf.nn.conv2d(x, weights, stride, padding)
    strides = [1, stride, stride, 1]
    if stride == 1:
        return lambda x: tf.nn.depthwise_conv2d(x, weights, strides, "SAME")
    return lambda x: tf.nn.depthwise_conv2d(tf.pad(x, padding), weights, strides, "VALID")


def norm(channels: int, activation: str):
    scale = parameter(tf.ones([channels]), False)
    offset = parameter(tf.zeros([channels]), False)
    activate = {"ACTIVATION_NONE": tf.identity, "ACTIVATION_RELU6": tf.nn.relu6}[activation]
    return lambda x: activate(tf.compat.v1.nn.fused_batch_norm(x, scale, offset, epsilon=EPSILON)[0])


def build() -> list:
    blocks: list = []
    channels = graph["input"]["channels"]
    for layer in graph["layers"]:
        (kind, body), *_ = layer.items()
        if kind == "conv":
            outputs, kernel, stride = body["outChannels"], body["kernel"], body["stride"]
            blocks += [convolution(kernel, channels, outputs, stride), norm(outputs, body["activation"])]
            channels = outputs
        elif kind == "mbconv":
            middle, outputs = body["midChannels"], body["outChannels"]
            blocks += [convolution(1, channels, middle, 1), norm(middle, body["activation"])]
            blocks += [convolution(body["kernel"], middle, 0, body["stride"]), norm(middle, body["activation"])]
            blocks += [convolution(1, middle, outputs, 1), norm(outputs, "ACTIVATION_NONE")]
            channels = outputs
        elif kind == "globalPool":
            blocks.append(lambda x: tf.reduce_mean(x, [1, 2]))
        elif kind == "dense":
            weights = parameter(tf.random.normal([channels, body["units"]], stddev=channels**-0.5), True)
            offset = parameter(tf.zeros([body["units"]]), False)
            blocks.append(lambda x, weights=weights, offset=offset: tf.matmul(x, weights) + offset)
        else:
            raise ValueError(f"no {kind} here")
    return blocks


blocks = build()
side = graph["input"]
images = tf.random.normal([batch, side["height"], side["width"], side["channels"]])
labels = tf.constant([index % 10 for index in range(batch)])


def train() -> tf.Tensor:
    variables = [variable for variable, _, _ in parameters]
    with tf.GradientTape() as tape:
        x = images
        for block in blocks:
            x = block(x)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, x))
    for (variable, velocity, decays), gradient in zip(parameters, tape.gradient(loss, variables)):
        if decays:
            gradient = gradient + DECAY * variable
        # velocity' = momentum velocity + gradient; weights' = weights - rate velocity'.
        tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=velocity.handle,
            lr=LEARNING_RATE,
            grad=gradient,
            momentum=MOMENTUM,
        )
    return loss


run = tf.function(train) if mode == "function" else train
measure(lambda: float(run()), batch, float(seconds))
