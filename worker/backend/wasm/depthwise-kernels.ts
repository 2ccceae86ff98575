import {
  defineFunction,
  f32x4,
  i32,
  maximum,
  minimum,
  range,
  when,
  type Code,
  type FunctionBuilder,
} from "./assembler.ts";
import { geometryNames } from "./conv-geometry.ts";
import { addProduct, addTo, bytesOf, eachVector, steps, stepThrough } from "./lanes.ts";
import { tapRange } from "./tap-range.ts";

const zero = i32.const(0);
const one = i32.const(1);

/** Address of a row of an NHWC tensor. */
const rowAddress = (tensor: Code, image: Code, height: Code, row: Code, rowBytes: Code): Code =>
  i32.add(tensor, i32.mul(i32.add(i32.mul(image, height), row), rowBytes));

/**
 * Gradient of a depthwise convolution to its filter, for a filter of `filterWidth` columns: `dw`, zeros at first, becomes
 * dw[i, j, c] = sum over n, y, x of input[n, y*s + i - top, x*s + j - left, c] * dy[n, y, x, c].
 *
 * A row of taps stays in registers while a row of the image passes by, so a load of dy serves all of them. Columns `firstInner` up to
 * `lastInner`, where every tap lies inside the image, take a loop without tests.
 */
export function depthwiseFilterGradient(filterWidth: number): FunctionBuilder {
  const { builder, of } = defineFunction(["input", "dy", "dw", ...geometryNames, "firstInner", "lastInner"]);
  const { image, row, tapRow, inputRow, column, channel, pixelBytes, inputAt, dyAt, dwAt, x, dy, dw, inputColumn } =
    builder.integers(
      ...(["image", "row", "tapRow", "inputRow", "column", "channel", "pixelBytes"] as const),
      ...(["inputAt", "dyAt", "dwAt", "x", "dy", "dw", "inputColumn"] as const),
    );

  const rowOfTaps = stepThrough(builder, channel, of.inputChannels, steps(filterWidth > 5 ? 1 : 2), (step) => {
    const { lanes } = step;
    const columns = eachVector(step, () => ({
      gradient: builder.local("v128"),
      taps: Array.from({ length: filterWidth }, () => builder.local("v128")),
    }));
    const besideTap = (address: Code, j: number): Code => i32.add(address, i32.mul(pixelBytes.get, i32.const(j)));
    const loadGradients = columns.map(({ gradient, offset }) => gradient.set(lanes.load(dy.get, offset)));
    const addTap = (j: number): Code =>
      columns.map(({ gradient, taps, offset }) =>
        taps.slice(j, j + 1).map((tap) => addProduct(tap, lanes.load(besideTap(x.get, j), offset), gradient.get)),
      );
    const tapNumbers = Array.from({ length: filterWidth }, (_, j) => j);
    const advance = [
      dy.set(i32.add(dy.get, pixelBytes.get)),
      x.set(i32.add(x.get, i32.mul(of.strideWidth, pixelBytes.get))),
      inputColumn.set(i32.add(inputColumn.get, of.strideWidth)),
    ];
    const border = [
      loadGradients,
      tapNumbers.map((j) =>
        when(i32.lessThanUnsigned(i32.add(inputColumn.get, i32.const(j)), of.inputWidth), addTap(j)),
      ),
      advance,
    ];
    const inner = [loadGradients, tapNumbers.map(addTap), advance];
    return [
      dw.set(i32.add(dwAt.get, bytesOf(channel.get))),
      dy.set(i32.add(dyAt.get, bytesOf(channel.get))),
      inputColumn.set(i32.sub(zero, of.padLeft)),
      x.set(i32.add(i32.add(inputAt.get, bytesOf(channel.get)), i32.mul(inputColumn.get, pixelBytes.get))),
      columns.map(({ taps }) => taps.map((tap) => tap.set(f32x4.const(0)))),
      range(column, zero, of.firstInner, one, border),
      range(column, column.get, of.lastInner, one, inner),
      range(column, column.get, of.outputWidth, one, border),
      columns.map(({ taps, offset }) => taps.map((tap, j) => addTo(lanes, besideTap(dw.get, j), tap, offset))),
    ];
  });

  const oneTapRow = [
    inputRow.set(i32.sub(i32.add(i32.mul(row.get, of.strideHeight), tapRow.get), of.padTop)),
    when(i32.lessThanUnsigned(inputRow.get, of.inputHeight), [
      inputAt.set(
        rowAddress(of.input, image.get, of.inputHeight, inputRow.get, i32.mul(of.inputWidth, pixelBytes.get)),
      ),
      dyAt.set(rowAddress(of.dy, image.get, of.outputHeight, row.get, i32.mul(of.outputWidth, pixelBytes.get))),
      dwAt.set(i32.add(of.dw, i32.mul(tapRow.get, i32.mul(pixelBytes.get, i32.const(filterWidth))))),
      rowOfTaps,
    ]),
  ];
  builder.body([
    pixelBytes.set(bytesOf(of.inputChannels)),
    range(
      image,
      zero,
      of.batch,
      one,
      range(row, zero, of.outputHeight, one, range(tapRow, zero, of.filterHeight, one, oneTapRow)),
    ),
  ]);
  return builder;
}

