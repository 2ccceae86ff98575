import { existsSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { useFolder, writeSpec, writeTable } from "../support/cli-files.ts";
import { lastJson, runCli } from "../support/cli-process.ts";

const folder = useFolder();

/** Runs a command that must refuse its input, and returns its lines on stderr. */
async function refusal(...args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runCli(args, folder.path);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  return stderr.trimEnd().split("\n");
}

describe("bad input exits with 2 and says one line a mistake", () => {
  test("in a spec, its files included", async () => {
    writeFileSync(
      join(folder.path, "bad.yaml"),
      "evaluator: {tabular: {tabel: t.json}}\nsede: 1\nbudget: {trials: -5}\n",
    );
    const lines = await refusal("validate", "bad.yaml");
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/^error: bad\.yaml: [a-z.]+: /);
    expect(lines.join()).toContain("Did you mean table?");
    expect(await refusal("run", "bad.yaml")).toEqual(lines);
    expect(await refusal("submit", "bad.yaml", "--coordinator", "127.0.0.1:1")).toEqual(lines);
    expect(existsSync(join(folder.path, "runs"))).toBe(false);
  });

  test("where the table is missing, beside other mistakes", async () => {
    writeSpec(folder.path, "spec.yaml", { evaluator: { tabular: { table: "none.json" } }, seed: -1 });
    expect(await refusal("run", "spec.yaml")).toEqual([
      "error: spec.yaml: seed: must be an integer from 0 to 9007199254740991, not -1.",
      "error: spec.yaml: evaluator.tabular.table: none.json cannot be read: there is no such file.",
    ]);
  });

  test("where the space is empty", async () => {
    writeSpec(folder.path, "t.json", { name: "t", choices: [], rows: [] });
    writeSpec(folder.path, "spec.yaml", { evaluator: { tabular: { table: "t.json" } } });
    expect(await refusal("run", "spec.yaml")).toEqual([
      expect.stringMatching(/t\.json: choices: must be a list of at least one choice/),
      expect.stringMatching(/t\.json: rows: must be a list of at least one row/),
    ]);
  });

  test("where a spec is 100 MB long, without reading it", async () => {
    writeFileSync(join(folder.path, "big.yaml"), "");
    truncateSync(join(folder.path, "big.yaml"), 100e6);
    expect(await refusal("validate", "big.yaml")).toEqual([
      "error: big.yaml must be at most 1 MiB long, not 95.4 MiB.",
    ]);
  });

  test("in one line each, whatever stands in names and values", async () => {
    writeFileSync(join(folder.path, "spec.yaml"), 'evaluator: {tabular: {table: "a\\nb\\e[31m\\x9b"}}\n');
    expect(await refusal("validate", "spec.yaml")).toEqual([
      "error: spec.yaml: evaluator.tabular.table: a\\nb\\u001b[31m\\u009b cannot be read: there is no such file.",
    ]);
    writeFileSync(join(folder.path, "t.json"), "name: t\nchoices: []\n");
    writeSpec(folder.path, "spec.yaml", { evaluator: { tabular: { table: "t.json" } } });
    expect(await refusal("validate", "spec.yaml")).toHaveLength(1);
  });

  test("of keys given twice, each where it stands", async () => {
    writeFileSync(join(folder.path, "spec.yaml"), "seed: 1\nseed: 2\nbudget: {trials: 1, trials: 2}\n");
    expect(await refusal("validate", "spec.yaml")).toEqual([
      'error: spec.yaml: line 2, column 1: the key "seed" is given twice.',
      'error: spec.yaml: line 3, column 21: the key "trials" is given twice.',
    ]);
  });

  test("where workers would be sent to an address that names no host", async () => {
    const store = ["--store", "postgres://nobody@127.0.0.1:1/none"];
    for (const listen of ["0.0.0.0:0", "[::]:0"]) {
      expect(await refusal("coordinator", "--listen", listen, ...store)).toEqual([
        `error: advertise: must be given where several coordinators may share the store and this one listens on every address (${listen}): HOST:PORT at which workers and clients reach it.`,
      ]);
    }
    expect(await refusal("coordinator", "--advertise", "here:0", ...store)).toEqual([
      expect.stringContaining("Its port must be from 1 to 65535."),
    ]);
  });

  test("where a spec is no text", async () => {
    writeFileSync(join(folder.path, "spec.yaml"), Buffer.from("evaluator: {}", "utf16le").fill(0xff, 0, 2));
    expect(await refusal("validate", "spec.yaml")).toEqual(["error: spec.yaml: is not UTF-8 text."]);
  });

  test("as data too: validate --json lists them", async () => {
    writeFileSync(join(folder.path, "spec.yaml"), "evaluator: {tabular: {table: none.json}}\nsede: 1\n");
    const end = await runCli(["validate", "spec.yaml", "--json"], folder.path);
    expect(end.code).toBe(2);
    expect(end.stderr.trimEnd().split("\n")).toHaveLength(2);
    expect(lastJson(end)).toEqual({
      ok: false,
      mistakes: [
        { path: "sede", message: expect.stringContaining("Did you mean seed?") },
        { path: "evaluator.tabular.table", message: "none.json cannot be read: there is no such file." },
      ],
    });
  });

  test("where a file has no end", async () => {
    expect(await refusal("validate", "/dev/zero")).toEqual(["error: /dev/zero must be at most 1 MiB long."]);
  });

  test("where the folder of a run cannot be made", async () => {
    const spec = writeSpec(folder.path, "spec.yaml", {
      evaluator: { tabular: { table: writeTable(folder.path, 2) } },
    });
    for (const out of ["/proc/none/run", "table.json", "table.json/run"]) {
      expect((await refusal("run", spec, "--out", out)).join("\n")).toContain(`${out} cannot be used for the run`);
    }
  });

  test("where a run is to reuse a job, which its own store cannot hold; the folder is not made", async () => {
    const spec = writeSpec(folder.path, "spec.yaml", {
      evaluator: { tabular: { table: writeTable(folder.path, 2) } },
      reuse: ["first"],
    });
    expect(await refusal("run", spec, "--out", "out")).toEqual([
      expect.stringMatching(/^error: .*spec.yaml: reuse\[0\]: there is no job first in this run: .*fpnas submit/),
    ]);
    expect(existsSync(join(folder.path, "out"))).toBe(false);
  });

  test("where a spec is a YAML bomb", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const levels = names.slice(1).map((name, index) => {
      return `${name}: &${name} [${Array(9)
        .fill(`*${names[index] ?? ""}`)
        .join(",")}]`;
    });
    writeFileSync(join(folder.path, "bomb.yaml"), `a: &a [x,x,x,x,x,x,x,x,x]\n${levels.join("\n")}\n`);
    expect(await refusal("validate", "bomb.yaml")).toEqual([
      "error: bomb.yaml: unfolds too many aliases (*name); write the values out.",
    ]);
  });

  test.each([
    [["validate", "none.yaml"], "none.yaml cannot be read: there is no such file."],
    [["validate", "."], ". cannot be read: it is a folder."],
    [["run", "x.yaml", "--workers", "0"], "integer from 1"],
    [["run", "x.yaml", "--seed", "-1"], "integer from 0"],
    [["run"], "missing required argument 'spec'"],
    [["run", "x.yaml", "--sede", "1"], "unknown option '--sede'"],
    [["rnu"], "Did you mean run?"],
    [["get", "job"], "required option '--coordinator <host:port,..>'"],
    [["get", "job", "--coordinator", "nowhere"], "HOST:PORT"],
    [["get", "a/b", "--coordinator", "127.0.0.1:1"], "projects/PROJECT/jobs/JOB"],
    [["worker", "--coordinator", "127.0.0.1:1", "--concurrency", "0"], "integer from 1"],
    [["coordinator", "--listen", "127.0.0.1:99999"], "HOST:PORT"],
    [["coordinator", "--store", "postgres:x"], "sqlite:PATH, postgres://"],
    [["coordinator", "--listen", "127.0.0.1:0", "--store", "sqlite:other.db"], "other.db is not a SQLite database"],
    [["cost", "none.json"], "none.json cannot be read"],
  ])("%j", async (args, message) => {
    writeFileSync(join(folder.path, "other.db"), "no database");
    expect((await refusal(...args)).join("\n")).toContain(message);
  });

  test("without a command, with help", async () => {
    expect((await refusal()).join("\n")).toContain("Usage: fpnas");
  });
});

