import { firstLineOf } from "../first-line.ts";
import { importOptional } from "./optional-package.ts";

/** A GPU that is open. */
export interface Gpu {
  /** Its name, as its driver gives it. */
  readonly name: string;
  readonly info: GPUAdapterInfo;
  readonly device: GPUDevice;
}

/** Dawn ends with the last reference to what it was entered through, and takes devices that are still in use with it: so it is entered once. */
let dawn: GPU | undefined;

/** Whether a GPU of one's own asking for is also taken where it is none: drivers such as SwiftShader and llvmpipe emulate one on the processor. */
export type GpuKind = "real" | "any";

const howToInstall =
  "install the GPU's driver with its Vulkan part (NVIDIA: the driver's own libraries; AMD and Intel: mesa-vulkan-drivers)";

/** Limits beyond WebGPU's defaults that tfjs's programs make use of where the GPU has them. */
const wantedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/**
 * Opens the fastest GPU of the machine through Dawn, the WebGPU of Chromium. Sets WebGPU's constants and classes (GPUBuffer, GPUMapMode, ..)
 * as globals, where tfjs expects them. Rejects with one line that tells what is missing and how to get it.
 */
export async function openGpu(kind: GpuKind): Promise<Gpu> {
  const { create, globals } = await importOptional("webgpu", () => import("webgpu"));
  assertVulkanLoader();
  Object.assign(globalThis, globals);
  dawn ??= create([]);
  const adapter = await dawn.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new Error(`no driver offers a GPU: ${howToInstall}`);
  const { info } = adapter;
  const name = info.description || info.device || info.vendor || "a GPU without a name";
  if (kind === "real" && info.isFallbackAdapter) {
    throw new Error(`${name} only emulates a GPU, slower than wasm: ${howToInstall}`);
  }
  const requiredLimits = Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]]));
  return { name, info, device: await adapter.requestDevice({ requiredLimits }) };
}

/** On Linux Dawn reaches a GPU through Vulkan's loader only; where that is missing it would say so on stderr, and find no GPU. */
function assertVulkanLoader(): void {
  if (process.platform !== "linux") return;
  try {
    process.dlopen({ exports: {} }, "libvulkan.so.1");
  } catch (error) {
    const reason = firstLineOf(error);
    // It was opened then, and found to be no add-on for Node, which is as it should be.
    if (reason.includes("did not self-register")) return;
    const advice = `install it (Debian: libvulkan1) and ${howToInstall}`;
    throw new Error(`Vulkan's loader does not load (${reason}): ${advice}`, { cause: error });
  }
}
