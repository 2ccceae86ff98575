import { checkCommit, fileConflict, jobConflict, requestConflict, trialConflict } from "../refusals.ts";
import type { JobCommit, RequestRecord } from "../storage.ts";
import type { SqlStatement, SqlWrite } from "./sql-database.ts";
import type { WriteStatements } from "./write-statements.ts";

/**
 * Lists the statements of one commit, with all values taken: what becomes of `jobs` afterwards changes nothing.
 * Throws `unsupported` as `checkCommit` does.
 */
export function commitWrites(
  statements: WriteStatements,
  jobs: readonly JobCommit[],
  request: RequestRecord | null,
): readonly SqlWrite[] {
  const writes: SqlWrite[] = [];
  const add = (statement: SqlStatement, unchanged: SqlWrite["unchanged"] = null) => {
    writes.push({ sql: statement.sql, parameters: statement.parameters, unchanged });
  };
  for (const commit of jobs) {
    checkCommit(commit);
    const { job, expectedSeq, events, record, snapshotJson } = commit;
    const lastSeq = expectedSeq + events.length;
    if (record !== null) {
      add(statements.putJob.bind(record));
      add(statements.putJobInputs.bind(record));
    }
    add(statements.advance.bind({ job, expectedSeq, lastSeq }), () => jobConflict(job, expectedSeq));
    events.forEach((json, index) => add(statements.appendEvent.bind({ job, seq: expectedSeq + 1 + index, json })));
    for (const trial of commit.newTrials) {
      add(statements.putTrial.bind(trial));
      add(statements.putTrialNetwork.bind(trial));
    }
    for (const trial of commit.trials) add(statements.updateTrial.bind(trial), () => trialConflict(job, trial.trial));
    for (const round of commit.rounds) add(statements.putRound.bind(round));
    for (const sha256 of commit.keptFiles) add(statements.keepFile.bind({ sha256 }), () => fileConflict(sha256));
    if (snapshotJson !== null) add(statements.putSnapshot.bind({ job, seq: lastSeq, json: snapshotJson }));
  }
  if (request !== null) add(statements.addRequest.bind(request), () => requestConflict(request.requestId));
  return writes;
}
