import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";

/** What we use of tfjs's TensorFlow backend: any of TensorFlow's own operations can be run by its name. */
export interface TensorflowBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
  };
  executeMultipleOutputs(
    name: string,
    attributes: readonly object[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
  /** Lets one result stand for two tensors. */
  incRef(dataId: object): void;
}

/** An attribute of an operation: a type, or a value whose kind tells its type. */
export type Attribute =
  | { readonly type: "float32" | "int32" }
  | { readonly float: number }
  | { readonly int: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly ints: readonly number[] };

/** Runs operations of TensorFlow's as its documentation names them, on tensors of tfjs. */
export class Operations {
  readonly #backend: TensorflowBackend;

  constructor(backend: TensorflowBackend) {
    this.#backend = backend;
  }

  /** Runs an operation and returns all its results, which belong to the caller. Throws Error with TensorFlow's reason. */
  run(
    name: string,
    inputs: readonly TensorInfo[],
    attributes: Readonly<Record<string, Attribute>>,
    results = 1,
  ): Tensor[] {
    const given = Object.entries(attributes).map(([attribute, value]) => this.#encode(attribute, value));
    return this.#backend.executeMultipleOutputs(name, given, inputs, results);
  }

  /** The tensor a second time: both are to be disposed. */
  again({ dataId, shape, dtype }: TensorInfo): TensorInfo {
    this.#backend.incRef(dataId);
    return { dataId, shape, dtype };
  }

  #encode(name: string, attribute: Attribute): object {
    const { binding } = this.#backend;
    if ("type" in attribute) {
      return {
        name,
        type: binding.TF_ATTR_TYPE,
        value: attribute.type === "float32" ? binding.TF_FLOAT : binding.TF_INT32,
      };
    }
    if ("float" in attribute) return { name, type: binding.TF_ATTR_FLOAT, value: attribute.float };
    if ("int" in attribute) return { name, type: binding.TF_ATTR_INT, value: attribute.int };
    if ("bool" in attribute) return { name, type: binding.TF_ATTR_BOOL, value: attribute.bool };
    if ("text" in attribute) return { name, type: binding.TF_ATTR_STRING, value: attribute.text };
    return { name, type: binding.TF_ATTR_INT, value: attribute.ints };
  }
}

/** The only result of an operation. */
export function first([tensor]: readonly Tensor[]): Tensor {
  if (tensor === undefined) throw new Error("TensorFlow gave no result");
  return tensor;
}
