import { readdir, readFile } from "node:fs/promises";

/**
 * The memory that the processes of a group take together, in bytes, for a comparison with a limit: resident memory, of which pages that
 * processes share count once where that matters, which is above the limit. Null where the system does not tell (it is Linux's /proc that does).
 */
export async function groupMemoryBytes(group: number, limitBytes: number): Promise<number | null> {
  const pids = await membersOf(group);
  if (pids === null) return null;
  const resident = await sum(pids, "status", /^VmRSS:\s+(\d+) kB$/m);
  // Dear to read of large processes, and never more than what is resident.
  return resident <= limitBytes ? resident : await sum(pids, "smaps_rollup", /^Pss:\s+(\d+) kB$/m);
}

async function membersOf(group: number): Promise<readonly string[] | null> {
  const entries = await readdir("/proc").catch((): string[] => []);
  if (!entries.includes("self")) return null;
  const members: string[] = [];
  for (const pid of entries) {
    if (!/^\d+$/.test(pid)) continue;
    // "PID (NAME) STATE PARENT GROUP ..", where the name may hold anything.
    const fields = (await readProc(pid, "stat")).replace(/^.*\) /s, "").split(" ");
    if (Number(fields[2]) === group) members.push(pid);
  }
  return members;
}

async function sum(pids: readonly string[], file: string, pattern: RegExp): Promise<number> {
  let kilobytes = 0;
  for (const pid of pids) kilobytes += Number(pattern.exec(await readProc(pid, file))?.[1] ?? 0);
  return kilobytes * 1024;
}

/** Empty where the process has ended since. */
function readProc(pid: string, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}
