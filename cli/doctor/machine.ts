import { execFile } from "node:child_process";
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from "node:os";
import { promisify } from "node:util";

/** A GPU as NVIDIA's driver tells of it. */
export interface NvidiaGpu {
  readonly name: string;
  /** Compute capability, such as 8.9. */
  readonly capability: number;
  readonly driver: string;
  readonly memoryBytes: number;
}

/** What backends have to work with. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  /** Cores that this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  /** Empty where there is none, or no driver. */
  readonly gpus: readonly NvidiaGpu[];
}

/** Looks at the machine. */
export async function inspectMachine(): Promise<Machine> {
  // A container's limit, where there is one.
  const memoryBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return {
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes,
    freeMemoryBytes: Math.min(freemem(), memoryBytes),
    gpus: await nvidiaGpus(),
  };
}

async function nvidiaGpus(): Promise<readonly NvidiaGpu[]> {
  const query = ["--query-gpu=name,compute_cap,driver_version,memory.total", "--format=csv,noheader,nounits"];
  try {
    return parseGpus((await promisify(execFile)("nvidia-smi", query, { timeout: 10_000 })).stdout);
  } catch {
    return [];
  }
}

/** Reads nvidia-smi's lines: name, capability, driver, memory in MiB. */
export function parseGpus(csv: string): readonly NvidiaGpu[] {
  return csv
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [name = "", capability, driver = "", mebibytes] = line.split(",").map((cell) => cell.trim());
      return { name, capability: Number(capability), driver, memoryBytes: Number(mebibytes) * 2 ** 20 };
    });
}
