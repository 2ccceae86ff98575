import { expect, test } from "@jest/globals";
import { checkTeacher } from "../../cli/check-teacher.ts";
import { trainedTensors } from "../../network/trained-tensors.ts";
import type { Graph } from "../../network/types.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import { encodeTrained } from "../../worker/checkpoint/trained-file.ts";

const file = "folder/teacher.safetensors";
const spec = parseSpec({
  space: "mbconv-small",
  evaluator: { train: { dataset: "mnist" } },
  final: { steps: 9, distill: { teacher: { file } } },
});

function teacher(units: number, side: number, dataset: string): Uint8Array {
  const graph: Graph = {
    type: "graph",
    input: { height: side, width: side, channels: 1 },
    layers: [{ type: "globalPool" }, { type: "dense", units, bias: true, activation: "none" }],
  };
  const tensors = trainedTensors(graph).map(({ tensor, shape }) => {
    return { name: tensor, shape, values: new Float32Array(shape.reduce((product, each) => product * each, 1)) };
  });
  return encodeTrained({ graph, dataset, tensors });
}

const mistakesIn = (bytes: Uint8Array) => checkTeacher(spec, new Map([[file, { sha256: "", bytes }]]));

test("a teacher for the images and classes of the job's data set is taken, and its file is one of the spec's", () => {
  expect(spec.finalTeacher).toEqual({ file });
  expect(mistakesIn(teacher(10, 28, "mnist"))).toEqual([]);
});

test.each([
  ["damaged", Buffer.from("no weights"), "must hold the trained weights of a network (docs/result.md): "],
  ["of another data set", teacher(10, 28, "fashion-mnist"), "must be trained on mnist, not fashion-mnist."],
  ["of other classes", teacher(7, 28, "mnist"), "must be a network for the images and the 10 classes of mnist."],
  ["of other images", teacher(10, 14, "mnist"), "must be a network for the images and the 10 classes of mnist."],
] as const)("a teacher that is %s is refused by the field that names it", (_, bytes, message) => {
  const [mistake] = mistakesIn(bytes);
  expect(mistake?.path).toBe("final.distill.teacher.file");
  expect(mistake?.message).toContain(`${file}: ${message}`);
});

test.each([
  [{ from: "slice" }, "final.from: must be scratch but with evaluator.supernet"],
  [{ distill: {} }, "final.distill.teacher"],
  [{ distill: { teacher: "smallest" } }, "final.distill.teacher"],
] as const)("a final training of %j is refused", (final, message) => {
  const wrong = { space: "mbconv-small", evaluator: { train: { dataset: "mnist" } }, final: { steps: 9, ...final } };
  expect(() => parseSpec(wrong)).toThrow(message);
});

test("a program is told of no teacher", () => {
  const final = { steps: 9, distill: { teacher: "largest" } };
  const wrong = { space: "mbconv-small", evaluator: { command: { run: ["true"], steps: 3 } }, final };
  expect(() => parseSpec(wrong)).toThrow("final.distill: must be left out with evaluator.command");
});
