import { i32, maximum, minimum, type Code, type FunctionBuilder, type Local } from "./assembler.ts";

const one = i32.const(1);

/** Along one axis: the taps through which outputs saw a position of the input. They lie a stride apart. */
export interface TapRange {
  readonly first: Local;
  readonly to: Local;
  /** Finds the taps of a position. */
  find(position: Code): Code;
  /** The output that saw the position through a tap. */
  outputOf(tap: Code): Code;
}

/**
 * The output y sees the position u through tap i where y * stride + i - pad = u: i is at most u + pad, congruent to it modulo the stride,
 * and no smaller than what the last output needs.
 */
export function tapRange(builder: FunctionBuilder, pad: Code, stride: Code, outputs: Code, size: Code): TapRange {
  const { lead, first, to } = builder.integers("lead", "first", "to");
  return {
    first,
    to,
    find: (position) => [
      lead.set(i32.add(position, pad)),
      to.set(minimum(size, i32.add(lead.get, one))),
      first.set(maximum(i32.rem(lead.get, stride), i32.sub(lead.get, i32.mul(stride, i32.sub(outputs, one))))),
    ],
    outputOf: (tap) => i32.div(i32.sub(lead.get, tap), stride),
  };
}
