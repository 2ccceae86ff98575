/** Runs SQL without parameters. */
type Query = (sql: string) => Promise<readonly Record<string, unknown>[]>;

const tablesSql = `
  select oid::text, quote_ident(relname) as name from pg_class
  where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname`;

const columnsSql = (oid: string) => `
  select quote_ident(attname) as name, format_type(atttypid, atttypmod)
      || coalesce(' collate ' || quote_ident(nullif(collname, 'default')), '')
      || case when attnotnull then ' not null' else '' end as definition
  from pg_attribute left join pg_collation on pg_collation.oid = attcollation
  where attrelid = ${oid} and attnum > 0 and not attisdropped order by attnum`;

/** Primary keys before the foreign keys that need them. */
const constraintsSql = `
  select conrelid::regclass::text as owner, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
  from pg_constraint where connamespace = current_schema()::regnamespace and contype in ('p', 'f')
  order by contype desc, conname`;

const indexesSql = `
  select indexdef as statement from pg_indexes where schemaname = current_schema()
    and indexname not in (select conname from pg_constraint) order by indexname`;

/** Writes a PostgreSQL database as SQL: its tables, their rows, their constraints and indexes, as its catalogue knows them. */
export async function dumpPostgres(query: Query): Promise<string> {
  const statements: string[] = [];
  for (const { oid, name } of await query(tablesSql)) {
    const columns = await query(columnsSql(String(oid)));
    const definitions = columns.map((column) => `${String(column["name"])} ${String(column["definition"])}`);
    statements.push(`create table ${String(name)} (${definitions.join(", ")})`);
    const values = columns.map((column) => `quote_nullable(${String(column["name"])}::text)`).join(" || ', ' || ");
    const rows = await query(`select ${values} as row from ${String(name)} order by row`);
    statements.push(...rows.map(({ row }) => `insert into ${String(name)} values (${String(row)})`));
  }
  for (const { owner, name, definition } of await query(constraintsSql)) {
    statements.push(`alter table ${String(owner)} add constraint ${String(name)} ${String(definition)}`);
  }
  for (const { statement } of await query(indexesSql)) statements.push(String(statement).replace(" public.", " "));
  return statements.map((statement) => `${statement};\n`).join("");
}
