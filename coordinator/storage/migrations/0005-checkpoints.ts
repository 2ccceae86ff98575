import type { Migration } from "./migration.ts";

/** Open trials say which checkpoint they have, and files whether they are checkpoints, which are taken away again. */
export const checkpoints: Migration = ({ compiler }) => [
  compiler.schema.alterTable("trials").addColumn("checkpoint_json", "text"),
  compiler.schema.alterTable("files").addColumn("kind", "text", (column) => column.notNull().defaultTo("file")),
];
