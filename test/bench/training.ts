import { networkCost } from "../../network/cost.ts";
import { backendNames, type BackendName } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { smallMobileNet } from "../support/training-networks.ts";
import { trainingRate } from "../support/training-rate.ts";

const batch = 64;
/** Long enough for a steady median. The cpu backend takes longer for a single step. */
const seconds = 5;

/** Whether the backend loads here. */
async function isPresent(name: BackendName): Promise<boolean> {
  return selectBackend(name).then(
    () => true,
    () => false,
  );
}

/**
 * Training speed of every backend present on the two-block MobileNet (stem of 16, expansion 6 to 24 and 40 channels, 28x28x1, momentum),
 * in images a second and relative to tfjs's cpu backend in the same run.
 */
export async function benchTraining(print: (line: string) => void): Promise<void> {
  for (const stemStride of [1, 2]) {
    const graph = smallMobileNet(stemStride);
    const { macs, params } = networkCost(graph);
    print(`stem stride ${stemStride}: ${macs} MACs, ${params} params, batch ${batch}`);
    const rates = new Map<BackendName, number>();
    for (const name of backendNames) {
      if (!(await isPresent(name))) continue;
      const { imagesPerSecond, steps, heapMib } = await trainingRate(name, graph, batch, seconds);
      rates.set(name, imagesPerSecond);
      const heap = heapMib === 0 ? "" : `, heap ${heapMib} MiB`;
      print(
        `  ${name.padEnd(10)} ${imagesPerSecond.toFixed(1).padStart(8)} img/s (median of ${steps} ${steps === 1 ? "step" : "steps"}${heap})`,
      );
    }
    const cpu = rates.get("cpu") ?? NaN;
    for (const [name, rate] of rates) if (name !== "cpu") print(`  ${name} : cpu = ${(rate / cpu).toFixed(1)}`);
  }
}
