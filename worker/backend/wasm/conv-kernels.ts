import {
  defineFunction,
  f32x4,
  i32,
  minimum,
  range,
  v128,
  when,
  type Code,
  type FunctionBuilder,
} from "./assembler.ts";
import { geometryNames } from "./conv-geometry.ts";
import { addProduct, addTo, bytesOf, eachVector, steps, stepThrough, type Step } from "./lanes.ts";
import { tapRange } from "./tap-range.ts";

const zero = i32.const(0);
const one = i32.const(1);

/** Rows of a panel: its x and dy stay in the first-level cache while every tile of dw passes over them. */
const panelRows = 64;

interface Panel {
  /** Address of the first of the rows of x and of dy, and bytes from one to the next. */
  readonly x: Code;
  readonly xStep: Code;
  readonly dy: Code;
  readonly dyStep: Code;
  readonly rows: Code;
  /** Address of the [inputChannels, outputChannels] sums that the panel adds to. */
  readonly dw: Code;
  readonly inputChannels: Code;
  readonly outputChannels: Code;
}

/**
 * Adds the product of a panel, transposed x times dy, to dw in tiles of 4 input channels by 8 output channels held in registers: a turn
 * loads 4 numbers of x and 2 vectors of dy for 8 products.
 */
function addPanelProduct(builder: FunctionBuilder, panel: Panel): Code {
  const { inputChannel, outputChannel, row, xAt, dyAt, dwAt, dwStep } = builder.integers(
    ...(["inputChannel", "outputChannel", "row", "xAt", "dyAt", "dwAt", "dwStep"] as const),
  );
  const tile = (inputs: number, step: Step): Code => {
    const { lanes } = step;
    const columns = eachVector(step, () => ({
      gradient: builder.local("v128"),
      sums: Array.from({ length: inputs }, () => builder.local("v128")),
    }));
    const x = builder.local("v128");
    const sumAddress = (i: number): Code => i32.add(dwAt.get, i32.mul(dwStep.get, i32.const(i)));
    return [
      xAt.set(i32.add(panel.x, bytesOf(inputChannel.get))),
      dyAt.set(i32.add(panel.dy, bytesOf(outputChannel.get))),
      dwAt.set(i32.add(i32.add(panel.dw, i32.mul(inputChannel.get, dwStep.get)), bytesOf(outputChannel.get))),
      columns.map(({ sums }) => sums.map((sum) => sum.set(f32x4.const(0)))),
      range(row, zero, panel.rows, one, [
        columns.map(({ gradient, offset }) => gradient.set(lanes.load(dyAt.get, offset))),
        Array.from({ length: inputs }, (_, i) => [
          x.set(v128.loadSplat(xAt.get, i * 4)),
          columns.map(({ gradient, sums }) => sums.slice(i, i + 1).map((sum) => addProduct(sum, x.get, gradient.get))),
        ]),
        xAt.set(i32.add(xAt.get, panel.xStep)),
        dyAt.set(i32.add(dyAt.get, panel.dyStep)),
      ]),
      columns.map(({ sums, offset }) => sums.map((sum, i) => addTo(lanes, sumAddress(i), sum, offset))),
    ];
  };
  const tileColumns = (inputs: number, widths: readonly Step[]): Code =>
    stepThrough(builder, outputChannel, panel.outputChannels, widths, (step) => tile(inputs, step));
  const to = builder.local("i32");
  return [
    dwStep.set(bytesOf(panel.outputChannels)),
    to.set(i32.sub(panel.inputChannels, i32.const(3))),
    range(inputChannel, zero, to.get, i32.const(4), tileColumns(4, steps(2, 1))),
    range(inputChannel, inputChannel.get, panel.inputChannels, one, tileColumns(1, steps(4, 1))),
  ];
}

/**
 * Gradient of a 1x1 convolution of stride 1 to its filter: dw, zeros at first, becomes x transposed times dy, for `rows` pixels.
 * The work of training: no operand is transposed or copied.
 */
export function pointwiseFilterGradient(): FunctionBuilder {
  const { builder, of } = defineFunction(["input", "dy", "dw", "rows", "inputChannels", "outputChannels"]);
  const { first, rows, x, dy, xStep, dyStep } = builder.integers("first", "rows", "x", "dy", "xStep", "dyStep");
  const panel = addPanelProduct(builder, {
    ...{ x: x.get, xStep: xStep.get, dy: dy.get, dyStep: dyStep.get, rows: rows.get, dw: of.dw },
    ...{ inputChannels: of.inputChannels, outputChannels: of.outputChannels },
  });
  builder.body([
    xStep.set(bytesOf(of.inputChannels)),
    dyStep.set(bytesOf(of.outputChannels)),
    range(first, zero, of.rows, i32.const(panelRows), [
      rows.set(minimum(i32.const(panelRows), i32.sub(of.rows, first.get))),
      x.set(i32.add(of.input, i32.mul(first.get, xStep.get))),
      dy.set(i32.add(of.dy, i32.mul(first.get, dyStep.get))),
      panel,
    ]),
  ]);
  return builder;
}

/**
 * Gradient of any convolution to its filter: for each tap, the product of the pixels it saw, transposed, and dy, row of image by row of
 * image; a tap's first and last output column inside the image are found once a row.
 */
