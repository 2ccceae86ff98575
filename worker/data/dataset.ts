import type { Shape } from "../../network/types.ts";

/** Labelled images: `images` holds them one after the other, a byte a number, rows first, channels last. */
export interface Examples {
  readonly count: number;
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * A data set in three parts that share no image. A search trains on `train` and measures on `validation`; what a search has found is
 * trained on `trainAndValidation` and measured on `test`, once. No image of `test` is in any other part.
 */
export interface Dataset {
  readonly name: string;
  readonly input: Shape;
  readonly classes: number;
  readonly train: Examples;
  readonly validation: Examples;
  readonly test: Examples;
  readonly trainAndValidation: Examples;
  /** Mean and standard deviation of the bytes of `train`: what images are normalized by, whatever they are used for. */
  readonly mean: number;
  readonly deviation: number;
  readonly variation: Variation;
}

/** How an image may be changed without changing its class. */
export interface Variation {
  /** Pixels in each direction, in both dimensions. */
  readonly shift: number;
  /** Left for right. */
  readonly mirror: boolean;
}

/** Examples as a source gives them. */
export interface DecodedExamples {
  readonly images: readonly Uint8Array[];
  readonly labels: readonly number[];
}

/** Where a data set comes from. */
export interface DatasetSource {
  readonly name: string;
  readonly input: Shape;
  readonly classes: number;
  /** Changes with what `decode` returns: the version of the package that holds the data. */
  readonly version: string;
  readonly variation: Variation;
  /** Reads everything and splits it. Slow; its result is cached. */
  decode(): Promise<Readonly<Record<PartName, DecodedExamples>>>;
}

export const partNames = ["train", "validation", "test"] as const;
export type PartName = (typeof partNames)[number];
