import pg from "pg";

import { encodeText, decodeText } from "./text-codec.ts";

/** How rows come back: texts as they were given, and int8 as numbers, which hold the 53 bits of the port's. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") => {
    switch (oid) {
      case pg.types.builtins.INT8:
        return Number;
      case pg.types.builtins.TEXT:
        return decodeText;
      default:
        return pg.types.getTypeParser(oid, format);
    }
  }) as typeof pg.types.getTypeParser,
};

/** Makes of the values of a statement what PostgreSQL takes. */
export function encodeValues(values: readonly unknown[]): unknown[] {
  return values.map((value) => (typeof value === "string" ? encodeText(value) : value));
}
