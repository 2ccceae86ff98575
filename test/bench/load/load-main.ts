import { LoadRecorder } from "./load-recorder.ts";
import type { LoadPlan } from "./load-plan.ts";
import { SimulatedWorker } from "./simulated-worker.ts";

/** How many workers connect at a time: a listening socket's queue is bounded. */
const connectAtOnce = 50;

/** The load generator's process: takes a plan from its parent, and answers with the report. */
process.once("message", (plan: LoadPlan) => {
  run(plan).then(
    (report) => process.send?.(report, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

// The benchmark was broken off.
process.once("disconnect", () => process.exit(1));

async function run(plan: LoadPlan) {
  const { address, workers, held, evaluationMs } = plan;
  const recorder = new LoadRecorder(plan);
  const fleet = Array.from({ length: workers }, (_, index) => {
    const config = {
      address,
      workerId: `w${index}`,
      held,
      evaluationMs: () => evaluationMs * (0.5 + Math.random()),
    };
    return new SimulatedWorker(config, recorder);
  });
  for (let start = 0; start < workers; start += connectAtOnce) {
    await Promise.all(fleet.slice(start, start + connectAtOnce).map((worker) => worker.register()));
  }
  for (const worker of fleet) worker.work();
  const report = await recorder.report;
  for (const worker of fleet) worker.close();
  return report;
}
