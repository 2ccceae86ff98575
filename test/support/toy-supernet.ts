import { layerTensors, sharedSlices } from "../../network/shared-weights.ts";
import type { Graph } from "../../network/types.ts";
import { namedStream } from "../../coordinator/search/rng.ts";
import type { Space } from "../../coordinator/search/space/space.ts";

const inputs = 4;
const classes = 3;
const widths = [2, 3, 5];
const activations = ["none", "relu"] as const;

/** Two dense layers, the first of a width and an activation to choose: a supernet whose gradients fit on a page. */
export const toySpace: Space = {
  name: "toy",
  choices: [
    { name: "width", arms: widths.map(String), block: "hidden" },
    { name: "activation", arms: activations, block: "hidden" },
  ],
  decode: (arms) => toyGraph(arms, false),
  cost: ([width = 0]) => ({ macs: widths[width]! * (inputs + classes), params: widths[width]! }),
  knows: () => true,
  largest: () => [2, 0],
  supernet: () => ({ decode: (arms) => toyGraph(arms, true), tensors: tensorsOf(toyGraph([2, 0], true)) }),
};

function toyGraph([width = 0, activation = 0]: readonly number[], isShared: boolean): Graph {
  const named = (sharedWeights: string) => (isShared ? { sharedWeights } : {});
  const hidden = { type: "dense", units: widths[width]!, bias: true, activation: activations[activation]! } as const;
  const output = { type: "dense", units: classes, bias: true, activation: "none" } as const;
  return {
    type: "graph",
    input: { height: 1, width: 1, channels: inputs },
    layers: [{ type: "globalPool" }, { ...hidden, ...named("hidden") }, { ...output, ...named("output") }],
  };
}

function tensorsOf({ layers }: Graph) {
  let channels = inputs;
  return layers.flatMap((layer) => {
    if (layer.type !== "dense") return [];
    const tensors = layerTensors(layer.sharedWeights ?? "", layer, channels);
    channels = layer.units;
    return tensors;
  });
}

/** Shapes of the weights of a sample, in the order of its slices: [4, h], [h], [h, 3], [3], the first two sides of kernels left out. */
export function toySlices(arms: readonly number[]) {
  return sharedSlices(toyGraph(arms, true));
}

/** One example: its numbers and its class. */
export interface ToyExample {
  readonly x: readonly number[];
  readonly y: number;
}

/** A batch by name: points whose class depends on where they lie. */
export function toyBatch(name: string, examples: number): readonly ToyExample[] {
  const stream = namedStream(1, name);
  return Array.from({ length: examples }, () => {
    const x = Array.from({ length: inputs }, () => 2 * stream.uniform() - 1);
    const y = x[0]! * x[1]! > 0.1 ? 0 : x[2]! > 0 ? 1 : 2;
    return { x, y };
  });
}

/** Mean cross-entropy of a batch, and its gradient by each weight. `weights` as `toySlices` lists them, row-major. */
export function toyLoss(
  [, activation = 0]: readonly number[],
  [w1 = [], b1 = [], w2 = [], b2 = []]: readonly ArrayLike<number>[],
  batch: readonly ToyExample[],
): { readonly loss: number; readonly gradient: readonly number[][] } {
  const hidden = b1.length;
  const gradient = [w1, b1, w2, b2].map((part) => new Array<number>(part.length).fill(0));
  const [dw1, db1, dw2, db2] = gradient as [number[], number[], number[], number[]];
  let loss = 0;
  for (const { x, y } of batch) {
    const z = Array.from({ length: hidden }, (_, h) => x.reduce((sum, v, i) => sum + v * w1[i * hidden + h]!, b1[h]!));
    const a = z.map((v) => (activations[activation] === "relu" ? Math.max(0, v) : v));
    const logits = Array.from({ length: classes }, (_, c) =>
      a.reduce((sum, v, h) => sum + v * w2[h * classes + c]!, b2[c]!),
    );
    const total = logits.reduce((sum, v) => sum + Math.exp(v), 0);
    loss += (Math.log(total) - logits[y]!) / batch.length;
    const d = logits.map((v, c) => (Math.exp(v) / total - (c === y ? 1 : 0)) / batch.length);
    for (let h = 0; h < hidden; h++) {
      let back = 0;
      for (let c = 0; c < classes; c++) {
        dw2[h * classes + c]! += a[h]! * d[c]!;
        back += w2[h * classes + c]! * d[c]!;
      }
      if (activations[activation] === "relu" && z[h]! <= 0) back = 0;
      db1[h]! += back;
      x.forEach((v, i) => (dw1[i * hidden + h]! += v * back));
    }
    d.forEach((v, c) => (db2[c]! += v));
  }
  return { loss, gradient };
}
