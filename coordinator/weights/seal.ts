import { createHash } from "node:crypto";
import { fstatSync, readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { WeightsError } from "./weights-store.ts";

// A sealed file is its contents, then JSON that says what they are, then a foot: SHA-256 of the JSON, its length in bytes, and the format.
const format = Buffer.from("fpnasw01");
const hashBytes = 32;
const footBytes = hashBytes + 8 + format.length;

/** What is written behind the contents of a sealed file. */
export function sealOf(about: object): Buffer {
  const json = Buffer.from(JSON.stringify(about));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([json, createHash("sha256").update(json).digest(), length, format]);
}

/** What a sealed file says of its contents. Rejects with WeightsError `corrupt` that names `what` where it is not what was written. */
export async function readSeal(file: FileHandle, what: string): Promise<unknown> {
  const { size } = await file.stat();
  const read = async (at: number, bytes: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
    return buffer.subarray(0, bytesRead);
  };
  const foot = await read(Math.max(0, size - footBytes), footBytes);
  const length = jsonLength(foot, size, what);
  return parse(await read(size - footBytes - length, length), foot, what);
}

/** As `readSeal`, for a thread that may wait. */
export function readSealSync(file: number, what: string): unknown {
  const { size } = fstatSync(file);
  const read = (at: number, bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(file, buffer, 0, bytes, at));
  };
  const foot = read(Math.max(0, size - footBytes), footBytes);
  const length = jsonLength(foot, size, what);
  return parse(read(size - footBytes - length, length), foot, what);
}

function damaged(what: string): WeightsError {
  return new WeightsError("corrupt", `${what} is damaged: its description is not what was written.`);
}

function jsonLength(foot: Buffer, size: number, what: string): number {
  if (foot.length < footBytes || !foot.subarray(hashBytes + 8).equals(format)) throw damaged(what);
  const length = Number(foot.readBigUInt64LE(hashBytes));
  if (length > size - footBytes) throw damaged(what);
  return length;
}

function parse(json: Buffer, foot: Buffer, what: string): unknown {
  if (!createHash("sha256").update(json).digest().equals(foot.subarray(0, hashBytes))) throw damaged(what);
  return JSON.parse(json.toString()) as unknown;
}
