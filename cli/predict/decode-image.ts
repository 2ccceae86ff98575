import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import { badInput } from "../errors.ts";
import { readInputFile } from "../read-file.ts";

/** An image of four bytes a pixel: red, green, blue, and how opaque it is. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const maxImageBytes = 2 ** 26;
/** In millions of pixels: what a file of a few bytes may ask memory for. */
const maxMegapixels = 64;

const pngMark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const jpegMark = Buffer.from([0xff, 0xd8, 0xff]);

/** Reads a PNG or JPEG file, told apart by content. Throws CliError (bad input) where it is anything else, damaged, or too large. */
export async function readImage(path: string): Promise<RgbaImage> {
  const bytes = Buffer.from(await readInputFile(path, maxImageBytes));
  const isPng = bytes.subarray(0, pngMark.length).equals(pngMark);
  if (!isPng && !bytes.subarray(0, jpegMark.length).equals(jpegMark)) {
    throw badInput(`${path} is neither a PNG nor a JPEG image.`);
  }
  try {
    return isPng ? decodePng(bytes) : decodeJpeg(bytes, { useTArray: true, maxResolutionInMP: maxMegapixels });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badInput(`${path} cannot be decoded as ${isPng ? "PNG" : "JPEG"}: ${reason.trim()}`);
  }
}

function decodePng(bytes: Buffer): RgbaImage {
  // Width and height stand at the same place in every PNG; the decoder would take the memory first.
  const [width, height] = bytes.length < 24 ? [0, 0] : [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width * height > maxMegapixels * 1e6) {
    throw new Error(`${String(width)} x ${String(height)} pixels are more than ${String(maxMegapixels)} million.`);
  }
  return PNG.sync.read(bytes);
}
