import { parentPort, workerData } from "node:worker_threads";
import { defects } from "../defects/defect.ts";
import { plant } from "../defects/plant.ts";
import type { SeedOrder, ThreadData } from "./seed-pool.ts";

// What a defect changes must not be imported before it is planted.
const { defect: name, without } = workerData as ThreadData;
const defect = name === null ? undefined : defects[name];
if (defect !== undefined) plant(defect);
const { simulate } = await import("../simulate.ts");

const port = parentPort;
if (port === null) throw new Error("this is a thread of the simulator");
const left = new Set(without);
port.on("message", ({ from, to }: SeedOrder) => {
  const work = async (): Promise<void> => {
    for (let seed = from; seed < to; seed += 1) port.postMessage(await simulate(seed, { without: left, print: null }));
    port.postMessage("done");
  };
  void work();
});
port.postMessage("done");
