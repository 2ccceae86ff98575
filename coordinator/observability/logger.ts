import { pino, type Logger } from "pino";

/** Levels from the least to the most that is written. */
export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * A structured log: one JSON object a line, on stderr (stdout is for results), ISO times, with the words of docs/architecture.md as
 * its keys (job, trial, worker, token, round). Specs, files and measurements are never written.
 */
export function createLogger(level: LogLevel, name: string): Logger {
  return pino({ name, level, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
}
