import { stat } from "node:fs/promises";
import { join } from "node:path";
import { networkHash } from "../../network/canonical.ts";
import { decodeNetwork } from "../../network/codec.ts";
import { InputError } from "../../network/errors.ts";
import { z } from "zod";
import { decodeTrained, type TrainedNetwork } from "../../worker/checkpoint/trained-file.ts";
import { badInput, specLines } from "../errors.ts";
import { architectureSchema, exportFiles, type ArchitectureFile } from "../model-export/architecture-file.ts";
import { readInputFile } from "../read-file.ts";

/** Far above any network. */
const maxArchitectureBytes = 2 ** 26;
/** What a coordinator keeps at most. */
const maxWeightsBytes = 2 ** 28;

/** An export as it is read back. */
export interface ReadExport {
  readonly architecture: ArchitectureFile;
  readonly trained: TrainedNetwork;
}

/** Reads the export of a job. Throws CliError (bad input) where the folder holds none, or one that is damaged or of another version. */
export async function readExport(folder: string): Promise<ReadExport> {
  const architecturePath = join(folder, exportFiles.architecture);
  const isThere = await stat(architecturePath).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const advice = "Give the folder export of a finished run, such as runs/NAME/export.";
    throw badInput(`${folder} is no export: it has no ${exportFiles.architecture}. ${advice}`);
  }
  const architecture = parse(architecturePath, await readInputFile(architecturePath, maxArchitectureBytes));
  const weightsPath = join(folder, exportFiles.weights);
  const trained = decodeWeights(weightsPath, await readInputFile(weightsPath, maxWeightsBytes));
  if (networkHash(decodeGraph(architecturePath, architecture)) !== networkHash(trained.graph)) {
    throw badInput(`${weightsPath} holds the weights of another network than ${architecturePath}.`);
  }
  return { architecture, trained };
}

function parse(path: string, bytes: Uint8Array): ArchitectureFile {
  try {
    return architectureSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    if (error instanceof SyntaxError) throw badInput(`${path} is not valid JSON: ${error.message}.`);
    if (!(error instanceof z.ZodError)) throw error;
    throw badInput(...error.issues.map((issue) => `${path}: ${issue.path.join(".")}: ${issue.message}`));
  }
}

function decodeGraph(path: string, { network }: ArchitectureFile) {
  try {
    return decodeNetwork(network);
  } catch (error) {
    if (error instanceof InputError) throw badInput(...specLines(error).map((line) => `${path}: network.${line}`));
    throw error;
  }
}

function decodeWeights(path: string, bytes: Uint8Array): TrainedNetwork {
  try {
    return decodeTrained(bytes);
  } catch (error) {
    throw badInput(`${path} cannot be used: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
