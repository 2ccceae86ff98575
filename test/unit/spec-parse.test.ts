import { describe, expect, test } from "@jest/globals";
import { defaults } from "../../spec/defaults.ts";
import { filePaths, nameFromFile, parseSpec, specFiles } from "../../spec/parse-spec.ts";
import { mistakesOf } from "../support/spec-mistakes.ts";

const tabular = { evaluator: { tabular: { table: "tables/My_Table.v2.json" } } };
const train = { space: "mbconv-small", evaluator: { train: { dataset: "mnist" } } };

describe("a spec", () => {
  test("keeps 64 networks under way in an asynchronous stage, or as many as an update waits for", () => {
    const stage = { name: "a", slots: "factorized" };
    const asynchronous = (more: object) => parseSpec({ ...tabular, stages: [{ ...stage, ...more }] }).search.stages[0];
    expect(asynchronous({ updateAfter: 8 })).toEqual({
      ...stage,
      until: {},
      asynchronous: { updateAfter: 8, inFlight: defaults.inFlight },
    });
    expect(asynchronous({ updateAfter: 100 })?.asynchronous?.inFlight).toBe(100);
    expect(asynchronous({ updateAfter: 8, inFlight: 8 })?.asynchronous?.inFlight).toBe(8);
    expect(asynchronous({})).toEqual({ ...stage, until: {} });
  });

  test("of a table and nothing else is complete: its name follows from the table, and the space too", () => {
    expect(parseSpec(tabular)).toMatchObject({
      name: "my-table-v2",
      space: { type: "table" },
      evaluator: { type: "tabular", table: "tables/My_Table.v2.json" },
      search: {
        algorithm: { name: "auto", settings: {} },
        stages: defaults.stages,
        cost: null,
        budget: { trials: defaults.budget.trials, wallMs: null },
        final: null,
      },
      finalSteps: null,
      seed: defaults.seed,
    });
  });

  test("of a program is complete with the command line: its name follows from the first file, or the program", () => {
    const spec = (command: object) => parseSpec({ space: "mbconv-small", evaluator: { command } });
    expect(spec({ run: ["/usr/bin/python3", "-V"] })).toMatchObject({
      name: "python3",
      evaluator: { type: "command", run: ["/usr/bin/python3", "-V"], files: [], env: {} },
      search: { noisy: true },
    });
    expect(spec({ run: ["python3", "a"], files: ["lib/train_it.py"] }).name).toBe("train-it");
  });

  test("keeps all that is written, with times in milliseconds", () => {
    const spec = parseSpec({
      name: "fashion-small",
      space: "mbconv-small",
      algorithm: { name: "fp-nas", lambda: 0.25, k0: 8 },
      stages: [
        { name: "coarse", slots: "factorized", until: { entropyBelow: 0.5, rounds: 9 } },
        { name: "fine", slots: "block", until: { trials: 60 } },
      ],
      evaluator: { train: { dataset: "fashion-mnist", steps: 40, batch: 32, evalExamples: 100 } },
      cost: { macs: 1.5e6, params: 2e5, beta: 0.1 },
      budget: { trials: 120, wallSeconds: 0.5 },
      final: { steps: 600, random: 2, largest: true },
      seed: 2 ** 53 - 1,
    });
    expect(spec).toEqual({
      name: "fashion-small",
      reuse: [],
      space: { type: "shipped", name: "mbconv-small" },
      evaluator: {
        type: "train",
        dataset: "fashion-mnist",
        steps: 40,
        batch: 32,
        learningRate: defaults.train.learningRate,
        weightDecay: defaults.train.weightDecay,
        evalExamples: 100,
      },
      search: {
        algorithm: { name: "fp-nas", settings: expect.objectContaining({ lambda: 0.25, k0: 8, kMin: 2 }) },
        stages: [
          { name: "coarse", slots: "factorized", until: { entropyBelow: 0.5, rounds: 9 } },
          { name: "fine", slots: "block", until: { trials: 60 } },
        ],
        cost: { macs: 1.5e6, params: 2e5, beta: 0.1 },
        noisy: true,
        budget: { trials: 120, wallMs: 500 },
        final: { random: 2, largest: true },
      },
      algorithmReason: "named in the spec",
      finalSteps: 600,
      seed: 2 ** 53 - 1,
    });
  });

  test("has a recipe of the final training where it adds something", () => {
    const spec = { space: "mbconv-small", evaluator: { train: { dataset: "mnist" } }, final: { steps: 9 } };
    expect(parseSpec({ ...spec, final: { ...spec.final, augment: false } })).not.toHaveProperty("finalRecipe");
    expect(parseSpec({ ...spec, final: { ...spec.final, augment: true, averageDecay: 0.9 } }).finalRecipe).toEqual({
      labelSmoothing: 0,
      augment: true,
      averageDecay: 0.9,
    });
  });

  test("has final trainings at the rate of search trials, with a supernet at that of trainings by themselves, or at their own", () => {
    const [train, supernet] = [{ train: { dataset: "mnist" } }, { supernet: { dataset: "mnist", learningRate: 0.5 } }];
    const rateWith = (evaluator: object, final: object) =>
      parseSpec({ space: "mbconv-small", evaluator, final: { steps: 9, ...final } }).finalLearningRate;
    expect(rateWith(train, {})).toBeUndefined();
    expect(rateWith(supernet, {})).toBe(0.2);
    for (const evaluator of [train, supernet]) expect(rateWith(evaluator, { learningRate: 0.05 })).toBe(0.05);
  });

  test("may leave the algorithm's name out, but not with settings beside it", () => {
    const auto = { name: "auto", settings: {} };
    expect(parseSpec(tabular).search.algorithm).toEqual(auto);
    expect(parseSpec({ ...tabular, algorithm: { name: "auto" } }).search.algorithm).toEqual(auto);
    for (const algorithm of [{ k0: 8 }, { name: "auto", k0: 8 }]) {
      expect(mistakesOf(() => parseSpec({ ...tabular, algorithm }))).toEqual([
        "algorithm.k0: is a setting of one algorithm: give algorithm.name beside it (auto takes no settings).",
      ]);
    }
  });

  test("is data: what is given is not changed, and defaults are not shared", () => {
    const input = Object.freeze({ ...train });
    const [first, second] = [parseSpec(input), parseSpec(input)];
    expect(first).toEqual(second);
    expect(first.search.stages[0]?.until).not.toBe(second.search.stages[0]?.until);
  });

  test("with mistakes without end lists the first hundred and counts the others", () => {
    const keys = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`x${index}`, 1]));
    const mistakes = mistakesOf(() => parseSpec({ ...tabular, ...keys }));
    expect(mistakes).toHaveLength(101);
    expect(mistakes.at(-1)).toBe("50 more mistakes are not shown.");
  });

  test("survives JSON: the accepted spec is plain data", () => {
    const spec = parseSpec(train);
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  });
});

