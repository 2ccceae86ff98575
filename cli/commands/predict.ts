import type { Command } from "commander";
import { exitWith } from "../command.ts";
import { badInput, CliError } from "../errors.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { formatShare, formatTable } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printErrors, printJson, printNote, printResult } from "../output.ts";
import { loadClassifier, type Classifier } from "../predict/classifier.ts";
import { readImage } from "../predict/decode-image.ts";
import { fitImage } from "../predict/fit-image.ts";
import { readExport, type ReadExport } from "../predict/read-export.ts";

interface Options {
  readonly invert?: true;
  readonly json?: true;
}

/** What a network makes of one image. */
interface Prediction {
  readonly image: string;
  readonly class: string;
  readonly probability: number;
  /** By class. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** What was done to the image first. */
  readonly changes: readonly string[];
}

/** An image that could not be read. */
interface Unread {
  readonly image: string;
  readonly error: string;
}

/** `fpnas predict EXPORT IMAGE..`: what an exported network makes of images. */
export function addPredict(program: Command): void {
  program
    .command("predict")
    .description("classify images with the network that a finished job exported")
    .argument("<export>", "folder of the export, such as runs/NAME/export")
    .argument("<images...>", "PNG or JPEG files")
    .option("--invert", "take light for dark: for images of dark objects on a light ground")
    .addOption(jsonOption())
    .action(exitWith(predict));
}

async function predict(folder: string, images: readonly string[], options: Options): Promise<ExitCode> {
  const found = await readExport(folder);
  const { channels } = found.trained.graph.input;
  if (channels !== 1 && channels !== 3) {
    throw badInput(`${folder}: the network takes images of ${String(channels)} channels; files have 1 or 3.`);
  }
  const classifier = await loadClassifier(found);
  const results: (Prediction | Unread)[] = [];
  for (const image of images) results.push(await predictOne(found, classifier, image, options.invert === true));
  classifier.dispose();
  const predictions = results.filter((result) => "class" in result);
  for (const { image, changes } of predictions) if (changes.length > 0) printNote(`${image}: ${changes.join(", ")}`);
  printErrors(results.flatMap((result) => ("error" in result ? [result.error] : [])));
  if (options.json === true) printJson({ export: folder, dataset: found.architecture.dataset, images: results });
  else if (predictions.length > 0) printResult(predictionTable(predictions));
  return predictions.length === results.length ? exitCodes.done : exitCodes.badInput;
}

/** Throws only what is no mistake in the image. */
async function predictOne(
  { architecture, trained }: ReadExport,
  classifier: Classifier,
  image: string,
  invert: boolean,
): Promise<Prediction | Unread> {
  try {
    const { pixels, changes } = fitImage(await readImage(image), trained.graph.input, invert);
    const probabilities = await classifier.classify(pixels);
    const probability = Math.max(...probabilities);
    const labels = probabilities.map((_, index) => architecture.labels[index] ?? String(index));
    return {
      image,
      class: labels[probabilities.indexOf(probability)] ?? "",
      probability,
      probabilities: Object.fromEntries(labels.map((label, index) => [label, probabilities[index] ?? 0])),
      changes,
    };
  } catch (error) {
    if (error instanceof CliError) return { image, error: error.message };
    throw error;
  }
}

function predictionTable(predictions: readonly Prediction[]): string {
  const rows = predictions.map((one) => [one.image, one.class, formatShare(one.probability)]);
  return formatTable([["image", "class", "probability"], ...rows]);
}
