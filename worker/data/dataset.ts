import type { Shape } from "../../network/types.ts";

/** Examples in a fixed order. */
export interface Examples {
  readonly count: number;
  /** count x height x width x channels, 0 to 255. */
  readonly images: Uint8Array;
  /** Class of each example, from 0. */
  readonly labels: Uint8Array;
}

/** The parts of a data set. No example stands in two of them. */
export const parts = ["train", "validation", "test"] as const;
export type Part = (typeof parts)[number];

/**
 * A data set for image classification. A search trains on `train` and measures on `validation`; only final training measures on
 * `test`. Every part is ordered by the hash of its images, so that a part's first examples are a fair sample of its classes.
 */
export interface Dataset extends Readonly<Record<Part, Examples>> {
  readonly name: string;
  readonly shape: Shape;
  readonly classes: number;
  /** Mean and standard deviation of a pixel over `train` and `validation`, in units of 0 to 255. */
  readonly mean: number;
  readonly deviation: number;
}

/** Floats in one example. */
export function exampleSize({ height, width, channels }: Shape): number {
  return height * width * channels;
}
