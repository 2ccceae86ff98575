import type * as tf from "@tensorflow/tfjs-core";
import type { Block, Trace } from "../block.ts";

/** Blocks one after the other. */
export function chain(first: Block, ...rest: readonly Block[]): Block {
  if (rest.length === 0) return first;
  const blocks = [first, ...rest];
  const through = (pass: "infer" | "calibrate") => (x: tf.Tensor4D) =>
    rest.reduce((value, block) => {
      const next = block[pass](value);
      value.dispose();
      return next;
    }, first[pass](x));
  return {
    parameters: blocks.flatMap(({ parameters }) => parameters),
    state: blocks.flatMap(({ state }) => state),
    infer: through("infer"),
    calibrate: through("calibrate"),
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
