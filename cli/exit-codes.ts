/** Exit codes of every command (docs/cli.md). */
export const exitCodes = {
  done: 0,
  /** The job or the command failed. */
  failed: 1,
  /** A mistake in a flag, a spec, a file or a name. */
  badInput: 2,
  /** No coordinator answers. */
  unreachable: 3,
  /** The job was cancelled. */
  cancelled: 4,
  /** Ended by SIGINT. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