test("a coordinator that is not there gives 3, whether named by the flag or by FPNAS_COORDINATOR", async () => {
  const byFlag = await runCli(["get", "job", "--coordinator", "127.0.0.1:1"], folder.path);
  const byVariable = await runCli(["list"], folder.path, { FPNAS_COORDINATOR: "127.0.0.1:1" });
  for (const { code, stderr } of [byFlag, byVariable]) {
    expect(code).toBe(3);
    expect(stderr).toContain("No coordinator can be reached at 127.0.0.1:1");
  }
});

describe("commands that need no coordinator", () => {
  test("validate says ok, or with --json the spec with its defaults", async () => {
    const spec = writeSpec(folder.path, "My Spec.yaml", {
      evaluator: { tabular: { table: writeTable(folder.path, 2) } },
    });
    expect(await runCli(["validate", spec], folder.path)).toMatchObject({ code: 0, stdout: "ok\n" });
    expect(lastJson(await runCli(["validate", spec, "--json"], folder.path))).toMatchObject({
      ok: true,
      spec: { name: "my-spec", seed: 0 },
    });
  });

  test("spaces lists the shipped ones with their sizes", async () => {
    const { stdout } = await runCli(["spaces"], folder.path);
    expect(stdout).toMatch(/^mbconv-small +\d/m);
    const json = lastJson(await runCli(["spaces", "--json"], folder.path));
    expect(json["spaces"]).toContainEqual(expect.objectContaining({ name: "nas-bench-macro", networks: "6561" }));
  });

  test("cost counts a network, or the network of a result.json, layer by layer", async () => {
    const network = {
      graph: {
        input: { height: 4, width: 4, channels: 1 },
        layers: [
          { conv: { outChannels: 2, kernel: 3, stride: 2, batchNorm: true, activation: "ACTIVATION_RELU" } },
          { globalPool: {} },
          { dense: { units: 10, bias: true, activation: "ACTIVATION_NONE" } },
        ],
      },
    };
    writeSpec(folder.path, "network.json", network);
    writeSpec(folder.path, "result.json", { job: "j", network });
    const expected = { macs: 4 * 18 + 20, params: 18 + 4 + 20 + 10 };
    for (const file of ["network.json", "result.json"]) {
      expect(lastJson(await runCli(["cost", file, "--json"], folder.path))).toMatchObject(expected);
    }
    const { stdout } = await runCli(["cost", "network.json"], folder.path);
    expect(stdout).toMatch(/^0 conv +2x2x2 +72 +22$/m);
    expect(stdout).toMatch(/^total +92 +52$/m);
  });

  test("cost refuses what is no network", async () => {
    writeSpec(folder.path, "network.json", { graph: { input: { height: 4 }, layers: [] } });
    const lines = await refusal("cost", "network.json");
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^error: network\.json: graph\./);
  });

  test("run --dry-run tells the plan and leaves nothing behind", async () => {
    const spec = writeSpec(folder.path, "spec.yaml", {
      evaluator: { tabular: { table: writeTable(folder.path, 3) } },
      budget: { trials: 20 },
    });
    const { code, stdout } = await runCli(["run", spec, "--dry-run", "--seed", "7"], folder.path);
    expect(code).toBe(0);
    for (const part of [
      "seed 7",
      "27 samples",
      "3.30 nats",
      "algorithm  fp-nas-plus (default: ",
      "first K",
      "coarse",
      "fine",
      "trials",
      "time",
    ]) {
      expect(stdout).toContain(part);
    }
    expect(lastJson(await runCli(["run", spec, "--dry-run", "--json"], folder.path))).toMatchObject({
      maxTrials: 20,
      algorithm: "fp-nas-plus",
      algorithmReason: expect.stringMatching(/^default: /),
      space: { size: "27" },
      stages: [{ name: "coarse" }, { name: "fine" }],
    });
    expect(readdirSync(folder.path).sort()).toEqual(["spec.yaml", "table.json"]);
  });
});

test("every example is a valid spec", async () => {
  const examples = new URL("../../examples/", import.meta.url).pathname;
  const specs = readdirSync(examples).filter((name) => name.endsWith(".yaml") && name !== "my-space.yaml");
  expect(specs.length).toBeGreaterThanOrEqual(4);
  for (const spec of specs) {
    expect(await runCli(["validate", spec], examples)).toMatchObject({ code: 0, stdout: "ok\n" });
  }
});
