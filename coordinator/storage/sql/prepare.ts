import type { Compilable } from "kysely";

import type { SqlStatement } from "./sql-database.ts";

/** SQL that was compiled once and is run with many values. */
export interface Prepared<P, O> {
  bind(values: P): SqlStatement<O>;
}

/** Stands in a query for the value of one parameter. */
class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Compiles a query of Kysely whose values are the properties of `parameters`, each used once or more.
 * Building and compiling a query costs more than running it (docs/decisions/0002-storage-sql.md), so it is done once here.
 */
export function prepare<P extends object, O>(build: (parameters: P) => Compilable<O>): Prepared<P, O> {
  const parameters = new Proxy({} as P, { get: (_, name) => new Placeholder(String(name)) });
  const compiled = build(parameters).compile();
  const inputs = compiled.parameters;
  return {
    bind: (values) => {
      const byName = values as Readonly<Record<string, unknown>>;
      return {
        sql: compiled.sql,
        parameters: inputs.map((input) => (input instanceof Placeholder ? byName[input.name] : input)),
      };
    },
  };
}
