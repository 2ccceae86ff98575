import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { encode as encodeJpeg } from "jpeg-js";
import { readImage } from "../../cli/predict/decode-image.ts";
import { fitImage } from "../../cli/predict/fit-image.ts";
import { resize } from "../../cli/predict/resize.ts";
import { useFolder } from "../support/cli-files.ts";
import { greyPng, rgbaPng } from "../support/images.ts";

const folder = useFolder();

function write(name: string, bytes: Uint8Array | string): string {
  const path = join(folder.path, name);
  writeFileSync(path, bytes);
  return path;
}

/** Two pixels: red, and half transparent grey. */
const pixels = [255, 0, 0, 255, 100, 100, 100, 128];

describe("an image file", () => {
  test.each<[string, Buffer, readonly number[]]>([
    ["grey", greyPng(2, 1, Uint8Array.of(7, 250)), [7, 7, 7, 255, 250, 250, 250, 255]],
    ["in colours with opacity", rgbaPng(2, 1, pixels, 6), pixels],
  ])("in PNG, %s, comes as four bytes a pixel", async (_, bytes, wanted) => {
    expect([...(await readImage(write("a.png", bytes))).data]).toEqual(wanted);
  });

  test("in JPEG is told by its content, whatever its name", async () => {
    const grey = Buffer.from(Array.from({ length: 64 }, () => [90, 90, 90, 255]).flat());
    const { width, height, data } = await readImage(
      write("a.png", encodeJpeg({ width: 8, height: 8, data: grey }, 95).data),
    );
    expect([width, height]).toEqual([8, 8]);
    expect(Math.abs(data[0]! - 90)).toBeLessThan(3);
  });

  test.each<[string, Buffer, string]>([
    ["empty", Buffer.alloc(0), "is neither a PNG nor a JPEG image."],
    ["a text", Buffer.from("hello"), "is neither a PNG nor a JPEG image."],
    ["cut short", greyPng(2, 2, Uint8Array.of(1, 2, 3, 4)).subarray(0, 45), "cannot be decoded as PNG: "],
    ["no more than a mark", greyPng(2, 2, Uint8Array.of(1, 2, 3, 4)).subarray(0, 8), "cannot be decoded as PNG: "],
    ["no more than a mark of JPEG", Buffer.from([0xff, 0xd8, 0xff]), "cannot be decoded as JPEG: "],
  ])("that is %s is refused by its name", async (_, bytes, why) => {
    const path = write("a.png", bytes);
    await expect(readImage(path)).rejects.toThrow(`${path} ${why}`);
  });

  test("that claims more pixels than memory holds is refused before they are asked for", async () => {
    const bytes = greyPng(2, 2, Uint8Array.of(1, 2, 3, 4));
    bytes.writeUInt32BE(60_000, 16);
    bytes.writeUInt32BE(60_000, 20);
    await expect(readImage(write("a.png", bytes))).rejects.toThrow("60000 x 60000 pixels are more than 64 million");
  });

  test("that is not there is refused", async () => {
    await expect(readImage(join(folder.path, "none.png"))).rejects.toThrow(
      "none.png cannot be read: there is no such file",
    );
  });
});

/** An image of grey values. */
function grey(width: number, height: number, values: readonly number[]) {
  return { width, height, data: Uint8Array.from(values.flatMap((value) => [value, value, value, 255])) };
}

describe("an image is fitted to a network's input", () => {
  test("as it is where it has that shape", () => {
    const { pixels: fitted, changes } = fitImage(grey(2, 1, [7, 250]), { width: 2, height: 1, channels: 1 }, false);
    expect([...fitted]).toEqual([7, 250]);
    expect(changes).toEqual([]);
  });

  test("with its colours weighed by brightness where that has one channel, and as they are where it has three", () => {
    const image = { width: 1, height: 1, data: Uint8Array.of(200, 100, 50, 255) };
    const one = fitImage(image, { width: 1, height: 1, channels: 1 }, false);
    expect(one.pixels[0]).toBeCloseTo(0.299 * 200 + 0.587 * 100 + 0.114 * 50, 4);
    expect(one.changes).toEqual(["colours made grey"]);
    const three = fitImage(image, { width: 1, height: 1, channels: 3 }, false);
    expect([...three.pixels]).toEqual([200, 100, 50]);
    expect(three.changes).toEqual([]);
  });

  test("scaled as a whole and centred on black", () => {
    const { pixels: fitted, changes } = fitImage(
      grey(4, 2, [10, 10, 10, 10, 10, 10, 10, 10]),
      { width: 2, height: 3, channels: 1 },
      false,
    );
    expect([...fitted]).toEqual([0, 0, 10, 10, 0, 0]);
    expect(changes).toEqual(["scaled from 4 x 2 to 2 x 1", "centred on black of 2 x 3"]);
  });

  test("inverted, with what is transparent as ground, where it is dark on light", () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(30, 30, 30, 255, 9, 9, 9, 0) };
    const { pixels: fitted, changes } = fitImage(image, { width: 2, height: 1, channels: 1 }, true);
    expect([...fitted]).toEqual([225, 0]);
    expect(changes).toEqual(["laid on white where transparent", "inverted"]);
    expect([...fitImage(image, { width: 2, height: 1, channels: 1 }, false).pixels]).toEqual([30, 0]);
  });
});

describe("scaling", () => {
  const scale = (values: readonly number[], width: number) => [
    ...resize({ height: 1, width: values.length, channels: 1, values: Float32Array.from(values) }, { height: 1, width })
      .values,
  ];

  test("is bilinear where it enlarges", () => {
    expect(scale([0, 100], 4)).toEqual([0, 25, 75, 100]);
  });

  test("takes every pixel into account where it shrinks, and keeps what is even", () => {
    expect(scale([0, 0, 0, 0, 0, 0, 0, 80], 1)[0]).toBeGreaterThan(0);
    expect(scale([50, 50, 50, 50, 50, 50, 50], 3).map(Math.round)).toEqual([50, 50, 50]);
  });

  test("treats rows as it does columns", () => {
    const values = Float32Array.of(0, 100);
    const tall = resize({ height: 2, width: 1, channels: 1, values }, { height: 4, width: 1 });
    expect([...tall.values]).toEqual([0, 25, 75, 100]);
  });
});
