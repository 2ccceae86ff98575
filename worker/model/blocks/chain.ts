import type * as tf from "@tensorflow/tfjs-core";
import type { Block, Trace } from "../block.ts";

/** Blocks one after the other; with none, the identity is not allowed, since a value must be a tensor of its own. */
export function chain(first: Block, ...rest: readonly Block[]): Block {
  if (rest.length === 0) return first;
  const blocks = [first, ...rest];
  return {
    parameters: blocks.flatMap(({ parameters }) => parameters),
    state: blocks.flatMap(({ state }) => state),
    infer: (x) => {
      let value = first.infer(x);
      for (const block of rest) {
        const next = block.infer(value);
        value.dispose();
        value = next;
      }
      return value;
    },
    train: (x) => {
      const traces: Trace[] = [first.train(x)];
      let value = traces[0]?.value ?? x;
      for (const block of rest) {
        const trace = block.train(value);
        traces.push(trace);
        value = trace.value;
      }
      return { value, back: (gradient, toInput) => walkBack(traces, gradient, toInput) };
    },
  };
}

function walkBack(traces: readonly Trace[], last: tf.Tensor4D, toInput: boolean): tf.Tensor4D | undefined {
  let gradient: tf.Tensor4D | undefined = last;
  for (let index = traces.length - 1; index >= 0 && gradient !== undefined; index -= 1) {
    const before: tf.Tensor4D | undefined = traces[index]?.back(gradient, index > 0 || toInput);
    if (gradient !== last) gradient.dispose();
    // The value between this block and the one before it has been read for the last time.
    traces[index - 1]?.value.dispose();
    gradient = before;
  }
  return gradient;
}
