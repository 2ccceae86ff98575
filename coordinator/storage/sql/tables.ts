/** The columns of every table, for the type checker; `../migrations` makes them. Times are in ms since 1970. */
export interface Tables {
  readonly jobs: JobsTable;
  readonly job_inputs: JobInputsTable;
  readonly events: { readonly job: string; readonly seq: number; readonly json: string };
  readonly snapshots: { readonly job: string; readonly seq: number; readonly json: string };
  readonly trials: TrialsTable;
  readonly trial_networks: TrialNetworksTable;
  readonly rounds: { readonly job: string; readonly round: number; readonly summary_json: string };
  readonly requests: RequestsTable;
  readonly files: { readonly sha256: string; readonly byte_length: number; readonly kind: "file" | "checkpoint" };
  readonly file_chunks: { readonly sha256: string; readonly chunk: number; readonly bytes: Uint8Array };
  /** One row: who leads, in which term; a term whose leader resigned has no address. */
  readonly leadership: { readonly term: number; readonly address: string | null };
  readonly fpnas_schema: { readonly version: number };
}

interface JobsTable {
  readonly job: string;
  readonly project: string;
  readonly state: "running" | "paused" | "succeeded" | "failed" | "cancelled";
  readonly create_time_ms: number;
  readonly end_time_ms: number | null;
  readonly result_json: string | null;
  readonly error: string | null;
  readonly progress_json: string;
  /** The fence of every commit: the number of the job's last event. */
  readonly last_seq: number;
}

/** What a job was submitted with: long, and the same in every commit, so apart from what changes. */
interface JobInputsTable {
  readonly job: string;
  readonly spec_json: string;
  readonly files_json: string;
}

interface TrialsTable {
  readonly job: string;
  readonly trial: number;
  readonly role: string;
  readonly state: "pending" | "leased" | "completed" | "failed" | "infeasible" | "cancelled";
  readonly network_hash: string;
  readonly round: number;
  readonly macs: number | null;
  readonly params: number | null;
  readonly attempts_json: string | null;
  readonly lease_token: number;
  readonly worker_id: string | null;
  readonly lease_time_ms: number | null;
  readonly end_time_ms: number | null;
  readonly busy_ms: number;
  readonly measurement_json: string | null;
  readonly failure_reason: string | null;
  readonly failure_detail: string | null;
  readonly reused_from: string | null;
  readonly checkpoint_json: string | null;
}

/** What a trial evaluates: long, and the same through all its states, so that a lease rewrites a short row only. */
interface TrialNetworksTable {
  readonly job: string;
  readonly trial: number;
  readonly network_json: string;
  readonly arms_json: string;
}

interface RequestsTable {
  readonly request_id: string;
  readonly request: string;
  readonly response_json: string;
  readonly time_ms: number;
}
