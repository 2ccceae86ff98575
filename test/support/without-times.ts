const ofTime: ReadonlySet<string> = new Set([
  // Of a job.
  ...["wallSeconds", "workerBusyFraction"],
  // Of a measurement: where the time of the evaluation went stands there.
  "extra",
  // Of what a supernet's draws exchanged.
  ...["waitSeconds", "computeSeconds", "putSeconds"],
]);

/** Plain JSON with null for all that tells of time: what is left, the same spec and seed must give again, whatever happened on the way. */
export function withoutTimes<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (name, part: unknown) => (ofTime.has(name) ? null : part))) as T;
}
