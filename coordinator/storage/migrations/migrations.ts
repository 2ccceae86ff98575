import { firstSchema } from "./0001-first-schema.ts";
import { reusedTrials } from "./0002-reused-trials.ts";
import { leadership } from "./0003-leadership.ts";
import { attemptsByClass } from "./0004-attempts-by-class.ts";
import { checkpoints } from "./0005-checkpoints.ts";
import type { Migration } from "./migration.ts";

/** All migrations in order: the one at index i makes version i + 1 of the schema. They only go forward. */
export const migrations: readonly Migration[] = [firstSchema, reusedTrials, leadership, attemptsByClass, checkpoints];
