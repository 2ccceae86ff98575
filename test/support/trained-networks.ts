import { trainedTensors } from "../../network/trained-tensors.ts";
import type { Graph } from "../../network/types.ts";
import type { TrainedNetwork } from "../../worker/checkpoint/trained-file.ts";
import { randomStream } from "../../network/random.ts";

/** A network with every weight and statistic made up: a function of the seed, from 0.5 to 1.5 for what a normalization divides by. */
export function madeUpNetwork(graph: Graph, dataset: string, seed: number): TrainedNetwork {
  const tensors = trainedTensors(graph).map(({ tensor, shape }) => {
    const random = randomStream(seed, tensor);
    const size = shape.reduce((product, side) => product * side, 1);
    const spread = shape.length === 1 ? 1 : Math.sqrt(6 / (size / (shape.at(-1) ?? 1)));
    const isPositive = /\/(variance|scale)$/.test(tensor);
    const values = Float32Array.from({ length: size }, () =>
      isPositive ? 0.5 + random() : spread * (2 * random() - 1),
    );
    return { name: tensor, shape, values };
  });
  return { graph, dataset, tensors };
}
