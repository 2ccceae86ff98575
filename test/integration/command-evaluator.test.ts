import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { encodeNetwork } from "../../network/codec.ts";
import type { EvaluationError } from "../../worker/evaluator/evaluator.ts";
import { allGone, CommandBench, deafFamily, graph, workingFolders } from "../support/command-bench.ts";

let bench: CommandBench;

beforeEach(() => {
  bench = new CommandBench();
});

afterEach(() => {
  expect(workingFolders(process.pid)).toEqual([]);
});

const measure = "console.log(JSON.stringify({ accuracy: 0.5 }))";

/** Both processes of `deafFamily`, once they are deaf. */
async function pidsOfFamily(): Promise<readonly number[]> {
  const [parent, child] = await Promise.all([bench.printed(/^parent (\d+)$/), bench.printed(/^child (\d+)$/)]);
  return [Number(parent[1]), Number(child[1])];
}

async function failureOf(evaluation: Promise<unknown>): Promise<EvaluationError> {
  return evaluation.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error as EvaluationError,
  );
}

describe("a program that evaluates networks", () => {
  test("reads the network with its cost, part, steps, seed and trial, and is heard by the last line of its output", async () => {
    const script = `
      console.error("task " + JSON.stringify(task));
      console.log("not yet");
      console.log(JSON.stringify({ accuracy: 0.75, loss: 0.5, extra: { epochs: 2 } }) + "\\n\\n");
    `;
    const measurement = await bench.evaluate(script, { steps: 40, part: "test" });
    expect(measurement).toEqual({ accuracy: 0.75, loss: 0.5, steps: 40, extra: { epochs: 2 } });
    const [line] = bench.log.items.filter(({ msg }) => msg.startsWith("task "));
    expect(line).toMatchObject({ stream: "stderr", trial: "projects/default/jobs/j/trials/1" });
    expect(JSON.parse(line!.msg.slice(5))).toEqual({
      network: encodeNetwork(graph),
      ...{ macs: 36 * 64 + 40, params: 36 + 8 + 50 },
      ...{ part: "test", steps: 40, seed: 7, trial: "projects/default/jobs/j/trials/1" },
    });
  });

  test("is told null where the job names no steps", async () => {
    expect(
      await bench.evaluate("console.log(JSON.stringify({ accuracy: task.steps === null ? 1 : 0 }))"),
    ).toMatchObject({
      accuracy: 1,
      steps: 0,
    });
  });

  test("need not read what it is given", async () => {
    expect(await bench.evaluateProgram([process.execPath, "-e", measure])).toMatchObject({ accuracy: 0.5 });
  });

  test("runs in a fresh folder with the job's files, of which it can run those that are programs", async () => {
    const files = [
      bench.addFile("lib/figures.json", '{"accuracy": 0.25}'),
      bench.addFile("run.sh", "#!/bin/sh\nls; cat lib/figures.json\n"),
    ];
    expect(await bench.evaluateProgram(["./run.sh"], { files })).toMatchObject({ accuracy: 0.25 });
    expect(bench.log.items.map(({ msg }) => msg)).toEqual(["lib", "run.sh", '{"accuracy": 0.25}']);
  });

  test.each(["../x", "/tmp/x", "a/../../x", "a//b", "."])("gets no file at %s", async (path) => {
    const error = await failureOf(bench.evaluate(measure, { files: [bench.addFile(path, "x")] }));
    expect(error).toMatchObject({ reason: "internal", message: expect.stringContaining("would lie elsewhere") });
  });

  test("does not begin where a file cannot be had", async () => {
    const files = [{ path: "x", sha256: "0".repeat(64) }];
    expect((await failureOf(bench.evaluate(measure, { files }))).message).toBe("no such file");
    expect(bench.log.items).toEqual([]);
  });

  test("gets the job's variables, and of the worker's none but a few", async () => {
    process.env["FPNAS_TEST_SECRET"] = "s";
    try {
      await bench.evaluate(`console.error("env " + JSON.stringify(process.env)); ${measure}`, { env: { EPOCHS: "3" } });
    } finally {
      delete process.env["FPNAS_TEST_SECRET"];
    }
    const [, text = ""] = await bench.printed(/^env (.*)$/);
    const env = JSON.parse(text) as Record<string, string>;
    expect(env).toMatchObject({ EPOCHS: "3", PATH: process.env["PATH"] });
    expect(env).not.toHaveProperty("FPNAS_TEST_SECRET");
  });

  test.each([
    ["refuses the network", 'console.error("too wide"); process.exit(65)', "infeasible", "too wide"],
    ["fails", 'console.error("no GPU"); process.exit(3)', "internal", "code 3. It said last: no GPU"],
    ["throws", 'throw new Error("oh no")', "internal", "oh no"],
    ["is ended by a signal", 'process.kill(process.pid, "SIGABRT")', "internal", "SIGABRT"],
    ["is killed", 'process.kill(process.pid, "SIGKILL")', "out_of_memory", "killed"],
    ["says nothing", "", "internal", "no measurement"],
  ])("that %s is a failure with its reason", async (_, script, reason, detail) => {
    expect(await failureOf(bench.evaluate(script))).toMatchObject({ reason, message: expect.stringContaining(detail) });
  });

  test("that is not there is a failure that names it", async () => {
    const error = await failureOf(bench.evaluateProgram(["fpnas-no-such-program"]));
    expect(error).toMatchObject({ reason: "internal", message: expect.stringContaining("fpnas-no-such-program") });
  });

  test("may print without end: what is kept of it stays small", async () => {
    const script = `
      const { writeSync } = require("node:fs");
      const write = (stream, text) => { for (let at = 0; at < text.length;) try { at += writeSync(stream, text.slice(at)); } catch {} };
      for (let index = 0; index < 256; index += 1) { write(1, "x".repeat(2 ** 20)); write(2, "y\\n".repeat(2 ** 12)); }
      write(1, "\\n" + JSON.stringify({ accuracy: 0.5 }));
    `;
    const before = process.memoryUsage().rss;
    expect(await bench.evaluate(script)).toMatchObject({ accuracy: 0.5 });
    // What it printed is 258 MiB; garbage that waits for its collection is far less.
    expect(process.memoryUsage().rss - before).toBeLessThan(160 * 2 ** 20);
    expect(bench.log.items.length).toBeLessThanOrEqual(2_001);
  });

  test("leaves no process behind that it has started and not waited for", async () => {
    const script = `
      const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => undefined, 1e6)"]);
      console.error("child " + child.pid);
      ${measure}; process.exit(0);
    `;
    expect(await bench.evaluate(script)).toMatchObject({ accuracy: 0.5 });
    await allGone([Number((await bench.printed(/^child (\d+)$/))[1])]);
  });
});

