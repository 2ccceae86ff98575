import type { Shape } from "../network/types.ts";

/** What a spec may assume of a data set. Workers hold the images (worker/data). */
export interface Dataset {
  /** Shape of one example. */
  readonly input: Shape;
  readonly classes: number;
  /** Whose split into train and test part is used, as one sentence for people. */
  readonly splitNote: string;
}

export const datasetNames = ["mnist", "fashion-mnist"] as const;
export type DatasetName = (typeof datasetNames)[number];

export const datasets: Readonly<Record<DatasetName, Dataset>> = {
  mnist: {
    input: { height: 28, width: 28, channels: 1 },
    classes: 10,
    splitNote: "MNIST's test part is the official one of 10,000 images.",
  },
  "fashion-mnist": {
    input: { height: 28, width: 28, channels: 1 },
    classes: 10,
    splitNote:
      "The split of Fashion-MNIST is ours, not the official one: its npm package has none, so per class the 1,000 distinct images of smallest SHA-256 are the test part.",
  },
};
