import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { status } from "@grpc/grpc-js";
import type { Checkpoint } from "../../proto/gen/fpnas/v1/Checkpoint.ts";
import type { Lease } from "../../proto/gen/fpnas/v1/Lease.ts";
import { ScriptedCoordinator, type ScriptedStream } from "./worker-scripted-coordinator.ts";
import type { WireSubject } from "./worker-wire-suite.ts";

const graph = {
  input: { height: 28, width: 28, channels: 1 },
  layers: [
    { conv: { outChannels: 4, kernel: 3, stride: 2, batchNorm: true, activation: "ACTIVATION_RELU" } },
    { globalPool: {} },
    { dense: { units: 10, bias: true, activation: "ACTIVATION_NONE" } },
  ],
} as const;

/** A training of so many steps. */
function trainingOf(steps: number, checkpoint: Checkpoint | null = null, leaseToken = 1): Lease {
  const train = { dataset: "fashion-mnist", steps, batch: 8, learningRate: 0.1, part: "DATA_PART_VALIDATION" } as const;
  return {
    key: { trial: "projects/default/jobs/j/trials/1", leaseToken },
    network: { graph: { input: graph.input, layers: [...graph.layers] } },
    evaluation: { train, seed: 7 },
    checkpoint,
  };
}

/** More steps than a test waits for. */
const endless = 1_000_000;
/** Enough for some checkpoints of a worker that saves many times a second. */
const some = 400;

/**
 * What worker.proto promises of the checkpoints of workers that train, in any language, tried from the coordinator's end of the wire. The
 * subject must train on "fashion-mnist", whatever that holds, and save its trainings many times a second.
 */
export function describeWorkerCheckpoints(name: string, startSubject: (address: string) => WireSubject): void {
  describe(`the wire contract of checkpoints, spoken by ${name}`, () => {
    let coordinator: ScriptedCoordinator;
    let worker: WireSubject;
    let stream: ScriptedStream;

    beforeEach(async () => {
      coordinator = await ScriptedCoordinator.start();
      worker = startSubject(coordinator.address);
      stream = await coordinator.streams.at(0);
    });

    afterEach(async () => {
      coordinator.kill();
      coordinator.release();
      await worker.stop();
    });

    /** Has the worker stopped, as soon as the coordinator has so many checkpoints; gives the outcome. */
    async function stopAfter(checkpoints: number, lease: Lease) {
      await coordinator.checkpoints.at(checkpoints - 1);
      const stopped = worker.stop();
      const outcome = await stream.outcomeOf(lease);
      const known = coordinator.checkpoints.items.length;
      stream.acknowledge(lease);
      await stopped;
      return { outcome, known };
    }

    test("each names its worker, lease and step, has the hash and length told, and stands at a later step than the one before", async () => {
      const lease = trainingOf(endless);
      stream.lease(lease);
      await stopAfter(3, lease);
      const { workerId } = coordinator.registrations.items[0]!;
      const steps = coordinator.checkpoints.items.map(({ header, bytes, pieces }) => {
        expect(header).toMatchObject({ workerId, key: lease.key });
        expect(header.checkpoint).toMatchObject({
          sha256: createHash("sha256").update(bytes).digest("hex"),
          sizeBytes: bytes.length,
        });
        expect(Math.max(...pieces)).toBeLessThanOrEqual(2 ** 20);
        return header.checkpoint!.step;
      });
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
      expect(steps[0]).toBeGreaterThan(0);
    });

    test("a worker that is stopped sends a last one before it gives the trial back", async () => {
      const lease = trainingOf(endless);
      stream.lease(lease);
      await coordinator.checkpoints.at(0);
      const seen = coordinator.checkpoints.items.length;
      const { outcome, known } = await stopAfter(1, lease);
      expect(outcome.failure?.reason).toBe("FAILURE_REASON_PREEMPTED");
      expect(known).toBeGreaterThan(seen);
      expect(coordinator.checkpoints.items).toHaveLength(known);
    });

    test("a training goes on from the one that its lease brings, and measures the same", async () => {
      const first = trainingOf(some);
      stream.lease(first);
      const undisturbed = (await stream.outcomeOf(first)).measurement!;
      stream.acknowledge(first);
      const { header, bytes } = await coordinator.checkpoints.at(0);
      coordinator.files.set(header.checkpoint!.sha256, bytes);
      const before = coordinator.checkpoints.items.length;
      const second = trainingOf(some, header.checkpoint, 2);
      stream.lease(second);
      const resumed = (await stream.outcomeOf(second)).measurement!;
      expect(coordinator.fetches.items).toEqual([header.checkpoint!.sha256]);
      expect(resumed).toMatchObject({ accuracy: undisturbed.accuracy, loss: undisturbed.loss, steps: some });
      const steps = coordinator.checkpoints.items.slice(before).map((received) => received.header.checkpoint!.step);
      expect(Math.min(Infinity, ...steps)).toBeGreaterThan(header.checkpoint!.step);
    });

    test.each<[string, Uint8Array | null]>([
      ["nobody has", null],
      ["is none", Buffer.from("no checkpoint at all")],
    ])("a training begins anew where its lease brings a checkpoint that %s", async (_, bytes) => {
      const sha256 = createHash("sha256")
        .update(bytes ?? "")
        .digest("hex");
      if (bytes !== null) coordinator.files.set(sha256, bytes);
      const lease = trainingOf(5, { sha256, step: 3, sizeBytes: 20 });
      stream.lease(lease);
      expect((await stream.outcomeOf(lease)).measurement?.steps).toBe(5);
      expect(coordinator.fetches.items).toContain(sha256);
    });

    test.each([
      ["stale", { verdict: "VERDICT_STALE" }],
      ["refused for lack of room", { refusal: status.RESOURCE_EXHAUSTED }],
      ["not understood", { refusal: status.UNIMPLEMENTED }],
    ] as const)("a training goes on where its checkpoints are %s", async (_, answer) => {
      coordinator.checkpointAnswer = answer;
      const lease = trainingOf(some);
      stream.lease(lease);
      await coordinator.checkpoints.at(0);
      expect((await stream.outcomeOf(lease)).measurement?.steps).toBe(some);
    });
  });
}
