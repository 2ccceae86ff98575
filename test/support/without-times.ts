const ofTime: ReadonlySet<string> = new Set([
  // Of a job.
  ...["wallSeconds", "workerBusyFraction"],
  // Of a training.
  ...["imagesPerSecond", "trainSeconds", "evalSeconds"],
  // Of a supernet's draws, each and all.
  ...["waitSeconds", "computeSeconds", "putSeconds"],
]);

/** Plain JSON with null for all that tells of time: what is left, the same spec and seed must give again, whatever happened on the way. */
export function withoutTimes<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (name, part: unknown) => (ofTime.has(name) ? null : part))) as T;
}