/**
 * A depthwise convolution of any filter and stride: every output gathers
 * y[n, y, x, c] = sum over the taps (i, j) inside the image of input[n, y*s + i - top, x*s + j - left, c] * w[i, j, c].
 */
export function depthwiseForward(): FunctionBuilder {
  const { builder, of } = defineFunction(["filter", "input", "output", ...geometryNames]);
  const { image, row, column, i, j, channel, pixelBytes, firstRow, endRow, firstColumn, endColumn } = builder.integers(
    ...(["image", "row", "column", "i", "j", "channel", "pixelBytes"] as const),
    ...(["firstRow", "endRow", "firstColumn", "endColumn"] as const),
  );
  const { y, top, left, at, xTap, wTap } = builder.integers("y", "top", "left", "at", "xTap", "wTap");

  const pixel = stepThrough(builder, channel, of.inputChannels, steps(6, 2, 1), (step) => {
    const { lanes } = step;
    const columns = eachVector(step, () => builder.vectors("sum"));
    return [
      columns.map(({ sum }) => sum.set(f32x4.const(0))),
      range(i, firstRow.get, endRow.get, one, [
        at.set(i32.add(i32.mul(image.get, of.inputHeight), i32.add(top.get, i.get))),
        at.set(i32.add(i32.mul(at.get, of.inputWidth), i32.add(left.get, firstColumn.get))),
        xTap.set(i32.add(i32.add(of.input, bytesOf(channel.get)), i32.mul(at.get, pixelBytes.get))),
        at.set(i32.add(i32.mul(i.get, of.filterWidth), firstColumn.get)),
        wTap.set(i32.add(i32.add(of.filter, bytesOf(channel.get)), i32.mul(at.get, pixelBytes.get))),
        range(j, firstColumn.get, endColumn.get, one, [
          columns.map(({ sum, offset }) => addProduct(sum, lanes.load(xTap.get, offset), lanes.load(wTap.get, offset))),
          xTap.set(i32.add(xTap.get, pixelBytes.get)),
          wTap.set(i32.add(wTap.get, pixelBytes.get)),
        ]),
      ]),
      columns.map(({ sum, offset }) => lanes.store(i32.add(y.get, bytesOf(channel.get)), sum.get, offset)),
    ];
  });

  builder.body([
    pixelBytes.set(bytesOf(of.inputChannels)),
    y.set(of.output),
    range(image, zero, of.batch, one, [
      range(row, zero, of.outputHeight, one, [
        top.set(i32.sub(i32.mul(row.get, of.strideHeight), of.padTop)),
        firstRow.set(maximum(zero, i32.sub(zero, top.get))),
        endRow.set(minimum(of.filterHeight, i32.sub(of.inputHeight, top.get))),
        range(column, zero, of.outputWidth, one, [
          left.set(i32.sub(i32.mul(column.get, of.strideWidth), of.padLeft)),
          firstColumn.set(maximum(zero, i32.sub(zero, left.get))),
          endColumn.set(minimum(of.filterWidth, i32.sub(of.inputWidth, left.get))),
          pixel,
          y.set(i32.add(y.get, pixelBytes.get)),
        ]),
      ]),
    ]),
  ]);
  return builder;
}

