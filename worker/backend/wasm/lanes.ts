import { f32x4, i32, range, v128, type Code, type FunctionBuilder, type Local } from "./assembler.ts";

/** How many numbers of a row an instruction takes. Arithmetic is always on vectors; only memory is read and written by this many. */
export interface Lanes {
  readonly count: 1 | 4;
  readonly bytes: number;
  readonly load: (address: Code, offset?: number) => Code;
  readonly store: (address: Code, value: Code, offset?: number) => Code;
}

const oneLane: Lanes = { count: 1, bytes: 4, load: v128.loadOne, store: v128.storeOne };
const fourLanes: Lanes = { count: 4, bytes: 16, load: v128.load, store: v128.store };

/** What a turn of a loop over a row takes: `vectors` registers of `lanes`. */
export interface Step {
  readonly lanes: Lanes;
  readonly vectors: number;
}

/** The steps that cover a row of any length: the wide ones take what they can, single numbers are the rest. */
export const steps = (...vectors: readonly number[]): readonly Step[] => [
  ...vectors.map((count) => ({ lanes: fourLanes, vectors: count })),
  { lanes: oneLane, vectors: 1 },
];

/** Walks `counter` from 0 to `total` in each of the steps in turn, every step as far as it fits. */
export function stepThrough(
  builder: FunctionBuilder,
  counter: Local,
  total: Code,
  widths: readonly Step[],
  body: (step: Step) => Code,
): Code {
  const to = builder.local("i32");
  const walk = widths.map((step) => {
    const width = step.lanes.count * step.vectors;
    return [
      to.set(i32.sub(total, i32.const(width - 1))),
      range(counter, counter.get, to.get, i32.const(width), body(step)),
    ];
  });
  return [counter.set(i32.const(0)), walk];
}

/** The registers that a step needs for each of its vectors, with the byte offset of that vector. */
export const eachVector = <Registers>(
  step: Step,
  registers: () => Registers,
): readonly (Registers & { readonly offset: number })[] =>
  Array.from({ length: step.vectors }, (_, v) => ({ ...registers(), offset: v * step.lanes.bytes }));

/** Adds a product to a sum. */
export const addProduct = (sum: Local, left: Code, right: Code): Code =>
  sum.set(f32x4.add(sum.get, f32x4.mul(left, right)));

/**
 * Adds a register's sum to the one in memory. Sums over many rows are taken a block of rows at a time and added up so: a single running
 * sum over 50,000 numbers loses the last two of float32's seven digits.
 */
export const addTo = ({ load, store }: Lanes, address: Code, sum: Local, offset: number): Code =>
  store(address, f32x4.add(load(address, offset), sum.get), offset);

/** Byte offset of an index of 4-byte numbers. */
export const bytesOf = (index: Code): Code => i32.mul(index, i32.const(4));