describe("a program that is told to end", () => {
  test("may end by itself", async () => {
    const script = `
      process.on("SIGTERM", () => { console.error("tidy"); process.exit(0); });
      console.error("ready"); setInterval(() => undefined, 1e6);
    `;
    const evaluation = failureOf(bench.evaluate(script));
    await bench.printed(/^ready$/);
    bench.abort.abort(new Error("lease lost"));
    expect((await evaluation).message).toBe("lease lost");
    await bench.printed(/^tidy$/);
  });

  test("is killed where it does not, with all that it has started", async () => {
    const evaluation = failureOf(bench.evaluate(deafFamily));
    const pids = await pidsOfFamily();
    bench.abort.abort(new Error("lease lost"));
    expect((await evaluation).message).toBe("lease lost");
    await allGone(pids);
  });

  test("is not begun where that comes first", async () => {
    bench.abort.abort(new Error("too late"));
    expect((await failureOf(bench.evaluate(measure))).message).toBe("too late");
  });
});

const hasProc = process.platform === "linux";
// Only Linux tells what the processes of a group take.
(hasProc ? describe : describe.skip)("a program with a memory limit", () => {
  const take = (mebibytes: number) => `const taken = Buffer.alloc(${mebibytes} * 2 ** 20, 1);`;

  test("is ended when it takes more, with its children: their memory counts, too", async () => {
    const script = `
      require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(`${take(200)} setInterval(() => taken, 1e6)`)}]);
      setInterval(() => undefined, 1e6);
    `;
    const error = await failureOf(bench.evaluate(script, { memoryLimitBytes: 150 * 2 ** 20 }));
    expect(error).toMatchObject({
      reason: "out_of_memory",
      message: expect.stringMatching(/^The program took \d+ MiB/),
    });
  });

  test("is let be as long as it takes less", async () => {
    const script = `${take(50)} setTimeout(() => { ${measure}; taken.at(0); }, 1200);`;
    expect(await bench.evaluate(script, { memoryLimitBytes: 500 * 2 ** 20 })).toMatchObject({ accuracy: 0.5 });
  });
});
