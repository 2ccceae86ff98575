import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { jobFolder, updateFile, versionFile } from "../../../coordinator/weights/job-folder.ts";
import { openWeightsStore, type DiskWeights } from "../../../coordinator/weights/open-store.ts";
import type { WeightsMerge } from "../../../coordinator/weights/weights-store.ts";
import type { WeightsSlice } from "../../../network/shared-weights.ts";
import { encodeWeights, sliceSize } from "../../../network/weights-codec.ts";
import { wholeNumber } from "../flags.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { describeMachine } from "../service/machine.ts";
import { weightsCases, type WeightsCase } from "./cases.ts";
import { copyMs } from "./limits.ts";

const job = "default/bench";
const mebibyte = 2 ** 20;

/** Medians over the rounds. */
interface Figures {
  readonly mergeMs: number;
  readonly copyMs: number;
  /** The longest that the main thread was held up in a merge. */
  readonly heldMs: number;
  readonly putRate: number;
  readonly copyRate: number;
  readonly fetchRate: number;
  readonly halvesRate: number;
  readonly updateBytes: number;
}

/**
 * How fast shared weights are put, merged and fetched on this disk, beside reading and durably writing as many bytes. Flags: `--rounds`,
 * `--folder` on the disk.
 */
export async function benchWeights(flags: readonly string[], print: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...flags],
    options: { rounds: { type: "string", default: "7" }, folder: { type: "string", default: tmpdir() } },
  });
  const rounds = wholeNumber("rounds", values.rounds, 1);
  print(`npm run bench -- weights ${flags.join(" ")}\n${describeMachine(values.folder)}\n`);
  const rows: string[][] = [];
  for (const make of weightsCases) {
    const each = make();
    const before = process.resourceUsage().maxRSS;
    const figures = await measure(each, rounds, values.folder);
    const grown = (process.resourceUsage().maxRSS - before) / 1024;
    rows.push([
      `${each.name} (${figure(figures.updateBytes / mebibyte)} MiB of updates)`,
      figure(figures.mergeMs),
      figure(figures.copyMs),
      figure(figures.mergeMs / figures.copyMs),
      figure(figures.heldMs),
      figure(figures.putRate),
      figure(figures.copyRate),
      figure(figures.fetchRate),
      figure(figures.halvesRate),
      figure(grown),
    ]);
  }
  print(`### Shared weights\n\n${markdownTable(head, rows)}\n`);
}

const head = [
  "a round",
  "merge, ms",
  "plain copy of the same bytes, ms",
  "ratio",
  "main thread held up, ms",
  "put, MiB/s",
  "plain durable write, MiB/s",
  "fetch, MiB/s",
  "fetch in float16, MiB/s",
  "memory of the process grew by, MiB",
];

async function measure({ tensors, draws }: WeightsCase, rounds: number, where: string): Promise<Figures> {
  const root = mkdtempSync(join(where, "fpnas-weights-"));
  const store = await openWeightsStore(join(root, "weights"));
  const copies = join(root, "copies");
  mkdirSync(copies);
  const folder = jobFolder(join(root, "weights"), job);
  const merge: Omit<WeightsMerge, "round"> = { tensors, seed: 1, updates: [], momentum: 0 };
  const none = (): number[] => [];
  const of = { merge: none(), copy: none(), held: none(), put: none(), write: none(), fetch: none(), halves: none() };
  let updateBytes = 0;
  try {
    await store.merge(job, { ...merge, round: 0 });
    for (let round = 1; round <= rounds; round += 1) {
      const updates: { sha256: string; weight: number }[] = [];
      const changes = draws.map((slices, draw) => {
        return { slices, update: numbersOf(slices, draw + round * draws.length) };
      });
      const [putMs, bytes] = await timed(async () => {
        let sum = 0;
        for (const [draw, { slices, update }] of changes.entries()) {
          const sha256 = createHash("sha256").update(update).digest("hex");
          const header = { trial: draw + 1, version: round, slices, precision: "float32", sha256 } as const;
          await store.putUpdate(job, header, pieces(update));
          updates.push({ sha256, weight: 1 / draws.length });
          sum += update.byteLength;
        }
        return sum;
      });
      updateBytes = bytes;
      of.put.push(bytes / mebibyte / (putMs / 1000));
      const paths = updates.map(({ sha256 }) => updateFile(folder, sha256, round));
      const writeMs = paths.reduce((sum, path) => sum + copyMs([], copies, statSync(path).size), 0);
      of.write.push(bytes / mebibyte / (writeMs / 1000));

      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const [mergeMs] = await timed(() => store.merge(job, { ...merge, round, updates }));
      delay.disable();
      of.merge.push(mergeMs);
      of.held.push(delay.max / 1e6);
      // What a merge reads of its base is as long as what it writes.
      const path = versionFile(folder, round + 1);
      of.copy.push(copyMs([...paths, path], copies, statSync(path).size));

      for (const [precision, rates] of [
        ["float32", of.fetch],
        ["float16", of.halves],
      ] as const) {
        const [ms, fetched] = await timed(() => fetchAll(store, round + 1, draws, precision));
        rates.push(fetched / mebibyte / (ms / 1000));
      }
      await store.collect(job, { version: round + 1, updates: [] });
    }
  } finally {
    await store.close();
    rmSync(root, { recursive: true });
  }
  return {
    mergeMs: median(of.merge),
    copyMs: median(of.copy),
    heldMs: Math.max(...of.held),
    putRate: median(of.put),
    copyRate: median(of.write),
    fetchRate: median(of.fetch),
    halvesRate: median(of.halves),
    updateBytes,
  };
}

async function fetchAll(
  store: DiskWeights,
  version: number,
  draws: readonly (readonly WeightsSlice[])[],
  precision: "float32" | "float16",
): Promise<number> {
  let bytes = 0;
  for (const slices of draws)
    for await (const piece of store.fetch(job, version, slices, precision)) bytes += piece.byteLength;
  return bytes;
}

function numbersOf(slices: readonly WeightsSlice[], salt: number): Uint8Array {
  const size = slices.reduce((sum, slice) => sum + sliceSize(slice), 0);
  return encodeWeights([Float32Array.from({ length: size }, (_, n) => ((n % 97) * salt) / 1e6)], "float32");
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += mebibyte)
    yield await Promise.resolve(bytes.subarray(from, from + mebibyte));
}

async function timed<T>(step: () => Promise<T>): Promise<readonly [ms: number, result: T]> {
  const start = performance.now();
  const result = await step();
  return [performance.now() - start, result];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
