import {
  defineFunction,
  f32x4,
  i32,
  minimum,
  range,
  v128,
  type Code,
  type FunctionBuilder,
  type Local,
} from "./assembler.ts";
import { setSigmoid } from "./exponential.ts";
import { addProduct, addTo, bytesOf, eachVector, steps, stepThrough, type Step } from "./lanes.ts";

/** The activations that are computed together with the normalization before them. */
export const fusedActivations = ["none", "relu", "relu6", "swish"] as const;
export type FusedActivation = (typeof fusedActivations)[number];

const zero = i32.const(0);
const one = i32.const(1);

/** Rows of a block: they stay in the first-level cache while the channels pass, and bound how many numbers a register sums up. */
const blockRows = 64;

/** A column of a block under way: some channels of some rows. */
interface Column {
  /** Byte offset of its channels in a row. */
  readonly inRow: Code;
  /** Byte offset of its channels in the tensor, at the current row. */
  readonly at: Code;
  /** Runs `body` for each of its rows. */
  readonly eachRow: (body: Code) => Code;
}

/** Walks [rows, channels] in blocks of rows, within a block in columns of `vectors` vectors of channels; `body` emits one column. */
function eachColumn(
  builder: FunctionBuilder,
  size: { readonly rows: Code; readonly channels: Code },
  vectors: readonly number[],
  body: (column: Column, step: Step) => Code,
): Code {
  const { first, row, count, channel, at, rowBytes } = builder.integers(
    "first",
    "row",
    "count",
    "channel",
    "at",
    "rowBytes",
  );
  const inRow = bytesOf(channel.get);
  const eachRow = (work: Code): Code => [
    at.set(i32.add(i32.mul(first.get, rowBytes.get), inRow)),
    range(row, zero, count.get, one, [work, at.set(i32.add(at.get, rowBytes.get))]),
  ];
  const columns = stepThrough(builder, channel, size.channels, steps(...vectors), (step) =>
    body({ inRow, at: at.get, eachRow }, step),
  );
  return [
    rowBytes.set(bytesOf(size.channels)),
    range(first, zero, size.rows, i32.const(blockRows), [
      count.set(minimum(i32.const(blockRows), i32.sub(size.rows, first.get))),
      columns,
    ]),
  ];
}

/**
 * Sums of x - x0 and of its square per channel, added to `sums` and `squares`, where x0 is the tensor's first row. Sums about a value of
 * the data keep the digits of a variance that is small beside the mean, in one pass over memory.
 */
export function momentSums(): FunctionBuilder {
  const { builder, of } = defineFunction(["x", "rows", "channels", "sums", "squares"]);
  const body = eachColumn(builder, of, [2, 1], ({ inRow, at, eachRow }, step) => {
    const { load } = step.lanes;
    const columns = eachVector(step, () => builder.vectors("origin", "sum", "square", "difference"));
    return [
      columns.map(({ origin, sum, square, offset }) => [
        origin.set(load(i32.add(of.x, inRow), offset)),
        sum.set(f32x4.const(0)),
        square.set(f32x4.const(0)),
      ]),
      eachRow(
        columns.map(({ origin, sum, square, difference, offset }) => [
          difference.set(f32x4.sub(load(i32.add(of.x, at), offset), origin.get)),
          sum.set(f32x4.add(sum.get, difference.get)),
          addProduct(square, difference.get, difference.get),
        ]),
      ),
      columns.map(({ sum, square, offset }) => [
        addTo(step.lanes, i32.add(of.sums, inRow), sum, offset),
        addTo(step.lanes, i32.add(of.squares, inRow), square, offset),
      ]),
    ];
  });
  builder.body(body);
  return builder;
}

/** Walks one number a channel, in all the arrays of a normalization alike; `body` gets what reads and writes an array there. */
function eachChannel(
  builder: FunctionBuilder,
  channels: Code,
  body: (read: (array: Code) => Code, write: (array: Code, value: Code) => Code) => Code,
): Code {
  const channel = builder.local("i32");
  return stepThrough(builder, channel, channels, steps(1), ({ lanes }) => {
    const there = (array: Code): Code => i32.add(array, bytesOf(channel.get));
    return body(
      (array) => lanes.load(there(array)),
      (array, value) => lanes.store(there(array), value),
    );
  });
}

