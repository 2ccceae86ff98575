import { WeightsError } from "./weights-store.ts";

/** The code of an error of the system, such as ENOENT; null for any other. */
export function systemCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error) || !("syscall" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** Whether the system says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return systemCode(error) === "ENOENT";
}

/** What went wrong, as the port has it: whatever the system refuses, such as room or permission, may work later. */
export function asWeightsError(error: unknown, what: string): unknown {
  if (systemCode(error) === null) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new WeightsError("unavailable", `${what}: ${message}`, { cause: error });
}
