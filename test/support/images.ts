import { PNG } from "pngjs";

/** An 8-bit PNG of grey values, rows first. */
export function greyPng(width: number, height: number, values: Uint8Array): Buffer {
  const png = new PNG({ width, height, colorType: 0, inputColorType: 0, bitDepth: 8 });
  png.data = Buffer.from(values);
  return PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false });
}

/** An 8-bit PNG of pixels, four bytes each; `colorType` as in the PNG standard: 0 grey, 2 colours, 4 grey with opacity, 6 colours with opacity. */
export function rgbaPng(width: number, height: number, data: readonly number[], colorType: 0 | 2 | 4 | 6): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png, { colorType, inputColorType: 6 });
}