/**
 * From the sums of `momentSums`, in place: mean and variance (over the batch, not its unbiased estimate), and the scale and shift that
 * normalize by them: scale = gamma / sqrt(variance + epsilon), shift = beta - mean * scale.
 */
export function finishMoments(): FunctionBuilder {
  const { builder, of } = defineFunction(
    ["x", "channels", "gamma", "beta", "mean", "variance", "scale", "shift"],
    ["perRow", "epsilon"],
  );
  const { offset, mean, variance, scale } = builder.vectors("offset", "mean", "variance", "scale");
  const perRow = f32x4.splat(of.perRow);
  const body = eachChannel(builder, of.channels, (read, write) => [
    offset.set(f32x4.mul(read(of.mean), perRow)),
    variance.set(f32x4.sub(f32x4.mul(read(of.variance), perRow), f32x4.mul(offset.get, offset.get))),
    variance.set(f32x4.pmax(variance.get, f32x4.const(0))),
    mean.set(f32x4.add(read(of.x), offset.get)),
    scale.set(f32x4.div(read(of.gamma), f32x4.squareRoot(f32x4.add(variance.get, f32x4.splat(of.epsilon))))),
    write(of.mean, mean.get),
    write(of.variance, variance.get),
    write(of.scale, scale.get),
    write(of.shift, f32x4.sub(read(of.beta), f32x4.mul(mean.get, scale.get))),
  ]);
  builder.body(body);
  return builder;
}

/**
 * From the sums of `normalizeGradientSums`: `products` becomes the gradient to gamma in place (`sums` is the one to beta), and slope and
 * level are what `normalizeGradient` needs: dx = scale * (g - mean(g) - (x - mean) * mean(g * (x - mean)) / (variance + epsilon)).
 */
export function finishGradientSums(): FunctionBuilder {
  const { builder, of } = defineFunction(
    ["channels", "mean", "variance", "scale", "sums", "products", "slope", "level"],
    ["perRow", "epsilon"],
  );
  const { spread, slope, rowScale } = builder.vectors("spread", "slope", "rowScale");
  const body = eachChannel(builder, of.channels, (read, write) => [
    spread.set(f32x4.add(read(of.variance), f32x4.splat(of.epsilon))),
    rowScale.set(f32x4.mul(f32x4.sub(f32x4.const(0), read(of.scale)), f32x4.splat(of.perRow))),
    slope.set(f32x4.div(f32x4.mul(rowScale.get, read(of.products)), spread.get)),
    write(of.slope, slope.get),
    write(of.level, f32x4.sub(f32x4.mul(rowScale.get, read(of.sums)), f32x4.mul(slope.get, read(of.mean)))),
    write(of.products, f32x4.div(read(of.products), f32x4.squareRoot(spread.get))),
  ]);
  builder.body(body);
  return builder;
}

/** Sets `y` to the activation of `z`. */
function setActivated(builder: FunctionBuilder, activation: FusedActivation, z: Local, y: Local): Code {
  switch (activation) {
    case "none":
      return y.set(z.get);
    case "relu":
      return y.set(f32x4.pmax(z.get, f32x4.const(0)));
    case "relu6":
      return y.set(f32x4.pmin(f32x4.pmax(z.get, f32x4.const(0)), f32x4.const(6)));
    case "swish":
      return [setSigmoid(builder, z, y), y.set(f32x4.mul(y.get, z.get))];
  }
}

/** Sets `gradient`, which holds dy, to dy times the activation's derivative at `z`. */
function setActivationGradient(builder: FunctionBuilder, activation: FusedActivation, z: Local, gradient: Local): Code {
  const above = f32x4.lessThan(f32x4.const(0), z.get);
  switch (activation) {
    case "none":
      return [];
    case "relu":
      return gradient.set(v128.and(gradient.get, above));
    case "relu6":
      return gradient.set(v128.and(gradient.get, v128.and(above, f32x4.lessThan(z.get, f32x4.const(6)))));
    case "swish": {
      const sigmoid = builder.local("v128");
      // (z s)' = s (1 + z (1 - s))
      const slope = f32x4.mul(
        sigmoid.get,
        f32x4.add(f32x4.const(1), f32x4.mul(z.get, f32x4.sub(f32x4.const(1), sigmoid.get))),
      );
      return [setSigmoid(builder, z, sigmoid), gradient.set(f32x4.mul(gradient.get, slope))];
    }
  }
}

