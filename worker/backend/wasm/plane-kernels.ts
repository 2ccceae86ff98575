import { defineFunction, f32x4, i32, range, type Code, type FunctionBuilder } from "./assembler.ts";
import { addProduct, bytesOf, eachVector, steps, stepThrough, type Step } from "./lanes.ts";

/* Operations between the maps of a batch, [batch, positions, channels], and one vector an image, [batch, channels]. */

const zero = i32.const(0);
const one = i32.const(1);

interface Plane {
  /** Byte offset of the channels in hand in the image's vector. */
  readonly inVector: Code;
  /** Byte offset of the channels in hand in the maps, at the current position. */
  readonly at: Code;
  /** Runs `body` at each position. */
  readonly eachPosition: (body: Code) => Code;
}

/** Walks every image in columns of channels over all positions; `body` emits one such column. */
function eachPlane(
  builder: FunctionBuilder,
  size: Readonly<Record<"batch" | "positions" | "channels", Code>>,
  body: (plane: Plane, step: Step) => Code,
): Code {
  const { image, position, channel, at, rowBytes } = builder.integers(
    ...(["image", "position", "channel", "at", "rowBytes"] as const),
  );
  const inVector = i32.add(i32.mul(image.get, rowBytes.get), bytesOf(channel.get));
  const eachPosition = (work: Code): Code => [
    at.set(i32.add(i32.mul(i32.mul(image.get, size.positions), rowBytes.get), bytesOf(channel.get))),
    range(position, zero, size.positions, one, [work, at.set(i32.add(at.get, rowBytes.get))]),
  ];
  const plane = stepThrough(builder, channel, size.channels, steps(4, 1), (step) =>
    body({ inVector, at: at.get, eachPosition }, step),
  );
  return [rowBytes.set(bytesOf(size.channels)), range(image, zero, size.batch, one, plane)];
}

/** y = x * gate, the gate being the same at every position. */
export function gatePlanes(): FunctionBuilder {
  const { builder, of } = defineFunction(["x", "gate", "y", "batch", "positions", "channels"]);
  const body = eachPlane(builder, of, ({ inVector, at, eachPosition }, step) => {
    const { load, store } = step.lanes;
    const columns = eachVector(step, () => builder.vectors("gate"));
    return [
      columns.map(({ gate, offset }) => gate.set(load(i32.add(of.gate, inVector), offset))),
      eachPosition(
        columns.map(({ gate, offset }) =>
          store(i32.add(of.y, at), f32x4.mul(load(i32.add(of.x, at), offset), gate.get), offset),
        ),
      ),
    ];
  });
  builder.body(body);
  return builder;
}

/** sums = sum of x * dy over the positions: the gradient to a gate. */
export function sumPlaneProducts(): FunctionBuilder {
  const { builder, of } = defineFunction(["x", "dy", "sums", "batch", "positions", "channels"]);
  const body = eachPlane(builder, of, ({ inVector, at, eachPosition }, step) => {
    const { load, store } = step.lanes;
    const columns = eachVector(step, () => builder.vectors("sum"));
    return [
      columns.map(({ sum }) => sum.set(f32x4.const(0))),
      eachPosition(
        columns.map(({ sum, offset }) =>
          addProduct(sum, load(i32.add(of.x, at), offset), load(i32.add(of.dy, at), offset)),
        ),
      ),
      columns.map(({ sum, offset }) => store(i32.add(of.sums, inVector), sum.get, offset)),
    ];
  });
  builder.body(body);
  return builder;
}

/** y = value at every position. */
export function fillPlanes(): FunctionBuilder {
  const { builder, of } = defineFunction(["values", "y", "batch", "positions", "channels"]);
  const body = eachPlane(builder, of, ({ inVector, at, eachPosition }, step) => {
    const { load, store } = step.lanes;
    const columns = eachVector(step, () => builder.vectors("value"));
    return [
      columns.map(({ value, offset }) => value.set(load(i32.add(of.values, inVector), offset))),
      eachPosition(columns.map(({ value, offset }) => store(i32.add(of.y, at), value.get, offset))),
    ];
  });
  builder.body(body);
  return builder;
}
