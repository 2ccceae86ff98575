import type { Random } from "../../network/random.ts";
import type { Dataset } from "./dataset.ts";

/**
 * Copies an image with every change that keeps its class, each by chance (`Dataset.variation`): shifted by a whole number of pixels in both
 * dimensions, where black comes in, and mirrored half the time where that is allowed.
 * @returns a function of the image's bytes, where the normalized image goes, and the normalized value of each byte.
 */
export function copyVaried(
  { input, variation }: Dataset,
  random: Random,
): (from: Uint8Array, to: Float32Array, normalized: Float32Array) => void {
  const { height, width, channels } = input;
  const { shift, mirror } = variation;
  const shiftOf = (): number => Math.floor(random() * (2 * shift + 1)) - shift;
  return (from, to, normalized) => {
    const [down, right] = [shiftOf(), shiftOf()];
    const isMirrored = mirror && random() < 0.5;
    const black = normalized[0] ?? 0;
    let place = 0;
    for (let y = 0; y < height; y += 1) {
      const row = y - down;
      for (let x = 0; x < width; x += 1) {
        const column = (isMirrored ? width - 1 - x : x) - right;
        const isInside = row >= 0 && row < height && column >= 0 && column < width;
        const pixel = (row * width + column) * channels;
        for (let channel = 0; channel < channels; channel += 1) {
          to[place] = isInside ? (normalized[from[pixel + channel] ?? 0] ?? 0) : black;
          place += 1;
        }
      }
    }
  };
}
