import { exitCodes, type ExitCode } from "./exit-codes.ts";

/** SIGINT and SIGTERM as an AbortSignal. */
export interface StopSignals {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** The code to exit with; null while there was no signal. */
  exitCode(): ExitCode | null;
  /** Stops listening. */
  dispose(): void;
}

/** Listens for SIGINT and SIGTERM. A second one ends the process at once, after `beforeExit`. */
export function listenForStop(beforeExit: () => void): StopSignals {
  const controller = new AbortController();
  let code: ExitCode | null = null;
  const listen = (signalCode: ExitCode) => () => {
    if (code !== null) {
      beforeExit();
      process.exit(signalCode);
    }
    code = signalCode;
    controller.abort();
  };
  const onInterrupt = listen(exitCodes.interrupted);
  const onTerminate = listen(exitCodes.terminated);
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onTerminate);
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose: () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
    },
  };
}
