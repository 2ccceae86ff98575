import type { BackendValues, KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";
import { encodeModule, type FunctionBuilder } from "./assembler.ts";

/** The part of WebAssembly's interface that we use; Node's types leave it to the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** What tfjs's wasm backend has beyond its public types: its module's heap and where each tensor lies on it. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: {
    _malloc(bytes: number): number;
    _free(address: number): void;
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    readonly asm: { readonly memory: object };
  };
  getMemoryOffset(dataId: object): number;
  makeOutput(shape: readonly number[], dtype: "float32", memoryOffset?: number, values?: BackendValues): TensorInfo;
}

/** A kernel of ours: addresses, counts and flags in, results on the heap. */
export type WasmFunction = (...values: readonly number[]) => void;

/** The backend's own memory, on which our kernels work in place: tensors are never copied between tfjs and them. */
export class WasmHeap {
  readonly backend: WasmBackend;

  constructor(backend: WasmBackend) {
    this.backend = backend;
  }

  /** Byte address of a tensor. */
  address(tensor: TensorInfo): number {
    return this.backend.getMemoryOffset(tensor.dataId);
  }

  /** A view of a tensor; stale as soon as anything is allocated, since the heap may then have moved. */
  floats(tensor: TensorInfo): Float32Array<ArrayBuffer> {
    const size = tensor.shape.reduce((product, side) => product * side, 1);
    return new Float32Array(this.backend.wasm.HEAPU8.buffer, this.address(tensor), size);
  }

  /** A new tensor whose numbers are whatever the memory held. */
  allocate(shape: readonly number[]): TensorInfo {
    return this.backend.makeOutput(shape, "float32");
  }

  /** A new tensor of zeros. */
  allocateZeros(shape: readonly number[]): TensorInfo {
    const tensor = this.allocate(shape);
    this.floats(tensor).fill(0);
    return tensor;
  }

  free(...tensors: readonly TensorInfo[]): void {
    for (const { dataId } of tensors) this.backend.disposeData(dataId);
  }

  /** Compiles functions against this memory. */
  instantiate<Name extends string>(
    functions: Readonly<Record<Name, FunctionBuilder>>,
  ): Readonly<Record<Name, WasmFunction>> {
    const module = new WebAssembly.Module(encodeModule(functions));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.backend.wasm.asm.memory } });
    return exports as Record<Name, WasmFunction>;
  }
}

/** Largest tensor: tfjs's kernels count bytes in signed 32-bit integers, and go astray in anything larger. */
const largestTensorBytes = 2 ** 31 - 1;

/**
 * Makes an allocation that fails throw. tfjs does not look at what malloc returns: it would take address 0 for a tensor's place and write
 * over the module's own data. With this, nothing has been touched when the error is thrown, and freed memory serves the next trial.
 */
export function throwWhenOutOfMemory(backend: WasmBackend): void {
  // The module's first call of its malloc puts another function in its place; ours must come after that.
  backend.wasm._free(backend.wasm._malloc(1));
  const allocate = backend.wasm._malloc.bind(backend.wasm);
  backend.wasm._malloc = (bytes) => {
    const address = bytes <= largestTensorBytes ? allocate(bytes) : 0;
    if (address === 0 && bytes > 0) {
      const heldMib = Math.round(backend.wasm.HEAPU8.byteLength / 2 ** 20);
      throw new RangeError(
        `out of memory: no ${bytes} bytes on the wasm heap, which has grown to ${heldMib} MiB of 4096`,
      );
    }
    return address;
  };
}
