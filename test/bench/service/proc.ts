import { readFileSync } from "node:fs";

/** Linux counts a process's CPU time in hundredths of a second (USER_HZ). */
const msPerTick = 10;

/** CPU time that a process has used so far, all its threads, user and system, in milliseconds. Throws where there is no such process. */
export function cpuMsOf(pid: number): number {
  // The name in brackets may hold spaces: fields are counted from behind it (proc(5): utime is 14, stime 15).
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** Resident memory of a process in MiB. Throws where there is no such process. */
export function rssMibOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib ?? NaN) / 1024;
}
