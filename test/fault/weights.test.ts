import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { SharedTensor } from "../../network/shared-weights.ts";
import { jobFolder, oldFile, updateFile, versionFile } from "../../coordinator/weights/job-folder.ts";
import type { Manifest } from "../../coordinator/weights/manifest.ts";
import { openWeightsStore, type DiskWeights } from "../../coordinator/weights/open-store.ts";
import { VersionFiles } from "../../coordinator/weights/version-files.ts";
import type { WeightsMerge } from "../../coordinator/weights/weights-store.ts";
import { randomStream } from "../../network/random.ts";
import { builtProgram } from "../support/built-program.ts";
import { useFolder } from "../support/cli-files.ts";
import { MemoryWeights } from "../support/memory-weights.ts";
import { churnJob, churnMerge, churnRound, churnTensors, churnUpdates } from "../support/weights-churn-plan.ts";
import { fetchBytes, fetchNumbers, hashOf, putNumbers } from "../support/weights-bytes.ts";

const temporary = useFolder();
const job = "default/shared";
const tensors: readonly SharedTensor[] = [
  { tensor: "wide", shape: [300, 500], initial: { type: "constant", value: 0.5 } },
  { tensor: "small", shape: [5], initial: { type: "normal", deviation: 0.1 } },
];
const [wide, small] = tensors as readonly [SharedTensor, SharedTensor];
const round = (number: number, changes: Partial<WeightsMerge> = {}): WeightsMerge => {
  return { round: number, tensors, seed: 7, updates: [], momentum: 0, ...changes };
};
const refusal = (code: string, text = "") =>
  expect.objectContaining({ code, message: expect.stringContaining(text) as unknown });

