import type { Engine } from "../scheduling/engine.ts";
import type { JobReader } from "../scheduling/job-reader.ts";

/** The coordinator behind the services, which leads or follows. */
export interface Coordinator {
  /** Answers in both roles. */
  readonly jobs: JobReader;
  /** What only a leader has. Rejects with EngineError `unavailable`, NOT_LEADER, while this coordinator does not lead. */
  leading(): Promise<Engine>;
}
