import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { Backend } from "../backend.ts";
import { registerFusedKernels } from "./register-fused.ts";
import { registerConvKernels } from "./register-conv.ts";
import { registerDepthwiseKernels } from "./register-depthwise.ts";
import { throwWhenOutOfMemory, WasmHeap, type WasmBackend } from "./heap.ts";

/** Events on which tfjs's wasm module hangs handlers that throw, and so end the process, whatever the process's own handlers do. */
const seized = ["uncaughtException", "unhandledRejection"] as const;

/** Starts tfjs's wasm backend without letting it decide over the process's life. */
async function startQuietly(): Promise<boolean> {
  const before = seized.map((event) => new Set(process.rawListeners(event)));
  try {
    return await tf.setBackend("wasm");
  } finally {
    seized.forEach((event, index) => {
      for (const listener of process.rawListeners(event)) {
        if (before[index]?.has(listener) === false) process.removeListener(event, listener as () => void);
      }
    });
  }
}

/** Starts the module and installs our kernels on its heap. */
async function start(): Promise<WasmHeap> {
  // A directory's path, not a URL: the module then reads its binary from disk instead of fetching it.
  setWasmPaths(fileURLToPath(new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm"))));
  if (!(await startQuietly())) throw new Error("the wasm module did not start");
  const backend = tf.backend() as unknown as WasmBackend;
  throwWhenOutOfMemory(backend);
  const heap = new WasmHeap(backend);
  registerConvKernels(heap);
  registerDepthwiseKernels(heap);
  registerFusedKernels(heap);
  return heap;
}

/** Drops the module with its heap, which can only grow, and starts another. */
async function startAgain(broken: WasmHeap): Promise<WasmHeap> {
  // Its own way to end walks through data that may be in pieces; all of it goes with the heap anyway.
  broken.backend.dispose = () => undefined;
  const factory = tf.findBackendFactory("wasm");
  tf.removeBackend("wasm");
  tf.registerBackend("wasm", factory);
  return start();
}

let running: Promise<WasmHeap> | undefined;

/** tfjs on WebAssembly with SIMD, one thread, and our kernels where it lacks them or is slow: the backend that works everywhere. */
export async function loadWasm(): Promise<Backend> {
  running ??= start();
  let heap = await running;
  await tf.setBackend("wasm");
  return {
    name: "wasm",
    version: `tfjs ${tf.version_core}`,
    device: `CPU, one thread${tf.env().getBool("WASM_HAS_SIMD_SUPPORT") ? " with SIMD" : ""}`,
    memory: () => {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, tensorBytes: numBytes, heapBytes: heap.backend.wasm.HEAPU8.byteLength };
    },
    restart: async () => {
      running = startAgain(heap);
      heap = await running;
    },
  };
}
