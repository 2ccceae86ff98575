import type { BackendName } from "../../worker/backend/backend.ts";
import type { ProbeResults } from "../../worker/backend/rank-backends.ts";
import type { Installation } from "../../worker/tensorflow/installation.ts";
import type { Machine } from "./machine.ts";

/** The oldest GPUs that the wheels of TensorFlow have code for. */
const oldestCapability = 6;

/** What to do to train faster on this machine, a sentence each. */
export function adviceFor(
  results: ProbeResults,
  taken: BackendName | null,
  machine: Machine,
  installation: Installation | null,
): readonly string[] {
  const found = new Map(results);
  const tensorflow = found.get("tensorflow");
  const usesGpu = results.some(
    ([, result]) => result.type === "works" && /gpu|nvidia|cuda/i.test(result.figures.device),
  );
  const canInstall = machine.platform === "linux x64" || machine.platform === "linux arm64";
  const advice: string[] = [];
  const gpu = machine.gpus.find(({ capability }) => capability >= oldestCapability);
  if (gpu !== undefined && !usesGpu && installation?.variant !== "gpu") {
    advice.push(`There is a GPU, ${gpu.name}, that no backend uses: fpnas worker install-tensorflow --gpu`);
  } else if (gpu !== undefined && !usesGpu) {
    advice.push(`TensorFlow does not find the GPU, ${gpu.name}: see "GPUs" in docs/training.md`);
  }
  if (tensorflow?.type === "fails" && installation === null && canInstall) {
    advice.push("Native TensorFlow is missing, which may be faster here: fpnas worker install-tensorflow");
  } else if (tensorflow?.type === "fails" && installation !== null) {
    advice.push(`The TensorFlow in ${installation.folder} does not work: remove the folder and install it again`);
  }
  if (taken === "wasm" && machine.cores > 1) {
    advice.push(
      `wasm uses one core a worker: fpnas worker --concurrency ${machine.cores}, or fpnas run --workers ${machine.cores}`,
    );
  }
  const wasm = found.get("wasm");
  if (wasm?.type === "works" && !wasm.figures.device.includes("SIMD")) {
    advice.push("wasm runs without SIMD, several times slower: use Node 20 on x64 or arm64");
  }
  const worker = taken === null ? undefined : found.get(taken);
  const peakBytes = worker?.type === "works" ? worker.figures.peakBytes : 0;
  if (peakBytes * machine.cores > machine.memoryBytes) {
    advice.push(
      `A worker for each core needs more memory than there is: --concurrency ${Math.floor(machine.memoryBytes / peakBytes)} at most`,
    );
  }
  return advice;
}
