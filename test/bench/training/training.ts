import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { networkCost } from "../../../network/cost.ts";
import { backendNames } from "../../../worker/backend/backend.ts";
import { twoBlockNetwork } from "../../../worker/backend/measure-backend.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { describeMachine } from "../service/machine.ts";
import { ofBackend, peers, type Contestant } from "./contestant.ts";
import { parseTraining, type TrainingOptions } from "./options.ts";
import { pipelineRate } from "./pipeline-rate.ts";
import type { TrainingRate } from "./training-rate.ts";

/** What the others are compared with. */
const yardstick = "TensorFlow 2.21, eager";

interface Figures extends TrainingRate {
  /** From the start of the process to the end of its first step. */
  readonly firstStepSeconds: number;
}

type Row = readonly [name: string, figures: Figures | string];

/**
 * Training speed on the two-block MobileNet (stem of 16, expansion 6 to 24 and 40 channels, 28x28x1, momentum): every backend present, and
 * the same network in TensorFlow and PyTorch, each in a process of its own, one after the other. Flags: options.ts.
 */
export async function benchTraining(flags: readonly string[], print: (line: string) => void): Promise<void> {
  const options = parseTraining(flags);
  const { macs, params } = networkCost(twoBlockNetwork(options.stemStride));
  print(`npm run bench -- training ${flags.join(" ")}\n${describeMachine(tmpdir())}`);
  print(`${figure(macs)} MACs, ${figure(params)} params, batch ${options.batch}\n`);
  const rows: Row[] = [];
  for (const contestant of [...backendNames.map(ofBackend), ...(options.peers ? peers : [])]) {
    const row = [contestant.name, await race(contestant, options, print)] as const;
    rows.push(row);
    const [name, seen] = row;
    print(typeof seen === "string" ? `${name}: ${seen}` : cells(row, NaN).join("  "));
  }
  const base = rows.find(([name]) => name === yardstick)?.[1];
  const baseRate = typeof base === "object" ? base.imagesPerSecond : NaN;
  print(
    `\n### Training\n\n${markdownTable(
      head,
      rows.map((row) => cells(row, baseRate)),
    )}\n`,
  );
  const fastest = Math.max(...rows.map(([, seen]) => (typeof seen === "object" ? seen.imagesPerSecond : 0)));
  const pipeline = await pipelineRate(options.batch);
  print(`Batches alone: ${figure(pipeline)} img/s, ${figure(pipeline / fastest)} times what the fastest consumes.`);
}

const head = ["program", `of ${yardstick}`, "img/s", "first step after, s", "memory, MiB"];

function cells([name, seen]: Row, baseRate: number): string[] {
  if (typeof seen === "string") return [name, "not here", "–", "–", "–"];
  const { imagesPerSecond, firstStepSeconds, rssMib } = seen;
  return [name, ...[imagesPerSecond / baseRate, imagesPerSecond, firstStepSeconds, rssMib].map(figure)];
}

/** Runs a program to its end. Returns why where it cannot be run: what is absent does not end the others. */
async function race(
  contestant: Contestant,
  options: TrainingOptions,
  note: (text: string) => void,
): Promise<Figures | string> {
  try {
    const command = await contestant.command(options, note);
    const [program = "", ...args] = options.oneCore ? ["taskset", "--cpu-list", "0", ...command] : command;
    const startMs = Date.now();
    const { stdout } = await promisify(execFile)(program, args, { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" } });
    const rate = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as TrainingRate;
    return { ...rate, firstStepSeconds: (rate.firstStepEndedMs - startMs) / 1000 };
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n").at(-1) : "";
    return said || (error instanceof Error ? error.message : String(error));
  }
}
