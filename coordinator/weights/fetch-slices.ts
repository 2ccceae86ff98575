import type { Precision } from "../../network/evaluation.ts";
import type { WeightsSlice } from "../../network/shared-weights.ts";
import { encodeWeights, precisionBytes, sliceSize } from "../../network/weights-codec.ts";
import { shapesOf } from "./fits.ts";
import type { JobFolder } from "./job-folder.ts";
import { chunkNumbers } from "./manifest.ts";
import { SliceRuns } from "./slice-runs.ts";
import { readManifest, VersionReader, type NamedChunk } from "./version-reader.ts";

/** Of what is handed over at a time. */
const pieceBytes = 1024 * 1024;

/** What is read at a time has at most so many bytes, and as many of no use between two chunks: a read takes longer than they do. */
const readBytes = 1024 * 1024;
const gapBytes = 64 * 1024;

/** A chunk of which a slice needs some. */
interface NeededChunk extends NamedChunk {
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
    const size = slices.reduce((sum, slice) => sum + sliceSize(slice), 0);
    const pieceNumbers = pieceBytes / precisionBytes[precision];
    let piece = new Float32Array(Math.min(size, pieceNumbers));
    let filled = 0;
    for (const near of batches(needed)) {
      const read = await reader.read(near);
      for (const [index, { runs, from, to }] of near.entries()) {
        const full: Float32Array[] = [];
        runs.visit(from, to, (place, _, length) => {
          for (let begin = place - from, left = length; left > 0;) {
            const count = Math.min(left, piece.length - filled);
            piece.set(read[index]?.subarray(begin, begin + count) ?? [], filled);
            begin += count;
            left -= count;
            filled += count;
            if (filled < piece.length) continue;
            full.push(piece);
            piece = new Float32Array(pieceNumbers);
            filled = 0;
          }
        });
        for (const whole of full) yield encodeWeights([whole], precision);
      }
    }
    if (filled > 0) yield encodeWeights([piece.subarray(0, filled)], precision);
  } finally {
    await reader.close();
  }
}

/** Chunks that are read at once, as they lie near each other in the order asked for. */
function* batches(chunks: readonly NeededChunk[]): Generator<readonly NeededChunk[]> {
  let batch: NeededChunk[] = [];
  for (const next of chunks) {
    const [first, last] = [batch.at(0)?.chunk, batch.at(-1)?.chunk];
    const { version, offset, bytes } = next.chunk;
    const isNear =
      first !== undefined &&
      last?.version === version &&
      offset >= last.offset + last.bytes &&
      offset <= last.offset + last.bytes + gapBytes &&
      offset + bytes - first.offset <= readBytes;
    if (!isNear && batch.length > 0) {
      yield batch;
      batch = [];
    }
    batch.push(next);
  }
  if (batch.length > 0) yield batch;
}