describe("files of a spec", () => {
  test("are the table or the space file, by the path as written", () => {
    expect(specFiles(parseSpec(tabular))).toEqual(["tables/My_Table.v2.json"]);
    expect(specFiles(parseSpec({ ...train, space: { file: "a.yaml" } }))).toEqual(["a.yaml"]);
    expect(specFiles(parseSpec(train))).toEqual([]);
    const program = { space: { file: "a.yaml" }, evaluator: { command: { run: ["x"], files: ["x", "lib/y"] } } };
    expect(specFiles(parseSpec(program))).toEqual(["a.yaml", "x", "lib/y"]);
  });

  test("are found in a spec that holds mistakes, too", () => {
    expect(filePaths({ sede: 1, space: { file: "a.yaml" }, evaluator: { tabular: { table: "t.json" } } })).toEqual([
      { field: "space.file", file: "a.yaml" },
      { field: "evaluator.tabular.table", file: "t.json" },
    ]);
    expect(filePaths({ evaluator: { command: { files: ["x", 3, "y"] } } })).toEqual([
      { field: "evaluator.command.files[0]", file: "x" },
      { field: "evaluator.command.files[2]", file: "y" },
    ]);
    expect(filePaths({ space: { file: 3 }, evaluator: null })).toEqual([]);
  });
});

test.each([
  ["dir/Fashion MNIST.yaml", "fashion-mnist"],
  ["C:\\specs\\a_b.json", "a-b"],
  [".yaml", "yaml"],
  ["___", "search"],
  ["ä", "search"],
  [`${"x".repeat(80)}.yaml`, "x".repeat(63)],
])("the name made of %s is %s", (path, name) => {
  expect(nameFromFile(path)).toBe(name);
});
