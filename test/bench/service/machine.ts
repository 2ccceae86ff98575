import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, totalmem } from "node:os";

/** What figures depend on, in one line: processors, memory, Node, and the file system of the folder. */
export function describeMachine(folder: string): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${availableParallelism()} × ${model}, ${memory}, Node ${process.version}, store on ${fileSystemOf(folder)}`;
}

/** Such as "ext4 (/dev/sda1)". Throws where it is held in memory: nothing is durable there. */
export function fileSystemOf(folder: string): string {
  const [type = "", device = ""] = execFileSync("df", ["--output=fstype,source", folder], { encoding: "utf8" })
    .trim()
    .split("\n")
    .at(-1)!
    .split(/\s+/);
  if (type === "tmpfs" || type === "ramfs") throw new Error(`${folder} lies in memory: give --folder one on a disk`);
  return `${type} (${device})`;
}
