/**
 * A worker process as `fpnas worker` runs it, but for its evaluator: `node misbehaving-worker.js HOST:PORT hang` never ends an
 * evaluation, whatever it is told; with `die FILE` the first network that any worker evaluates kills each that does, and FILE says
 * which one that is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pino } from "pino";
import { exitAtOnceWith } from "../../cli/command.ts";
import { runWorker } from "../../cli/run-worker.ts";
import { networkHash } from "../../network/canonical.ts";
import type { Evaluator } from "../../worker/evaluator/evaluator.ts";

const [coordinator = "", behaviour, file = ""] = process.argv.slice(2);

const hang: Evaluator = {
  name: "train",
  evaluate: () => new Promise(() => setInterval(() => undefined, 1_000)),
};

const die: Evaluator = {
  name: "train",
  evaluate: async (network) => {
    const hash = networkHash(network);
    try {
      writeFileSync(file, hash, { flag: "wx" });
    } catch {
      // Another worker was the first.
    }
    if (readFileSync(file, "utf8") === hash) {
      process.kill(process.pid, "SIGKILL");
      await new Promise(() => undefined);
    }
    return { accuracy: 0.5, steps: 5, extra: {} };
  },
};

await exitAtOnceWith(runWorker)({
  coordinator,
  evaluators: [behaviour === "die" ? die : hang],
  logger: pino({ level: "silent" }),
});
