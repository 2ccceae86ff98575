import type { SqlGuard, SqlWrite } from "../sql/sql-database.ts";
import type { StorageError } from "../storage.ts";
import { sqlState, toStorageError } from "./errors.ts";
import type { Pipeline, Step, StepAnswer } from "./pipeline.ts";

const step = (sql: string): Step => ({ sql, parameters: [] });
const begin = step("begin");
const commit = step("commit");
const rollback = step("rollback");

/** SQLSTATE of a division by zero, by which `demanding` statements fail. */
const divisionByZero = "22012";

/**
 * Runs units in one transaction as `SqlDatabase.write` promises it. Rejects with StorageError where the server refuses
 * the whole, and with what broke the connection: then it is not known what became of the transaction.
 * Units nearly always succeed, so all of them are sent in one go, COMMIT included. Where anything is refused the server
 * has rolled all of it back, and the units go one by one.
 */
export async function runTransaction(
  pipeline: Pipeline,
  units: readonly (readonly SqlWrite[])[],
  guard: SqlGuard | null,
  place: string,
): Promise<readonly (StorageError | null)[]> {
  const head = guard === null ? [begin] : [begin, demanding(guard.statement.sql, guard.statement.parameters)];
  const body = units.flatMap((unit) => unit.map(toStep));
  const answers = await pipeline.run([...head, ...body, commit]);
  if (answers.every((answer) => !("error" in answer))) return units.map(() => null);
  throwRefusal(answers.slice(0, head.length), guard, place);
  return await runOneByOne(pipeline, units, head, guard, place);
}

async function runOneByOne(
  pipeline: Pipeline,
  units: readonly (readonly SqlWrite[])[],
  head: readonly Step[],
  guard: SqlGuard | null,
  place: string,
): Promise<readonly (StorageError | null)[]> {
  const opened = await pipeline.run(head);
  if (opened.some((answer) => "error" in answer)) await pipeline.run([rollback]);
  throwRefusal(opened, guard, place);
  const refusals: (StorageError | null)[] = [];
  for (const unit of units) refusals.push(await runUnit(pipeline, unit, place));
  throwRefusal(await pipeline.run([commit]), null, place);
  return refusals;
}

async function runUnit(pipeline: Pipeline, unit: readonly SqlWrite[], place: string): Promise<StorageError | null> {
  const answers = await pipeline.run([step("savepoint unit"), ...unit.map(toStep), step("release unit")]);
  const failed = answers.findIndex((answer) => "error" in answer);
  const answer = answers[failed];
  if (answer === undefined || !("error" in answer)) return null;
  await pipeline.run([step("rollback to unit"), step("release unit")]);
  const unchanged = unit[failed - 1]?.unchanged;
  if (unchanged && sqlState(answer.error) === divisionByZero) return unchanged();
  return toStorageError(answer.error, place);
}

/** Throws what the first of the steps failed of that failed. */
function throwRefusal(answers: readonly StepAnswer[], guard: SqlGuard | null, place: string): void {
  for (const answer of answers) {
    if (!("error" in answer)) continue;
    if (guard !== null && sqlState(answer.error) === divisionByZero) throw guard.refusal;
    throw toStorageError(answer.error, place);
  }
}

function toStep({ sql, parameters, unchanged }: SqlWrite): Step {
  return unchanged === null ? { sql, parameters } : demanding(`${sql} returning 1`, parameters);
}

/** Makes a statement fail, and its transaction with it, where it gives no row: nobody needs to look before the COMMIT. */
function demanding(sql: string, parameters: readonly unknown[]): Step {
  return { sql: `with demanded as (${sql}) select 1 / count(*) from demanded`, parameters };
}
