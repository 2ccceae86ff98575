import { systemTimers } from "../../client/timers.ts";
import { groupMemoryBytes } from "./group-memory.ts";

/** Between two looks. What is allocated and given back in between is not seen. */
const lookEveryMs = 500;

/**
 * Looks again and again at the memory of a process group, and says once that it is above the limit, with what it takes then. Where there is no
 * limit, or the system does not tell (only Linux does), it never says anything. Returns what ends it.
 */
export function watchMemory(group: number, limitBytes: number | null, onExcess: (bytes: number) => void): () => void {
  if (limitBytes === null) return () => undefined;
  let isOver = false;
  let cancel = (): void => undefined;
  const look = async (): Promise<void> => {
    const bytes = await groupMemoryBytes(group, limitBytes);
    if (isOver || bytes === null) return;
    if (bytes > limitBytes) onExcess(bytes);
    else lookLater();
  };
  const lookLater = (): void => {
    cancel = systemTimers.after(lookEveryMs, () => void look());
  };
  lookLater();
  return () => {
    isOver = true;
    cancel();
  };
}
