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

const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;

/** Listens for these signals. A second one ends the process at once, after `beforeExit`. */
export function listenForStop(names: readonly (keyof typeof codes)[], beforeExit: () => void): StopSignals {
  const controller = new AbortController();
  let code: ExitCode | null = null;
  const onSignal = (name: NodeJS.Signals) => {
    const signalCode = name === "SIGINT" ? codes.SIGINT : codes.SIGTERM;
    if (code !== null) {
      beforeExit();
      process.exit(signalCode);
    }
    code = signalCode;
    controller.abort();
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

/** Both signals that ask a process to end: from a terminal, and from whatever runs it. */
export const stopSignals = ["SIGINT", "SIGTERM"] as const;

/** Resolves once the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}