let weights: DiskWeights;
const opened: DiskWeights[] = [];
beforeEach(async () => {
  weights = await open();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(): Promise<DiskWeights> {
  const store = await openWeightsStore(join(temporary.path, "weights"));
  opened.push(store);
  return store;
}

const folderOf = (key: string) => jobFolder(join(temporary.path, "weights"), key);
const filesOf = (key: string) => readdirSync(folderOf(key).versions).sort();

async function addTo(tensor: SharedTensor, number: number, value: number): Promise<void> {
  const slice = { tensor: tensor.tensor, shape: tensor.shape.map(() => 1) };
  const sha256 = await putNumbers(weights, job, [slice], [[value]], { version: number });
  await weights.merge(job, round(number, { updates: [{ sha256, weight: 1 }] }));
}

function manifestOf(version: number): Manifest {
  return new VersionFiles(folderOf(job)).manifest(version)!;
}

function flip(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes[offset]! ^= 0x10;
  writeFileSync(path, bytes);
}

/** Runs rounds of churn in a process, which may be told when to die: what it told. */
async function churn(
  rounds: readonly [first: number, last: number],
  death: readonly number[],
  limit = "",
): Promise<string[]> {
  const program = builtProgram("test/support/weights-churn.ts");
  const args = [program, join(temporary.path, "weights"), ...[...rounds, ...death].map(String)];
  const child = spawn("sh", ["-c", `${limit} exec "$0" "$@"`, process.execPath, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (code !== 0 && signal !== "SIGKILL") throw new Error(`it ended with ${String(code)}: ${lines.join("; ")}`);
  return lines;
}

describe("shared weights on disk", () => {
  test("killed at any moment have all that was told to be stored, in whole, and come to the same bits", async () => {
    const last = 10;
    const expected = new Map<number, string>();
    const memory = new MemoryWeights();
    for (let number = 0; number <= last; number += 1) {
      await churnRound(memory, number, () => undefined);
      expected.set(number + 1, hashOf(await fetchBytes(memory, churnJob, number + 1, churnTensors)));
    }

    const random = randomStream(20, "kills");
    let [next, kills] = [0, 0];
    for (let life = 0; next <= last; life += 1) {
      expect(life).toBeLessThan(60);
      const death = [1 + Math.floor(random() * 24), Math.floor(random() ** 3 * 500)];
      const lines = await churn([next, last], death);
      if (!lines.includes(`collected ${last}`)) kills += 1;
      const before = next;
      next = Math.max(
        next,
        ...lines.flatMap((line) => (line.startsWith("merged ") ? [Number(line.slice(7)) + 1] : [])),
      );
      if (next === 0) continue;

      const store = await open();
      expect(readdirSync(folderOf(churnJob).unfinished)).toEqual([]);
      expect(hashOf(await fetchBytes(store, churnJob, next, churnTensors))).toBe(expected.get(next));
      // What was merged but not told is whole, or not there at all.
      const ahead = await fetchBytes(store, churnJob, next + 1, churnTensors).catch((error: unknown) => error);
      if (Buffer.isBuffer(ahead)) expect(hashOf(ahead)).toBe(expected.get(next + 1));
      else expect(ahead).toEqual(refusal("notFound"));
      const merged = lines.lastIndexOf(`merged ${next - 1}`);
      const stored = lines.slice(next === before ? 0 : merged).filter((line) => line.startsWith("stored "));
      for (const line of stored) expect(await store.hasUpdate(churnJob, line.slice(7))).toBe(true);
      await store.close();
    }
    expect(kills).toBeGreaterThanOrEqual(5);
  }, 120_000);

  test("of a full disk are refused as unavailable, and go on once there is room", async () => {
    await churn([0, 0], []);
    const lines = await churn([1, 1], [], `trap "" XFSZ; ulimit -f 200;`);
    expect(lines.at(-1)).toMatch(/^refused unavailable version 2: EFBIG/);
    expect(readdirSync(folderOf(churnJob).unfinished)).toEqual([]);
    const updates = await churn([1, 1], [], `trap "" XFSZ; ulimit -f 2;`);
    expect(updates.at(-1)).toMatch(/^refused unavailable the update of trial \d+: EFBIG/);
    expect((await churn([1, 2], [])).at(-1)).toBe("collected 2");
  });

  test("whose folders cannot be used are unavailable", async () => {
    const path = join(temporary.path, "file");
    writeFileSync(path, "");
    await expect(openWeightsStore(join(path, "weights"))).rejects.toEqual(refusal("unavailable", "ENOTDIR"));
    await weights.merge(job, round(0));
    rmSync(folderOf(job).unfinished, { recursive: true });
    writeFileSync(folderOf(job).unfinished, "");
    await expect(weights.merge(job, round(1))).rejects.toEqual(refusal("unavailable", "ENOTDIR"));
    await expect(putNumbers(weights, job, [small], [[1, 2, 3, 4, 5]])).rejects.toEqual(
      refusal("unavailable", "ENOTDIR"),
    );
  });

  test("with a flipped bit anywhere are corrupt, and say what is", async () => {
    await weights.merge(job, round(0));
    const path = versionFile(folderOf(job), 1);
    const whole = readFileSync(path);
    const chunks = manifestOf(1).tensors.flatMap(({ tensor, chunks: all }) => all.map((chunk) => ({ tensor, chunk })));
    expect(chunks.map(({ chunk }) => chunk.bytes)).toEqual([262_144, 262_144, 75_712, 20]);
    for (const { tensor, chunk } of chunks) {
      flip(path, chunk.offset + chunk.bytes - 1);
      const named = refusal("corrupt", `chunk ${chunk.sha256} of the tensor ${tensor}`);
      await expect(fetchBytes(weights, job, 1, tensors)).rejects.toEqual(named);
      const others = tensors.filter((each) => each.tensor !== tensor);
      expect((await fetchBytes(weights, job, 1, others)).length).toBeGreaterThan(0);
      writeFileSync(path, whole);
    }
    for (let offset = chunks.at(-1)!.chunk.offset + 20; offset < whole.length; offset += 13) {
      flip(path, offset);
      await expect(fetchBytes(weights, job, 1, tensors)).rejects.toEqual(refusal("corrupt", "version 1"));
      writeFileSync(path, whole);
    }
    for (const length of [0, 30, 1000, whole.length - 1]) {
      truncateSync(path, length);
      await expect(fetchBytes(weights, job, 1, tensors)).rejects.toEqual(refusal("corrupt", "version 1"));
      await expect(weights.merge(job, round(1))).rejects.toEqual(refusal("corrupt", "version 1"));
      writeFileSync(path, whole);
    }
    const [chunk] = manifestOf(1).tensors[0]!.chunks;
    flip(path, chunk!.offset);
    await expect(addTo(wide, 1, 1)).rejects.toEqual(refusal("corrupt", `chunk ${chunk!.sha256} of the tensor wide`));
    await addTo(small, 1, 2);
  });

  test("with a damaged update are corrupt, and say which", async () => {
    await weights.merge(job, round(0));
    const sha256 = await putNumbers(weights, job, [small], [[1, 2, 3, 4, 5]]);
    const updates = [{ sha256, weight: 1 }];
    const path = updateFile(folderOf(job), sha256, 1);
    const whole = readFileSync(path);
    for (let offset = 0; offset < whole.length; offset += 9) {
      flip(path, offset);
      await expect(weights.merge(job, round(1, { updates }))).rejects.toEqual(refusal("corrupt", `update ${sha256}`));
      writeFileSync(path, whole);
    }
    await weights.merge(job, round(1, { updates }));
  });

  test("are made anew where a version is damaged and its merge is repeated", async () => {
    await weights.merge(job, round(0));
    await addTo(wide, 1, 1);
    const expected = await fetchBytes(weights, job, 2, tensors);
    truncateSync(versionFile(folderOf(job), 2), 100);
    await addTo(wide, 1, 1);
    expect((await fetchBytes(weights, job, 2, tensors)).equals(expected)).toBe(true);
  });

  test("miss no file silently", async () => {
    await weights.merge(job, round(0));
    await addTo(small, 1, 1);
    await weights.collect(job, { version: 2, updates: [] });
    expect(filesOf(job)).toEqual(["1.old", "2.weights"]);
    rmSync(oldFile(folderOf(job), 1));
    await expect(fetchBytes(weights, job, 2, [wide])).rejects.toEqual(refusal("corrupt", "is missing"));
    await expect(addTo(wide, 2, 1)).rejects.toEqual(refusal("corrupt", "is missing"));
    expect(await fetchNumbers(weights, job, 2, [small])).toHaveLength(1);
  });

  test("share what has not changed with the version before, and keep no file for ever for it", async () => {
    await weights.merge(job, round(0));
    const expected = await fetchBytes(weights, job, 1, [wide]);
    const most: number[] = [];
    for (let number = 1; number <= 40; number += 1) {
      await addTo(small, number, 1);
      const own = manifestOf(number + 1).tensors[0]!.chunks.filter(({ version }) => version === number + 1);
      most.push(own.length);
      await weights.collect(job, { version: number + 1, updates: [] });
      expect(filesOf(job).length).toBeLessThanOrEqual(17);
    }
    expect(most.filter((count) => count > 0)).toEqual([3, 3]);
    expect((await fetchBytes(weights, job, 41, [wide])).equals(expected)).toBe(true);
  });

  test("of two coordinators that share a folder are those of one", async () => {
    const other = await open();
    const memory = new MemoryWeights();
    const tell = () => undefined;
    for (let number = 0; number <= 6; number += 1) {
      await churnRound(memory, number, tell);
      await churnUpdates(other, number, tell);
      await Promise.all(
        [weights, other].map(async (store) => {
          await store.merge(churnJob, churnMerge(number));
          await store.collect(churnJob, { version: number + 1, updates: [] });
        }),
      );
      const expected = await fetchBytes(memory, churnJob, number + 1, churnTensors);
      for (const store of [weights, other])
        expect((await fetchBytes(store, churnJob, number + 1, churnTensors)).equals(expected)).toBe(true);
    }
    expect(readdirSync(folderOf(churnJob).unfinished)).toEqual([]);
  });

  test("clear on opening what nobody will finish, and leave what somebody may", async () => {
    await weights.merge(job, round(0));
    const { unfinished } = folderOf(job);
    const store = "00000000-0000-4000-8000-000000000000";
    const dead = 2 ** 22 + 1;
    const [orphan, former] = [`${hostname()}.${dead}.${store}.1`, `${hostname()}.${process.pid}.${store}.2`];
    const [alive, foreign, old] = [
      `${hostname()}.1.${store}.3`,
      `elsewhere.${dead}.${store}.4`,
      `elsewhere.1.${store}.5`,
    ];
    for (const name of [orphan, former, alive, foreign, old]) writeFileSync(join(unfinished, name), "");
    utimesSync(join(unfinished, old), new Date(0), new Date(0));
    writeFileSync(join(temporary.path, "weights", "lost+found"), "");
    await open();
    expect(readdirSync(unfinished).sort()).toEqual([alive, foreign].sort());
  });

  test("refuse what is under way when they are closed, and what comes later", async () => {
    await weights.merge(job, round(0));
    const merging = weights.merge(job, round(1));
    await Promise.all([weights.close(), expect(merging).rejects.toEqual(refusal("unavailable", "closed"))]);
    await expect(weights.merge(job, round(2))).rejects.toEqual(refusal("unavailable", "closed"));
    const next = await open();
    await next.merge(job, round(1));
  });

  test("refuse bytes that are stored as changes of other slices, unless they change nothing", async () => {
    await weights.merge(job, round(0));
    const [row, column] = [
      { tensor: "wide", shape: [1, 2] },
      { tensor: "wide", shape: [2, 1] },
    ];
    await putNumbers(weights, job, [row], [[1, 2]]);
    await expect(putNumbers(weights, job, [column], [[1, 2]])).rejects.toEqual(refusal("invalid", "of other slices"));
    await putNumbers(weights, job, [row], [[0, -0]]);
    await putNumbers(weights, job, [column], [[0, -0]]);
  });
});
