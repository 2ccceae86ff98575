import { TrainingWorker } from "../support/training-worker-process.ts";
import { describeWorkerCheckpoints } from "../support/worker-checkpoint-suite.ts";

describeWorkerCheckpoints("the worker of this repository", (coordinator) => {
  const worker = new TrainingWorker(coordinator, "worker-1.test");
  return {
    async stop() {
      worker.kill("SIGTERM");
      await worker.ended;
    },
    gaveUp: worker.ended.then(() => undefined),
  };
});
