import { stateVersion, type JobState } from "./job-state.ts";

/** A snapshot that this version of fpnas cannot read. */
export class SnapshotError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SnapshotError";
  }
}

/** The state as text. Equal states reached by the same events give equal text. */
export function encodeSnapshot(state: JobState): string {
  return JSON.stringify(state);
}

/** The state back from `encodeSnapshot`. Throws SnapshotError for text that is none, or of another version of the state. */
export function decodeSnapshot(text: string): JobState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SnapshotError("The snapshot is not JSON.");
  }
  if (typeof value !== "object" || value === null || !("version" in value)) {
    throw new SnapshotError("The snapshot carries no version.");
  }
  if (value.version !== stateVersion) {
    throw new SnapshotError(
      `The snapshot has version ${JSON.stringify(value.version)}; this fpnas reads version ${stateVersion} only.`,
    );
  }
  return value as JobState;
}
