import * as tf from "@tensorflow/tfjs-core";

/** Numbers that training changes. */
export interface Parameter {
  readonly variable: tf.Variable;
  /** Whether weight decay pulls it to zero: convolution and dense weights, but no bias, scale or shift. */
  readonly decays: boolean;
  /** Gradient of the last backward pass, until the optimizer takes and disposes it. */
  gradient: tf.Tensor | undefined;
}

/** A forward pass that can be walked back, once. */
export interface Trace {
  /** Belongs to the caller; `back` does not read it. */
  readonly value: tf.Tensor4D;
  /**
   * From the loss's gradient to the value: sets the gradients of the parameters, disposes what the trace kept, and returns the gradient to
   * the input where `toInput` asks for it. The input must still be alive. `gradient` stays the caller's.
   */
  readonly back: (gradient: tf.Tensor4D, toInput: boolean) => tf.Tensor4D | undefined;
}

/**
 * A part of a model with its own backward pass. Maps are [batch, height, width, channels], vectors [batch, 1, 1, channels].
 *
 * Backward passes are written out rather than recorded: every tensor is freed at the moment nothing needs it any more, and one fused kernel
 * can serve a whole layer. Each is checked against numeric differentiation.
 */
export interface Block {
  readonly parameters: readonly Parameter[];
  /** Numbers beside the parameters that belong to the block and are freed with it. */
  readonly state: readonly tf.Variable[];
  /** The value for inference, a new tensor, by the statistics gathered in calibration. */
  readonly infer: (x: tf.Tensor4D) => tf.Tensor4D;
  /** The value in training, by the batch's own statistics, and the way back. */
  readonly train: (x: tf.Tensor4D) => Trace;
  /** The value by the batch's own statistics, which enter those for inference: to be called for some batches once training has ended. */
  readonly calibrate: (x: tf.Tensor4D) => tf.Tensor4D;
}

/** A block that has no statistics. */
export const withoutStatistics = (block: Pick<Block, "parameters" | "infer" | "train">): Block => ({
  ...block,
  state: [],
  calibrate: block.infer,
});

/** A variable that takes over the numbers of `initial`. */
export function variableOf(initial: tf.Tensor): tf.Variable {
  const variable = tf.variable(initial);
  initial.dispose();
  return variable;
}

/** A parameter of given numbers. */
export function parameter(values: Float32Array, shape: readonly number[], decays: boolean): Parameter {
  return { variable: variableOf(tf.tensor(values, [...shape], "float32")), decays, gradient: undefined };
}

/** Runs one of tfjs's kernels, or a fused one of ours, that has one result. */
export function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: object = {}): tf.Tensor4D {
  return tf.engine().runKernel<tf.Tensor4D>(name, inputs, attributes as tf.NamedAttrMap);
}

/** Runs a kernel that has several results. */
export function runKernelForAll(name: string, inputs: tf.NamedTensorMap, attributes: object = {}): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>(name, inputs, attributes as tf.NamedAttrMap);
}

/** Whether the backend in use has a kernel of that name. Looks through all of them: ask when a block is built, not when it runs. */
export const hasKernel = (name: string): boolean =>
  tf.getKernelsForBackend(tf.getBackend()).some(({ kernelName }) => kernelName === name);
