import { trainingBatches } from "../../../worker/data/batches.ts";
import { loadDataset } from "../../../worker/data/load-dataset.ts";

const seconds = 2;

/** Images a second that the input pipeline alone delivers as batches of Fashion-MNIST, reshuffling of the epochs included. */
export async function pipelineRate(batch: number): Promise<number> {
  const dataset = await loadDataset("fashion-mnist");
  const startMs = performance.now();
  let images = 0;
  for (const { count } of trainingBatches(dataset, dataset.train, batch, 1, 0)) {
    images += count;
    const tookMs = performance.now() - startMs;
    if (tookMs > seconds * 1000) return (images * 1000) / tookMs;
  }
  return NaN;
}
