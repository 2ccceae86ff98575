import type { JobState } from "./types.ts";

/** Whether a job in this state stays in it. */
export function hasEnded(state: JobState): boolean {
  switch (state) {
    case "running":
    case "paused":
      return false;
    case "succeeded":
    case "failed":
    case "cancelled":
      return true;
  }
}
