import { beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { runProgram, softwareGpu } from "../support/software-gpu.ts";
import { computeCase, differenceOf, kernelCases } from "../support/training-kernels.ts";
import { trainingLosses } from "../support/training-losses.ts";

/** What a check of webgpu-checks.ts printed, by the order of the checks. */
const checkNames = ["kernels", "losses", "trials", "checkpoint", "diverged", "lost", "tooLarge"] as const;
const said = new Map<string, readonly unknown[]>();
const linesOf = (check: (typeof checkNames)[number]): readonly unknown[] => said.get(check) ?? [];

describe("the webgpu backend, on an emulated GPU", () => {
  beforeAll(async () => {
    const { lines, stderr } = await runProgram("webgpu-checks", checkNames, await softwareGpu());
    expect(stderr).toBe("");
    for (const line of lines as readonly { check: string; value: unknown }[]) {
      said.set(line.check, [...(said.get(line.check) ?? []), line.value]);
    }
    await selectBackend("cpu");
  }, 300_000);

  test.each(kernelCases)("agrees with the cpu backend to 1e-4: $name", async (kernelCase) => {
    const expected = await computeCase(kernelCase);
    const line = (linesOf("kernels") as readonly { name: string; values: string }[]).find(
      ({ name }) => name === kernelCase.name,
    );
    const bytes = Uint8Array.from(Buffer.from(line!.values, "base64"));
    expect(differenceOf(expected, new Float32Array(bytes.buffer))).toBeLessThan(1e-4);
  });

  test("has the losses of the wasm backend over the first ten steps of the two-block MobileNet, to 1e-4", async () => {
    await selectBackend("wasm");
    const expected = await trainingLosses(10);
    await selectBackend("cpu");
    const [{ losses } = { losses: [] }] = linesOf("losses") as readonly { losses: readonly number[] }[];
    expect(losses).toHaveLength(10);
    losses.forEach((loss, step) => expect(Math.abs(loss / expected[step]! - 1)).toBeLessThan(1e-4));
  });

  test("leaves no tensor and no buffer behind over 50 trials", () => {
    const trials = linesOf("trials") as readonly { tensors: number; buffers: number }[];
    expect(trials).toHaveLength(50);
    for (const { tensors, buffers } of trials) {
      expect(tensors).toBe(trials[0]!.tensors);
      expect(buffers).toBe(trials[0]!.buffers);
    }
  });

  test("goes on from a checkpoint as if nothing had happened", () => {
    const [{ whole, resumed } = { whole: null, resumed: null }] = linesOf("checkpoint") as readonly Record<
      "whole" | "resumed",
      object
    >[];
    expect(resumed).toEqual({ ...whole, resumedAtStep: expect.any(Number) });
    expect(resumed).not.toEqual(whole);
  });

  test("finds a loss that is no number any more", () => {
    expect(linesOf("diverged")).toEqual([{ reason: "nan_loss", message: expect.stringMatching(/^The loss is NaN/) }]);
  });

  test("tells in one line that the GPU was lost, and goes on with it when it is back", () => {
    const [failure, next] = linesOf("lost");
    expect(failure).toEqual({ reason: null, message: expect.stringMatching(/^SwiftShader[^\n]* was lost: [^\n]*$/) });
    expect(next).toMatchObject({ steps: 1, loss: expect.any(Number) });
  });

  test("takes a network that is beyond the GPU's limits for one that does not fit its memory", () => {
    const message = expect.stringMatching(/^The network does not fit: out of memory on SwiftShader[^\n]*$/);
    expect(linesOf("tooLarge")).toEqual([{ reason: "out_of_memory", message }]);
  });
});

/** What backend-selection.ts says, with a cache folder of its own: it measures anew. */
async function selected(env: NodeJS.ProcessEnv, preference: string): Promise<Readonly<Record<string, unknown>>> {
  const folder = await mkdtemp(join(tmpdir(), "fpnas-selection-"));
  const { lines } = await runProgram("backend-selection", [preference], { ...env, FPNAS_CACHE_DIR: folder });
  await rm(folder, { recursive: true });
  return lines[0] as Readonly<Record<string, unknown>>;
}

describe("where no GPU can be used", () => {
  test("an emulated GPU is none for auto, and one for who asks for it by name", async () => {
    const env = await softwareGpu();
    const { name, log } = await selected(env, "auto");
    expect(name).not.toBe("webgpu");
    expect(log).toEqual([expect.stringMatching(/webgpu cannot be used: SwiftShader[^\n]* only emulates a GPU/)]);
    expect(await selected(env, "webgpu")).toMatchObject({
      name: "webgpu",
      device: expect.stringMatching(/^SwiftShader/),
    });
  });

  test("a machine without a driver is told so, and what to install", async () => {
    const none = join(tmpdir(), "no-such-driver.json");
    const env = { ...(await softwareGpu()), VK_ICD_FILENAMES: none, VK_DRIVER_FILES: none };
    expect(await selected(env, "webgpu")).toEqual({
      failure: expect.stringMatching(
        /^backend webgpu cannot be used: no driver offers a GPU: install the GPU's driver [^\n]*Vulkan[^\n]*$/,
      ),
      log: [],
    });
  });

  test("a machine whose Vulkan loader does not load is told so, and what to install", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fpnas-loader-"));
    await writeFile(join(folder, "libvulkan.so.1"), "");
    expect(await selected({ ...process.env, LD_LIBRARY_PATH: folder }, "webgpu")).toEqual({
      failure: expect.stringMatching(
        /^backend webgpu cannot be used: Vulkan's loader does not load \([^\n]*\): install it [^\n]*libvulkan1[^\n]*$/,
      ),
      log: [],
    });
    await rm(folder, { recursive: true });
  });
});
