import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";

/**
 * A compute program in WGSL whose tensors hold floats. Its code defines `main` and sees tfjs's surroundings: `result` and each input by its
 * name as arrays, numbers as `uniforms.NAME`, and `localId`, `localIndex`, `globalId`, `workgroupId` and `numWorkgroups`.
 */
export interface Program {
  /** Stands for the code: programs of one name have the same. */
  readonly name: string;
  /** At most 7: WebGPU promises 8 arrays to a program. */
  readonly inputs: readonly string[];
  readonly uniforms: Readonly<Record<string, "i32" | "f32">>;
  readonly code: string;
  /** Invocations of a workgroup. Where there is none, `main(index)` runs once for each number of the result, and for some beyond the last. */
  readonly workgroup?: readonly [number, number, number];
}

/** What a program is run on, its inputs and numbers by their names in it. */
export interface Run {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly uniforms: Readonly<Record<string, number>>;
  readonly outputShape: readonly number[];
  /** How many workgroups; only for programs that have some. */
  readonly workgroups?: readonly [number, number, number];
}

const flatWorkgroup = 256;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** As one axis: tfjs compiles a program anew for inputs and results of other ranks or with other sides in common, which are all one to ours. */
const flat = (tensor: TensorInfo): TensorInfo => ({ ...tensor, shape: [sizeOf(tensor.shape)] });

/** Queues a program; its result can be the input of others at once. */
export function runProgram(backend: WebGPUBackend, program: Program, run: Run): TensorInfo {
  const { name, inputs, uniforms, code, workgroup } = program;
  const isFlat = workgroup === undefined;
  const types = Object.entries(uniforms);
  const output = backend.makeTensorInfo([...run.outputShape], "float32");
  const size = sizeOf(run.outputShape);
  const forTfjs: WebGPUProgram = {
    variableNames: [...inputs],
    uniforms: types.map(([uniform, type]) => `${uniform} : ${type}, `).join(""),
    shaderKey: `fpnas_${name}`,
    // Any second axis makes tfjs call main() without an index.
    dispatchLayout: isFlat ? { x: [0] } : { x: [0], y: [1] },
    dispatch: isFlat ? [Math.ceil(size / flatWorkgroup), 1, 1] : [...(run.workgroups ?? [1, 1, 1])],
    workgroupSize: isFlat ? [flatWorkgroup, 1, 1] : [...workgroup],
    outputShape: [size],
    size: isFlat,
    getUserCode: () => code,
  };
  backend.runWebGPUProgram(
    forTfjs,
    inputs.map((input) => flat(named(run.inputs, input))),
    "float32",
    types.map(([uniform, type]) => ({
      type: type === "i32" ? "int32" : "float32",
      data: [named(run.uniforms, uniform)],
    })),
    flat(output),
  );
  return output;
}

function named<Value>(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = values[name];
  if (value === undefined) throw new Error(`a program was not given its ${name}`);
  return value;
}

/** The code of a program that gives each number of its result as an expression of its `index`. */
export const eachNumber = (expression: string): string => `
fn main(index : i32) {
  if (index < uniforms.size) { result[index] = ${expression}; }
}`;
