import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { pino } from "pino";
import { status } from "@grpc/grpc-js";
import { pause, systemClock } from "../../coordinator/scheduling/clock.ts";
import { EngineError } from "../../coordinator/scheduling/errors.ts";
import { evaluationFor, evaluationSeed } from "../../coordinator/scheduling/evaluation.ts";
import {
  formatJobName,
  formatTrialName,
  parseJobName,
  parseProjectName,
  parseTrialName,
} from "../../coordinator/scheduling/names.ts";
import { PendingQueue } from "../../coordinator/scheduling/pending-queue.ts";
import { busyFraction, UsageMeter, withWork } from "../../coordinator/scheduling/usage.ts";
import { toStatus } from "../../coordinator/rpc/status.ts";
import { readPage } from "../../coordinator/rpc/pages.ts";
import { StorageError } from "../../coordinator/storage/storage.ts";
import type { TrialRole } from "../../coordinator/search/types.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import { SpecError } from "../../spec/types.ts";
import { FakeClock, settle } from "../support/scheduling-clock.ts";
import { silent } from "../support/scheduling-bench.ts";
import { tabularSpec } from "../support/scheduling-table.ts";

describe("a pending queue", () => {
  test("gives the lowest number first, each once, whatever comes and goes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("add", "remove", "take"), fc.integer({ min: 1, max: 20 }))),
        (steps) => {
          const queue = new PendingQueue();
          const model = new Set<number>();
          for (const [step, trial] of steps) {
            if (step === "take") {
              const lowest = [...model].sort((a, b) => a - b)[0];
              expect(queue.take()).toBe(lowest);
              if (lowest !== undefined) model.delete(lowest);
            } else {
              queue[step](trial);
              if (step === "add") model.add(trial);
              else model.delete(trial);
            }
            expect(queue.size).toBe(model.size);
          }
        },
      ),
    );
  });
});

describe("names", () => {
  test("are read as they are written", () => {
    expect(parseJobName("projects/p/jobs/a-1", "name")).toBe("p/a-1");
    expect(formatJobName("p/a-1")).toBe("projects/p/jobs/a-1");
    expect(parseTrialName(formatTrialName("p/a-1", 12))).toEqual({ job: "p/a-1", trial: 12 });
    expect(parseProjectName("", "parent")).toBe("default");
  });

  test.each(["", "projects/p", "projects/P/jobs/a", "projects/p/jobs/1a", "projects/p/jobs/a/", "x/projects/p/jobs/a"])(
    "%j names no job",
    (name) => expect(() => parseJobName(name, "name")).toThrow(EngineError),
  );

  test.each([
    "projects/p/jobs/a",
    "projects/p/jobs/a/trials/0",
    "projects/p/jobs/a/trials/1e3",
    "projects/p/jobs/a/trials/",
  ])("%j names no trial", (name) => expect(parseTrialName(name)).toBeNull());
});

const trialOf = (role: TrialRole) => ({ role, trial: 1, round: role === "search" ? 1 : 0 });
const before = { finals: [] };

describe("an evaluation", () => {
  test("has a 32-bit seed that follows from the job's", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const value = evaluationSeed(seed);
        expect(value).toBe(evaluationSeed(seed));
        expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).toBe(true);
      }),
    );
    expect(evaluationSeed(1)).not.toBe(evaluationSeed(2));
    expect(evaluationFor(parseSpec(tabularSpec()), new Map(), trialOf("search"), before)).toEqual({
      type: "tabular",
      seed: evaluationSeed(7),
    });
  });

  test("has the spec's time limit, and a final training as much more as it has more steps", () => {
    const train = { dataset: "mnist", steps: 30 };
    const spec = (finalSteps: number) =>
      parseSpec({
        ...{ space: "mbconv-small", evaluator: { train, timeLimitSeconds: 0.5 }, final: { steps: finalSteps } },
      });
    expect(evaluationFor(spec(600), new Map(), trialOf("search"), before).timeLimitMs).toBe(500);
    expect(evaluationFor(spec(600), new Map(), trialOf("finalAnswer"), before).timeLimitMs).toBe(10_000);
    expect(evaluationFor(spec(3), new Map(), trialOf("finalAnswer"), before).timeLimitMs).toBe(500);
    const tabular = { tabular: { table: "small.json" }, timeLimitSeconds: 2 };
    expect(
      evaluationFor(parseSpec(tabularSpec({ evaluator: tabular })), new Map(), trialOf("search"), before).timeLimitMs,
    ).toBe(2_000);
  });
});

describe("the evaluation by a program", () => {
  const command = { run: ["python3", "train.py"], files: ["train.py"], env: { A: "1" }, memoryMiB: 16, steps: 30 };
  const spec = (more: object) =>
    parseSpec({
      space: "mbconv-small",
      evaluator: { command: { ...command, ...more }, timeLimitSeconds: 0.5 },
      final: { steps: 600 },
    });
  const files = new Map([["train.py", "a".repeat(64)]]);

  test("names the job's files by their hashes, and tells part and steps of a trial and of the final training", () => {
    const search = evaluationFor(spec({}), files, trialOf("search"), before);
    expect(search).toEqual({
      ...{ type: "command", seed: evaluationSeed(0), run: command.run, env: command.env, timeLimitMs: 500 },
      files: [{ path: "train.py", sha256: "a".repeat(64) }],
      ...{ memoryLimitBytes: 2 ** 24, steps: 30, part: "validation" },
    });
    const final = { ...search, steps: 600, part: "test", timeLimitMs: 10_000 };
    for (const role of ["finalAnswer", "finalRandom", "finalLargest"] as const) {
      expect(evaluationFor(spec({}), files, trialOf(role), before)).toEqual(final);
    }
  });

  test("tells no steps and limits no memory where the spec does not", () => {
    const plain = parseSpec({ space: "mbconv-small", evaluator: { command: { run: ["true"] } } });
    expect(evaluationFor(plain, new Map(), trialOf("search"), before)).toEqual({
      ...{ type: "command", seed: evaluationSeed(0), run: ["true"], files: [], env: {}, part: "validation" },
    });
  });
});

