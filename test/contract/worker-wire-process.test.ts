import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describeWorkerWire } from "../support/worker-wire-suite.ts";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/**
 * The command of a worker in any language, to which the coordinator's HOST:PORT is added: FPNAS_WORKER_COMMAND, or else `fpnas worker`
 * as built. It ends on SIGTERM with 0, and with another code where it gives up.
 */
const command = process.env["FPNAS_WORKER_COMMAND"] ?? `"${process.execPath}" "${main}" worker --coordinator`;

describeWorkerWire("the command of a worker", (coordinator) => {
  const child = spawn(`exec ${command} ${coordinator}`, { shell: true, stdio: "ignore" });
  const exited = once(child, "exit") as Promise<[number | null]>;
  return {
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
    gaveUp: new Promise((resolve) => {
      void exited.then(([code]) => {
        if (code !== 0) resolve();
      });
    }),
  };
});
