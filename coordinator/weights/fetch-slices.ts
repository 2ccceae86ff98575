import type { Precision } from "../../network/evaluation.ts";
import type { WeightsSlice } from "../../network/shared-weights.ts";
import { encodeWeights, precisionBytes } from "../../network/weights-codec.ts";
import { shapesOf } from "./fits.ts";
import type { JobFolder } from "./job-folder.ts";
import { chunkNumbers, type Chunk } from "./manifest.ts";
import { SliceRuns } from "./slice-runs.ts";
import { readManifest, VersionReader } from "./version-reader.ts";

/** Of what is handed over at a time. */
const pieceBytes = 1024 * 1024;

/** A chunk of which a slice needs some. */
interface NeededChunk {
  readonly tensor: string;
  readonly chunk: Chunk;
  readonly runs: SliceRuns;
  readonly from: number;
  readonly to: number;
}

/** The bytes of slices of a version, as `WeightsStore.fetch` says: a chunk is read when its turn has come. */
export async function* fetchSlices(
  folder: JobFolder,
  version: number,
  slices: readonly WeightsSlice[],
  precision: Precision,
): AsyncGenerator<Uint8Array> {
  const { tensors } = await readManifest(folder, version);
  const shapes = shapesOf(slices, tensors, `version ${version}`);
  const needed = slices.flatMap(({ tensor, shape }, place): readonly NeededChunk[] => {
    const runs = new SliceRuns(shapes[place] ?? [], shape);
    const chunks = tensors.find((each) => each.tensor === tensor)?.chunks ?? [];
    return chunks.flatMap((chunk, index) => {
      const [from, to] = [index * chunkNumbers, index * chunkNumbers + chunk.bytes / 4];
      const [first, last] = runs.within(from, to);
      return first === last ? [] : [{ tensor, chunk, runs, from, to }];
    });
  });
  const reader = await VersionReader.open(
    folder,
    version,
    needed.map(({ chunk }) => chunk),
  );
  try {
    let piece = new Float32Array(pieceBytes / precisionBytes[precision]);
    let filled = 0;
    for (const { tensor, chunk, runs, from, to } of needed) {
      const numbers = await reader.read(chunk, tensor);
      const full: Float32Array[] = [];
      runs.visit(from, to, (place, _, length) => {
        for (let begin = place - from, left = length; left > 0;) {
          const count = Math.min(left, piece.length - filled);
          piece.set(numbers.subarray(begin, begin + count), filled);
          begin += count;
          left -= count;
          filled += count;
          if (filled < piece.length) continue;
          full.push(piece);
          piece = new Float32Array(piece.length);
          filled = 0;
        }
      });
      for (const whole of full) yield encodeWeights([whole], precision);
    }
    if (filled > 0) yield encodeWeights([piece.subarray(0, filled)], precision);
  } finally {
    await reader.close();
  }
}