/**
 * Gradient of a depthwise convolution to its input, for any filter and stride: every pixel of the input gathers
 * dx[n, u, v, c] = sum over the taps (i, j) and outputs (y, x) with y*s + i - top = u, x*s + j - left = v of w[i, j, c] * dy[n, y, x, c].
 */
export function depthwiseInputGradient(): FunctionBuilder {
  const { builder, of } = defineFunction(["filter", "dy", "dx", ...geometryNames]);
  const { image, row, column, i, j, channel, pixelBytes, dx, at, dyTap, wTap, wStep } = builder.integers(
    ...(["image", "row", "column", "i", "j", "channel", "pixelBytes", "dx", "at", "dyTap", "wTap", "wStep"] as const),
  );
  const rows = tapRange(builder, of.padTop, of.strideHeight, of.outputHeight, of.filterHeight);
  const columnsOf = tapRange(builder, of.padLeft, of.strideWidth, of.outputWidth, of.filterWidth);

  const pixel = stepThrough(builder, channel, of.inputChannels, steps(6, 2, 1), (step) => {
    const { lanes } = step;
    const columns = eachVector(step, () => builder.vectors("sum"));
    return [
      columns.map(({ sum }) => sum.set(f32x4.const(0))),
      range(i, rows.first.get, rows.to.get, of.strideHeight, [
        // The output that saw the pixel through the first tap of the row; from tap to tap both addresses move by constants.
        at.set(i32.add(i32.mul(image.get, of.outputHeight), rows.outputOf(i.get))),
        at.set(i32.add(i32.mul(at.get, of.outputWidth), columnsOf.outputOf(columnsOf.first.get))),
        dyTap.set(i32.add(i32.add(of.dy, bytesOf(channel.get)), i32.mul(at.get, pixelBytes.get))),
        at.set(i32.add(i32.mul(i.get, of.filterWidth), columnsOf.first.get)),
        wTap.set(i32.add(i32.add(of.filter, bytesOf(channel.get)), i32.mul(at.get, pixelBytes.get))),
        range(j, columnsOf.first.get, columnsOf.to.get, of.strideWidth, [
          columns.map(({ sum, offset }) =>
            addProduct(sum, lanes.load(dyTap.get, offset), lanes.load(wTap.get, offset)),
          ),
          dyTap.set(i32.sub(dyTap.get, pixelBytes.get)),
          wTap.set(i32.add(wTap.get, wStep.get)),
        ]),
      ]),
      columns.map(({ sum, offset }) => lanes.store(i32.add(dx.get, bytesOf(channel.get)), sum.get, offset)),
    ];
  });

  builder.body([
    pixelBytes.set(bytesOf(of.inputChannels)),
    wStep.set(i32.mul(pixelBytes.get, of.strideWidth)),
    dx.set(of.dx),
    range(image, zero, of.batch, one, [
      range(row, zero, of.inputHeight, one, [
        rows.find(row.get),
        range(column, zero, of.inputWidth, one, [
          columnsOf.find(column.get),
          pixel,
          dx.set(i32.add(dx.get, pixelBytes.get)),
        ]),
      ]),
    ]),
  ]);
  return builder;
}
