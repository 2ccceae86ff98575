/** Numbers of pixels, rows first, channels last. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float32Array;
}

/** Which places of an axis one place of the scaled axis is the mean of, and by what weights, which sum to 1. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** A triangle as wide as a place of the coarser of the two axes: bilinear, and without aliasing where it shrinks. */
function tapsOf(length: number, target: number): readonly Taps[] {
  const scale = length / target;
  const reach = Math.max(1, scale);
  return Array.from({ length: target }, (_, place) => {
    const centre = (place + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(length - 1, Math.floor(centre + reach));
    const weights = Array.from({ length: last - first + 1 }, (_, tap) => reach - Math.abs(first + tap - centre));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** Scales the middle axis of numbers [outer, length, inner]. */
function scaleAxis(values: Float32Array, [outer, length, inner]: readonly [number, number, number], target: number) {
  const scaled = new Float32Array(outer * target * inner);
  tapsOf(length, target).forEach(({ first, weights }, place) => {
    for (let row = 0; row < outer; row += 1) {
      for (let column = 0; column < inner; column += 1) {
        const from = (row * length + first) * inner + column;
        scaled[(row * target + place) * inner + column] = weights.reduce(
          (sum, weight, tap) => sum + weight * (values[from + tap * inner] ?? 0),
          0,
        );
      }
    }
  });
  return scaled;
}

/** Scales pixels to another size, each at least 1, by a triangle filter. Of the same size they stay as they are. */
export function resize({ height, width, channels, values }: Pixels, size: Pick<Pixels, "height" | "width">): Pixels {
  const rows = size.height === height ? values : scaleAxis(values, [1, height, width * channels], size.height);
  const both = size.width === width ? rows : scaleAxis(rows, [size.height, width, channels], size.width);
  return { ...size, channels, values: both };
}
