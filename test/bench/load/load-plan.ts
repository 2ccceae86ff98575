/** What the load generator is to do, and for how long. It is sent to its process as JSON. */
export interface LoadPlan extends LoadShape {
  /** HOST:PORT of a coordinator or of the echo. */
  readonly address: string;
  /** The server's process, whose CPU time and memory are read. */
  readonly serverPid: number;
}

/** A load, whatever it goes to. */
export interface LoadShape {
  /** Simulated workers, each with a connection and a stream of its own. */
  readonly workers: number;
  /** Leases that a worker holds at a time. */
  readonly held: number;
  /** How long each evaluation takes: drawn uniformly from half of it to one and a half times it, in milliseconds. 0 for none at all. */
  readonly evaluationMs: number;
  /** What is to be measured, in order of ending; the load ends with the last. */
  readonly windows: readonly LoadWindow[];
}

/** A part of the load: from the so-many-th acknowledged outcome to another, or of the time since the first lease. */
export interface LoadWindow {
  readonly unit: "trials" | "seconds";
  readonly from: number;
  readonly to: number;
}

/** What was seen in a window. */
export interface WindowFigures {
  readonly window: LoadWindow;
  /** Outcomes acknowledged as accepted, and the seconds that took. */
  readonly trials: number;
  readonly seconds: number;
  /** From the request that asks for a lease until it arrives, in milliseconds. */
  readonly lease: Latency;
  /** From the request with an outcome until its acknowledgement, in milliseconds. */
  readonly outcome: Latency;
  /** CPU time of the server and of the load generator. */
  readonly serverCpuMs: number;
  readonly loadCpuMs: number;
  /** Of the server at the window's end. */
  readonly rssMib: number;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** All that the load generator reports. */
export interface LoadReport {
  readonly windows: readonly WindowFigures[];
  /** Over the whole load. */
  readonly accepted: number;
  /** Answered `stale` or `rejected`: none is to be. */
  readonly refused: number;
}
