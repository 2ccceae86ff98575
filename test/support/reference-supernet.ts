import * as tf from "@tensorflow/tfjs-core";
// What automatic differentiation needs, and our own training does without.
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import type { Activation, Graph, Layer } from "../../network/types.ts";
import type { Tensors } from "./supernet-weights.ts";

function activate(kind: Activation, x: tf.Tensor4D): tf.Tensor4D {
  switch (kind) {
    case "none":
      return x;
    case "relu":
      return tf.relu(x);
    case "relu6":
      return tf.minimum(tf.relu(x), 6);
    case "swish":
      return tf.mul(x, tf.sigmoid(x));
  }
}

const pad = (x: tf.Tensor4D, kernel: number): tf.Tensor4D => {
  const side = Math.floor(kernel / 2);
  return tf.pad(x, [
    [0, 0],
    [side, side],
    [side, side],
    [0, 0],
  ]);
};

/**
 * Networks of a supernet written plainly over its whole tensors, of which each operation slices what it needs, with tfjs's own automatic
 * differentiation: what the workers' hand-written passes over separate slices are held against.
 */
export class ReferenceSupernet {
  readonly #variables: ReadonlyMap<string, tf.Variable>;

  constructor(tensors: Tensors) {
    this.#variables = new Map(
      [...tensors].map(([name, { shape, values }]) => {
        const initial = tf.tensor(values, [...shape]);
        const variable = tf.variable(initial);
        initial.dispose();
        return [name, variable];
      }),
    );
  }

  /** Logits, and the gradient of the mean cross-entropy to every whole tensor: zero where the network has no part in it. */
  run(graph: Graph, images: tf.Tensor4D, labels: tf.Tensor1D) {
    const logits = this.logits(graph, images);
    const variables = [...this.#variables.values()];
    const { value, grads } = tf.variableGrads(() => {
      const rows = this.#logits(graph, images);
      const target = tf.cast(tf.oneHot(labels, rows.shape[1]), "float32");
      // Whatever has no part is in it all the same, so that its gradient is told.
      const nothing = variables.reduce<tf.Scalar>(
        (sum, variable) => tf.add(sum, tf.mul(0, tf.sum(variable))),
        tf.scalar(0),
      );
      return tf.add(nothing, tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(rows)), 1))));
    }, variables);
    const gradients = new Map(
      [...this.#variables].map(([name, variable]) => [name, Array.from(grads[variable.name]!.dataSync())]),
    );
    tf.dispose([value, grads]);
    return { logits, gradients };
  }

  /** Logits alone, [batch, classes] row-major. */
  logits(graph: Graph, images: tf.Tensor4D): number[] {
    const rows = tf.tidy(() => this.#logits(graph, images));
    const values = [...rows.dataSync()];
    rows.dispose();
    return values;
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
  }

  #slice<R extends tf.Rank>(name: string, shape: readonly number[]): tf.Tensor<R> {
    const whole = this.#variables.get(name)!;
    const begin = shape.map(() => 0);
    return tf.slice<R, tf.Tensor<R>>(whole as unknown as tf.Tensor<R>, begin, [...shape]);
  }

  #conv(x: tf.Tensor4D, name: string, kernel: number, channels: number, stride: number): tf.Tensor4D {
    const filter = this.#slice<tf.Rank.R4>(name, [kernel, kernel, x.shape[3], channels]);
    return tf.conv2d(pad(x, kernel), filter, stride, "valid");
  }

  #norm(x: tf.Tensor4D, name: string): tf.Tensor4D {
    const channels = [x.shape[3]];
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const scaled = tf.mul(
      tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))),
      this.#slice(`${name}/scale`, channels),
    );
    return tf.add(scaled, this.#slice(`${name}/shift`, channels));
  }

  #layer(layer: Layer, x: tf.Tensor4D): tf.Tensor4D {
    if (layer.type === "globalPool") return tf.mean(x, [1, 2], true);
    const name = layer.sharedWeights!;
    if (layer.type === "conv") {
      const y = this.#conv(x, `${name}/conv${layer.kernel}`, layer.kernel, layer.outChannels, layer.stride);
      return activate(layer.activation, layer.batchNorm ? this.#norm(y, `${name}/norm`) : y);
    }
    if (layer.type === "dense") {
      const y = this.#conv(x, `${name}/dense`, 1, layer.units, 1);
      return activate(layer.activation, layer.bias ? tf.add(y, this.#slice(`${name}/dense/bias`, [layer.units])) : y);
    }
    const { midChannels: mid, outChannels, kernel, stride, seChannels: se, activation } = layer;
    let y = x;
    if (mid !== x.shape[3])
      y = activate(activation, this.#norm(this.#conv(x, `${name}/expand`, 1, mid, 1), `${name}/expand`));
    const depthwise = this.#slice<tf.Rank.R4>(`${name}/depthwise${kernel}`, [kernel, kernel, mid, 1]);
    y = tf.depthwiseConv2d(pad(y, kernel), depthwise, stride, "valid");
    y = activate(activation, this.#norm(y, `${name}/depthwise`));
    if (se > 0) {
      const squeezed = this.#conv(tf.mean(y, [1, 2], true), `${name}/squeeze`, 1, se, 1);
      const hidden = tf.relu(tf.add<tf.Tensor4D>(squeezed, this.#slice(`${name}/squeeze/bias`, [se])));
      const gate = tf.add<tf.Tensor4D>(
        this.#conv(hidden, `${name}/excite`, 1, mid, 1),
        this.#slice(`${name}/excite/bias`, [mid]),
      );
      y = tf.mul(y, tf.sigmoid(gate));
    }
    y = this.#norm(this.#conv(y, `${name}/project`, 1, outChannels, 1), `${name}/project`);
    return stride === 1 && x.shape[3] === outChannels ? tf.add(x, y) : y;
  }

  #logits(graph: Graph, images: tf.Tensor4D): tf.Tensor2D {
    const last = graph.layers.reduce<tf.Tensor4D>((x, layer) => this.#layer(layer, x), images);
    return tf.reshape(last, [last.shape[0], last.shape[3]]);
  }
}