describe("usage", () => {
  test("counts what workers say they computed, and connected time", () => {
    const meter = new UsageMeter({ busyMs: 0, connectedMs: 0 }, 1000);
    meter.advance(2000, 2);
    meter.advance(3000, 1);
    meter.advance(2500, 1);
    meter.add([
      { busyMs: 1500, draw: null },
      { busyMs: 500, draw: null },
    ]);
    expect(meter.usage).toEqual({ busyMs: 2000, connectedMs: 3000 });
    expect(busyFraction(meter.usage)).toBeCloseTo(2 / 3, 12);
    expect(busyFraction({ busyMs: 0, connectedMs: 0 })).toBe(0);
  });

  test("sums what the draws of a supernet moved, from what their workers tell", () => {
    const extra = { waitSeconds: 1, computeSeconds: 4, putSeconds: 2, weightsBytes: 800, updateBytes: 400 };
    const draw = { accuracy: 0.5, steps: 1, extra };
    const before = { busyMs: 5, connectedMs: 9 };
    const once = withWork(before, [{ busyMs: 4000, draw }]);
    expect(once).toEqual({ busyMs: 4005, connectedMs: 9, exchange: { samples: 1, ...extra } });
    const { exchange } = withWork(once, [{ busyMs: 1, draw: { ...draw, extra: { weightsBytes: -5 } } }]);
    expect(exchange).toEqual({ samples: 2, ...extra });
  });
});

describe("a clock", () => {
  test("of this machine fires once, and not after it was cancelled", async () => {
    let fired = 0;
    systemClock.setTimer(0, () => (fired += 100)).cancel();
    await new Promise<void>((resolve) => {
      systemClock.setTimer(1, () => {
        fired += 1;
        resolve();
      });
    });
    expect(fired).toBe(1);
    const far = systemClock.setTimer(2 ** 40, () => (fired += 1));
    await settle();
    far.cancel();
    expect(fired).toBe(1);
  });

  test("pauses until the time has come or the signal aborts", async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const done: string[] = [];
    void pause(clock, 100, stop.signal).then(() => done.push("short"));
    void pause(clock, 1000, stop.signal).then(() => done.push("long"));
    clock.advance(100);
    await settle();
    expect(done).toEqual(["short"]);
    stop.abort();
    await settle();
    expect(done).toEqual(["short", "long"]);
    await pause(clock, 100, stop.signal);
    expect(clock.waiting).toBe(0);
  });
});

describe("an error", () => {
  test.each([
    [new TypeError("secret"), status.INTERNAL, "internal error"],
    ["secret", status.INTERNAL, "internal error"],
    [new StorageError("unsupported", "secret"), status.INTERNAL, "internal error"],
    [new StorageError("unavailable", "disk full"), status.UNAVAILABLE, "the store failed: disk full"],
    [new StorageError("corrupt", "bad page"), status.DATA_LOSS, "the store failed: bad page"],
    [new EngineError("notFound", "X", "there is none"), status.NOT_FOUND, "there is none"],
  ])("%p becomes a status without its secrets", (error, code, details) => {
    expect(toStatus(error, silent)).toMatchObject({ code, details });
  });

  test("that no caller can know of is logged with its stack", () => {
    const lines: string[] = [];
    toStatus(new TypeError("secret"), pino({}, { write: (line: string) => lines.push(line) }));
    expect(lines.join()).toContain("secret");
    lines.length = 0;
    toStatus(
      new EngineError("notFound", "X", "there is none"),
      pino({}, { write: (line: string) => lines.push(line) }),
    );
    expect(lines).toEqual([]);
  });

  test("of very many mistakes still fits into a trailer", () => {
    const mistakes = Array.from({ length: 5000 }, (_, index) => ({ path: `a${index}`, message: "x".repeat(5000) }));
    const { details, metadata } = toStatus(new SpecError(mistakes), silent);
    const [trailer] = metadata!.get("grpc-status-details-bin");
    expect(trailer!.length).toBeGreaterThan(4 * 1024);
    expect((trailer!.length * 4) / 3 + details!.length).toBeLessThan(12 * 1024);
  });
});

describe("a page", () => {
  test.each([
    [0, 50],
    [7, 7],
    [1000, 1000],
    [1001, 1000],
    [2 ** 32 - 1, 1000],
  ])("of size %d asks for %d rows", async (pageSize, size) => {
    const asked: number[] = [];
    await readPage({ pageSize, pageToken: "" }, (page) => {
      asked.push(page.size);
      return Promise.resolve({ items: [], next: null });
    });
    expect(asked).toEqual([size]);
  });

  test("of long rows holds fewer than asked for, but goes on to the last", async () => {
    const rows = Array.from({ length: 10 }, (_, index) => ({ index, text: "x".repeat(2 ** 20) }));
    const seen: number[] = [];
    let pageToken = "";
    do {
      const page = await readPage({ pageSize: 1000, pageToken }, ({ size, after }) => {
        const start = after === null ? 0 : Number(after);
        const items = rows.slice(start, start + size);
        return Promise.resolve({ items, next: start + size < rows.length ? String(start + size) : null });
      });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ index }) => index));
      pageToken = page.next ?? "";
    } while (pageToken !== "");
    expect(seen).toEqual(rows.map(({ index }) => index));
  });
});