/** y = activation(x * scale + shift), scale and shift per channel. */
export function normalize(activation: FusedActivation): FunctionBuilder {
  const { builder, of } = defineFunction(["x", "y", "rows", "channels", "scale", "shift"]);
  const body = eachColumn(builder, of, [2, 1], ({ inRow, at, eachRow }, step) => {
    const { load, store } = step.lanes;
    const columns = eachVector(step, () => builder.vectors("scale", "shift", "z", "y"));
    return [
      columns.map(({ scale, shift, offset }) => [
        scale.set(load(i32.add(of.scale, inRow), offset)),
        shift.set(load(i32.add(of.shift, inRow), offset)),
      ]),
      eachRow(
        columns.map(({ scale, shift, z, y, offset }) => [
          z.set(f32x4.add(f32x4.mul(load(i32.add(of.x, at), offset), scale.get), shift.get)),
          setActivated(builder, activation, z, y),
          store(i32.add(of.y, at), y.get, offset),
        ]),
      ),
    ];
  });
  builder.body(body);
  return builder;
}

/**
 * With g = dy * activation'(x * scale + shift): sums of g and of g * (x - mean) per channel, added to `sums` and `products`. They are the
 * gradient to shift, the gradient to scale up to the deviation, and what the gradient to x needs.
 */
export function normalizeGradientSums(activation: FusedActivation): FunctionBuilder {
  const { builder, of } = defineFunction(["x", "dy", "rows", "channels", "scale", "shift", "mean", "sums", "products"]);
  const body = eachColumn(builder, of, [1], ({ inRow, at, eachRow }, step) => {
    const { load } = step.lanes;
    const columns = eachVector(step, () =>
      builder.vectors("scale", "shift", "mean", "sum", "product", "x", "z", "gradient"),
    );
    return columns.map(({ scale, shift, mean, sum, product, x, z, gradient, offset }) => [
      scale.set(load(i32.add(of.scale, inRow), offset)),
      shift.set(load(i32.add(of.shift, inRow), offset)),
      mean.set(load(i32.add(of.mean, inRow), offset)),
      sum.set(f32x4.const(0)),
      product.set(f32x4.const(0)),
      eachRow([
        x.set(load(i32.add(of.x, at), offset)),
        gradient.set(load(i32.add(of.dy, at), offset)),
        z.set(f32x4.add(f32x4.mul(x.get, scale.get), shift.get)),
        setActivationGradient(builder, activation, z, gradient),
        sum.set(f32x4.add(sum.get, gradient.get)),
        addProduct(product, gradient.get, f32x4.sub(x.get, mean.get)),
      ]),
      addTo(step.lanes, i32.add(of.sums, inRow), sum, offset),
      addTo(step.lanes, i32.add(of.products, inRow), product, offset),
    ]);
  });
  builder.body(body);
  return builder;
}

/** dx = scale * g + slope * x + level, g as above; slope and level per channel carry the terms that come through mean and variance. */
export function normalizeGradient(activation: FusedActivation): FunctionBuilder {
  const { builder, of } = defineFunction(["x", "dy", "dx", "rows", "channels", "scale", "shift", "slope", "level"]);
  const body = eachColumn(builder, of, [1], ({ inRow, at, eachRow }, step) => {
    const { load, store } = step.lanes;
    const columns = eachVector(step, () => builder.vectors("scale", "shift", "slope", "level", "x", "z", "gradient"));
    return columns.map(({ scale, shift, slope, level, x, z, gradient, offset }) => [
      scale.set(load(i32.add(of.scale, inRow), offset)),
      shift.set(load(i32.add(of.shift, inRow), offset)),
      slope.set(load(i32.add(of.slope, inRow), offset)),
      level.set(load(i32.add(of.level, inRow), offset)),
      eachRow([
        x.set(load(i32.add(of.x, at), offset)),
        gradient.set(load(i32.add(of.dy, at), offset)),
        z.set(f32x4.add(f32x4.mul(x.get, scale.get), shift.get)),
        setActivationGradient(builder, activation, z, gradient),
        z.set(f32x4.add(f32x4.mul(x.get, slope.get), level.get)),
        store(i32.add(of.dx, at), f32x4.add(f32x4.mul(gradient.get, scale.get), z.get), offset),
      ]),
    ]);
  });
  builder.body(body);
  return builder;
}
