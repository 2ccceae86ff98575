import type { Migration } from "./migration.ts";

/** Open trials say which checkpoint they have, and files whether they are checkpoints, which are taken away again. */
export const checkpoints: Migration = ({ compiler, textType }) => [
  compiler.schema.alterTable("trials").addColumn("checkpoint_json", textType),
  compiler.schema.alterTable("files").addColumn("kind", textType, (column) => column.notNull().defaultTo("file")),
];
