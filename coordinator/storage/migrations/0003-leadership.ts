import type { Migration } from "./migration.ts";

/** One row says which term leads, and where: writes are checked against it. */
export const leadership: Migration = ({ compiler, integerType: integer, textType, tableOptions }) => [
  compiler.schema
    .createTable("leadership")
    .addColumn("term", integer, (column) => column.notNull())
    .addColumn("address", textType)
    .modifyEnd(tableOptions),
  compiler.insertInto("leadership").values({ term: 0, address: null }),
];
