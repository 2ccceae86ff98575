import type { Shape } from "../../network/types.ts";
import type { RgbaImage } from "./decode-image.ts";
import { resize, type Pixels } from "./resize.ts";

/** An image in the shape that a network takes. */
export interface FittedImage {
  /** From 0 to 255, rows first, channels last. */
  readonly pixels: Float32Array;
  /** What was done to the image, a clause each. */
  readonly changes: readonly string[];
}

/** Of red, green and blue in brightness (ITU-R BT.601). */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * Fits an image to a network's input: its colours made grey where that has one channel, scaled as a whole where it has another size, and
 * centred on black. What is transparent becomes black, or white where the image is to be inverted, as dark objects on white are.
 */
export function fitImage(image: RgbaImage, input: Shape, invert: boolean): FittedImage {
  const changes: string[] = [];
  const pixels = readPixels(image, input.channels, invert, changes);
  const scale = Math.min(input.height / image.height, input.width / image.width);
  const height = Math.max(1, Math.round(image.height * scale));
  const width = Math.max(1, Math.round(image.width * scale));
  const sizeOf = ({ width: columns, height: rows }: Pick<Pixels, "width" | "height">): string =>
    `${String(columns)} x ${String(rows)}`;
  if (scale !== 1) changes.push(`scaled from ${sizeOf(image)} to ${sizeOf({ width, height })}`);
  const scaled = resize(pixels, { height, width });
  if (height === input.height && width === input.width) return { pixels: scaled.values, changes };
  changes.push(`centred on black of ${sizeOf(input)}`);
  return { pixels: centre(scaled, input), changes };
}

function readPixels(image: RgbaImage, channels: number, invert: boolean, changes: string[]): Pixels {
  const { width, height, data } = image;
  const ground = invert ? 255 : 0;
  const values = new Float32Array(width * height * channels);
  let [isColoured, isTransparent] = [false, false];
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const opacity = (data[4 * pixel + 3] ?? 0) / 255;
    const colours = [0, 1, 2].map((channel) => opacity * (data[4 * pixel + channel] ?? 0) + (1 - opacity) * ground);
    const [red = 0, green = 0, blue = 0] = colours;
    isTransparent ||= opacity < 1;
    isColoured ||= red !== green || green !== blue;
    const grey = red === green && green === blue ? red : luma[0] * red + luma[1] * green + luma[2] * blue;
    for (let channel = 0; channel < channels; channel += 1) {
      const value = channels === 1 ? grey : (colours[channel] ?? 0);
      values[pixel * channels + channel] = invert ? 255 - value : value;
    }
  }
  if (isColoured && channels === 1) changes.push("colours made grey");
  if (isTransparent) changes.push(`laid on ${invert ? "white" : "black"} where transparent`);
  if (invert) changes.push("inverted");
  return { height, width, channels, values };
}

function centre({ height, width, channels, values }: Pixels, input: Shape): Float32Array {
  const centred = new Float32Array(input.height * input.width * channels);
  const top = Math.floor((input.height - height) / 2);
  const left = Math.floor((input.width - width) / 2);
  for (let row = 0; row < height; row += 1) {
    const line = values.subarray(row * width * channels, (row + 1) * width * channels);
    centred.set(line, ((top + row) * input.width + left) * channels);
  }
  return centred;
}
