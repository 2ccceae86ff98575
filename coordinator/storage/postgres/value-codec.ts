import pg from "pg";

import { decodeText, encodeText } from "./text-codec.ts";

const { INT8, TEXT } = pg.types.builtins;

/** By the type's number in PostgreSQL: int8 becomes a number, which holds the 53 bits of the port's, and text is decoded. */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [INT8, Number],
  [TEXT, decodeText],
]);

type GetTypeParser = typeof pg.types.getTypeParser;

const usualParser = pg.types.getTypeParser as (oid: number, format: "text" | "binary") => unknown;

/** How the values of rows come back. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: "text" | "binary") =>
    parsers.get(oid) ?? usualParser(oid, format)) as GetTypeParser,
};

/** Makes of the values of a statement what PostgreSQL takes. */
export function encodeValues(values: readonly unknown[]): unknown[] {
  return values.map((value) => (typeof value === "string" ? encodeText(value) : value));
}