export function convFilterGradient(): FunctionBuilder {
  const { builder, of } = defineFunction(["input", "dy", "dw", ...geometryNames]);
  const { image, row, i, j, inputRow, first, rows, lead, x, dy, dw, xStep, xPixel, dyStep } = builder.integers(
    ...(["image", "row", "i", "j", "inputRow", "first", "rows", "lead"] as const),
    ...(["x", "dy", "dw", "xStep", "xPixel", "dyStep"] as const),
  );
  const panel = addPanelProduct(builder, {
    ...{ x: x.get, xStep: xStep.get, dy: dy.get, dyStep: dyStep.get, rows: rows.get, dw: dw.get },
    ...{ inputChannels: of.inputChannels, outputChannels: of.outputChannels },
  });
  const oneTap = [
    // Output columns x with 0 <= x * stride + j - left < width.
    lead.set(i32.sub(of.padLeft, j.get)),
    first.set(zero),
    when(
      i32.greaterThan(lead.get, zero),
      first.set(i32.div(i32.sub(i32.add(lead.get, of.strideWidth), one), of.strideWidth)),
    ),
    rows.set(i32.sub(i32.add(i32.add(of.inputWidth, lead.get), of.strideWidth), one)),
    rows.set(i32.sub(minimum(of.outputWidth, i32.div(rows.get, of.strideWidth)), first.get)),
    when(i32.greaterThan(rows.get, zero), [
      x.set(i32.add(i32.mul(image.get, of.inputHeight), inputRow.get)),
      x.set(i32.add(i32.mul(x.get, of.inputWidth), i32.sub(i32.mul(first.get, of.strideWidth), lead.get))),
      x.set(i32.add(of.input, i32.mul(x.get, xPixel.get))),
      dy.set(i32.mul(i32.add(i32.mul(image.get, of.outputHeight), row.get), of.outputWidth)),
      dy.set(i32.add(of.dy, i32.mul(i32.add(dy.get, first.get), dyStep.get))),
      dw.set(i32.mul(i32.add(i32.mul(i.get, of.filterWidth), j.get), of.inputChannels)),
      dw.set(i32.add(of.dw, i32.mul(dw.get, dyStep.get))),
      panel,
    ]),
  ];
  builder.body([
    xPixel.set(bytesOf(of.inputChannels)),
    xStep.set(i32.mul(xPixel.get, of.strideWidth)),
    dyStep.set(bytesOf(of.outputChannels)),
    range(image, zero, of.batch, one, [
      range(row, zero, of.outputHeight, one, [
        range(i, zero, of.filterHeight, one, [
          inputRow.set(i32.sub(i32.add(i32.mul(row.get, of.strideHeight), i.get), of.padTop)),
          when(i32.lessThanUnsigned(inputRow.get, of.inputHeight), range(j, zero, of.filterWidth, one, oneTap)),
        ]),
      ]),
    ]),
  ]);
  return builder;
}

/**
 * Gradient of any convolution to its input: every pixel gathers, over the taps (i, j) and the outputs that saw it through them,
 * dx[n, u, v, :] = sum of dy[n, y, x, o] * w[i, j, :, o]. `filter` is transposed to [height, width, output, input] channels.
 */
export function convInputGradient(): FunctionBuilder {
  const { builder, of } = defineFunction(["filter", "dy", "dx", ...geometryNames]);
  const { image, row, column, i, j, channel, o, inputBytes, outputBytes, dx, dyTap, wTap } = builder.integers(
    ...([
      "image",
      "row",
      "column",
      "i",
      "j",
      "channel",
      "o",
      "inputBytes",
      "outputBytes",
      "dx",
      "dyTap",
      "wTap",
    ] as const),
  );
  const rows = tapRange(builder, of.padTop, of.strideHeight, of.outputHeight, of.filterHeight);
  const columnsOf = tapRange(builder, of.padLeft, of.strideWidth, of.outputWidth, of.filterWidth);
  const gradient = builder.local("v128");
  const pixel = stepThrough(builder, channel, of.inputChannels, steps(4, 1), (step) => {
    const { lanes } = step;
    const columns = eachVector(step, () => builder.vectors("sum"));
    return [
      columns.map(({ sum }) => sum.set(f32x4.const(0))),
      range(i, rows.first.get, rows.to.get, of.strideHeight, [
        range(j, columnsOf.first.get, columnsOf.to.get, of.strideWidth, [
          dyTap.set(i32.add(i32.mul(image.get, of.outputHeight), rows.outputOf(i.get))),
          dyTap.set(i32.add(i32.mul(dyTap.get, of.outputWidth), columnsOf.outputOf(j.get))),
          dyTap.set(i32.add(of.dy, i32.mul(dyTap.get, outputBytes.get))),
          wTap.set(i32.mul(i32.add(i32.mul(i.get, of.filterWidth), j.get), of.outputChannels)),
          wTap.set(i32.add(i32.add(of.filter, bytesOf(channel.get)), i32.mul(wTap.get, inputBytes.get))),
          range(o, zero, of.outputChannels, one, [
            gradient.set(v128.loadSplat(dyTap.get)),
            columns.map(({ sum, offset }) => addProduct(sum, gradient.get, lanes.load(wTap.get, offset))),
            dyTap.set(i32.add(dyTap.get, i32.const(4))),
            wTap.set(i32.add(wTap.get, inputBytes.get)),
          ]),
        ]),
      ]),
      columns.map(({ sum, offset }) => lanes.store(i32.add(dx.get, bytesOf(channel.get)), sum.get, offset)),
    ];
  });
  builder.body([
    inputBytes.set(bytesOf(of.inputChannels)),
    outputBytes.set(bytesOf(of.outputChannels)),
    dx.set(of.dx),
    range(image, zero, of.batch, one, [
      range(row, zero, of.inputHeight, one, [
        rows.find(row.get),
        range(column, zero, of.inputWidth, one, [
          columnsOf.find(column.get),
          pixel,
          dx.set(i32.add(dx.get, inputBytes.get)),
        ]),
      ]),
    ]),
  ]);
  return builder;
}
