import { describe, expect, test } from "@jest/globals";
import { parseMbconvDefinition, SpaceError } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";

const group = { name: "a", channels: 8, kernel: [3, 5], expansion: 2 };
const definition = {
  name: "mine",
  input: { height: 8, width: 8, channels: 1 },
  classes: 2,
  stem: { channels: 4 },
  blocks: [group],
};

/** The mistakes of a definition that must not be read, one line each. */
function mistakes(value: unknown): readonly string[] {
  try {
    parseMbconvDefinition(value);
  } catch (error) {
    if (error instanceof SpaceError) return error.message.split("\n");
    throw error;
  }
  throw new Error("the definition was read");
}

const groupMistakes = (...blocks: readonly unknown[]) => mistakes({ ...definition, blocks: [group, ...blocks] });

describe("parseMbconvDefinition", () => {
  test("fills in the defaults and makes every value a list", () => {
    expect(parseMbconvDefinition(definition)).toEqual({
      ...definition,
      activation: "relu6",
      roundMid: 8,
      stem: { channels: 4, kernel: 3, stride: 1 },
      blocks: [{ name: "a", repeat: 1, stride: 1, choices: "shared", channels: [8], kernel: [3, 5], expansion: [2] }],
      head: {},
    });
  });

  test("names what is missing", () => {
    expect(mistakes({})).toEqual([
      "name: is missing; it must be a name of up to 60 letters, digits, - and _.",
      "input: is missing; it must be an object.",
      "classes: is missing; it must be an integer from 2 to 65536.",
      "stem: is missing; it must be an object.",
      "blocks: is missing; it must be a list of 1 to 64 groups of blocks.",
    ]);
  });

  test("names every mistake with its path and what is allowed", () => {
    const wrong = {
      name: "my space",
      input: { height: 0, width: 8, channel: 1 },
      classes: "ten",
      activation: "gelu",
      stem: { channels: 4, kernel: 2 },
      blocks: [group],
      heads: {},
    };
    expect(mistakes(wrong)).toEqual([
      'name: must be a name of up to 60 letters, digits, - and _, not "my space".',
      "input.height: must be an integer from 1 to 4096, not 0.",
      "input.channels: is missing; it must be an integer from 1 to 65536.",
      "input.channel: unknown key. Did you mean channels? Allowed: height, width, channels.",
      'classes: must be an integer from 2 to 65536, not "ten".',
      'activation: must be one of none, relu, relu6, swish, not "gelu".',
      "stem.kernel: must be an odd integer from 1 to 31, not 2.",
      "heads: unknown key. Did you mean head? " +
        "Allowed: name, input, classes, activation, roundMid, stem, blocks, head.",
    ]);
  });

  test("names every mistake of a group", () => {
    expect(
      groupMistakes(
        { name: "b", channels: [], kernel: [3, 4, 3], expansion: [0] },
        { name: "c", repeat: 0, choices: "own", channels: 8, kernel: -3, expansion: 2, se: 2, activation: ["relu", 1] },
      ),
    ).toEqual([
      "blocks[1].channels: must be a value or a list of at least one, not an empty list.",
      "blocks[1].kernel[1]: must be 0 (skip the layer) or an odd integer up to 31, not 4.",
      "blocks[1].kernel[2]: repeats 3.",
      "blocks[1].expansion[0]: must be a number above 0 and up to 64, not 0.",
      "blocks[2].repeat: must be an integer from 1 to 64, not 0.",
      'blocks[2].choices: must be one of shared, each, not "own".',
      "blocks[2].kernel: must be 0 (skip the layer) or an odd integer up to 31, not -3.",
      "blocks[2].se: must be an integer from 0 to 1, not 2.",
      "blocks[2].activation[1]: must be one of none, relu, relu6, swish, not 1.",
    ]);
  });

  test("takes at most 32 values in a list, which bounds the work of finding the largest network", () => {
    const values = Array.from({ length: 33 }, (_, index) => index + 1);
    expect(groupMistakes({ name: "b", kernel: 3, expansion: 2, channels: values })).toEqual([
      "blocks[1].channels: must be a list of at most 32 values, not of 33.",
    ]);
    const group = {
      name: "a",
      kernel: [0, 3, 5, 7],
      expansion: values.slice(0, 32),
      channels: values.slice(0, 32),
      se: [0, 1],
    };
    const space = mbconvSpace(
      parseMbconvDefinition({ ...definition, roundMid: 1, blocks: [group, { ...group, name: "b" }] }),
    );
    expect(space.largest()).toEqual([3, 31, 31, 1, 3, 31, 31, 1]);
  });

  test("takes kernel and expansion, or operations, and not both", () => {
    const operations = [
      { name: "skip", kernel: 0 },
      { name: "k3", kernel: 3, expansion: 3 },
    ];
    expect(groupMistakes({ name: "b", channels: 8 })).toEqual([
      "blocks[1].kernel: is missing; a group has kernel and expansion, or operations.",
      "blocks[1].expansion: is missing; a group has kernel and expansion, or operations.",
    ]);
    expect(groupMistakes({ name: "b", channels: 8, operations, kernel: 3, se: 1 })).toEqual([
      "blocks[1].kernel: must be left out, since the group's operations say it.",
      "blocks[1].se: must be left out, since the group's operations say it.",
    ]);
    expect(groupMistakes({ name: "b", channels: 8, operations: [operations[0], operations[0]] })).toEqual([
      'blocks[1].operations[1].name: repeats the name "skip".',
    ]);
  });

  test("needs different names of groups, and something to choose", () => {
    expect(groupMistakes(group)).toEqual(['blocks[1].name: repeats the name "a".']);
    expect(mistakes({ ...definition, blocks: [{ ...group, kernel: 3 }] })).toEqual([
      "blocks: leaves nothing to choose; give a list of several values somewhere, such as kernel: [3, 5].",
    ]);
    expect(mistakes({ ...definition, blocks: [] })).toEqual([
      "blocks: must be a list of 1 to 64 groups of blocks, not an empty list.",
    ]);
  });
});
