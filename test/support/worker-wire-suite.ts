import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import * as grpc from "@grpc/grpc-js";
import type { Lease } from "../../proto/gen/fpnas/v1/Lease.ts";
import type { Network } from "../../proto/gen/fpnas/v1/Network.ts";
import { ScriptedCoordinator, type ScriptedStream } from "./worker-scripted-coordinator.ts";

/** A worker under test: anything that speaks worker.proto and can look tables up. */
export interface WireSubject {
  /** Asks it to end, as SIGTERM does, and resolves when it has. */
  stop(): Promise<void>;
  /** Resolves when it has ended by itself with an error. */
  readonly gaveUp: Promise<void>;
}

const table = JSON.stringify({
  name: "tiny",
  choices: [
    { name: "a", arms: ["x", "y"] },
    { name: "b", arms: ["x", "y", "z"] },
  ],
  rows: [
    { arms: [0, 0], accuracy: 0.5 },
    { arms: [1, 2], accuracy: [0.75, 0.25] },
    { arms: [1, 1], accuracy: 0.875 },
  ],
});

/** What worker.proto promises of every worker, in any language, tried from the coordinator's end of the wire. */
export function describeWorkerWire(name: string, startSubject: (address: string) => WireSubject): void {
  describe(`the wire contract, spoken by ${name}`, () => {
    let coordinator: ScriptedCoordinator;
    let worker: WireSubject;
    let tableSha256: string;
    let stream: ScriptedStream;

    beforeEach(async () => {
      coordinator = await ScriptedCoordinator.start();
      tableSha256 = coordinator.addFile(table);
      worker = startSubject(coordinator.address);
      stream = await coordinator.streams.at(0);
    });

    afterEach(async () => {
      // In this order: a worker waits a while for acknowledgements that a script has left out.
      coordinator.kill();
      coordinator.release();
      await worker.stop();
    });

    const leaseOf = (trial: number, network: Network, leaseToken = 1): Lease => ({
      key: { trial: `projects/default/jobs/j/trials/${trial}`, leaseToken },
      network,
      evaluation: { tabular: {}, seed: 7 },
    });
    const row = (trial: number, arms: number[], leaseToken = 1): Lease =>
      leaseOf(trial, { tableRow: { tableSha256, arms } }, leaseToken);

    test("registers with a legal id and its evaluators before it opens the stream, and then asks for leases", async () => {
      const [registration] = coordinator.registrations.items;
      expect(registration?.workerId).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
      expect(registration?.evaluators).toContain("tabular");
      const first = await stream.requests.at(0);
      expect(first.workerId).toBe(registration?.workerId);
      expect(first.wantLeases).toBeGreaterThanOrEqual(1);
      expect(first.wantLeases).toBeLessThanOrEqual(1024);
    });

    test("measures a network, and asks for as many leases as it has ended", async () => {
      await stream.requests.until(() => stream.wanted > 0);
      stream.lease(row(1, [1, 1]));
      const outcome = await stream.outcomeOf(row(1, [1, 1]));
      expect(outcome.result).toBe("measurement");
      expect(outcome.measurement).toMatchObject({ accuracy: 0.875, steps: 0 });
      stream.acknowledge(row(1, []));
      await stream.requests.until(() => stream.wanted > 1);
    });

    test("reads the mean of several runs", async () => {
      stream.lease(row(1, [1, 2]));
      expect((await stream.outcomeOf(row(1, []))).measurement?.accuracy).toBe(0.5);
    });

    test("answers every lease of a batch once, and fetches the table once", async () => {
      const leases = Array.from({ length: 10 }, (_, index) => row(index + 1, [0, 0]));
      await stream.requests.at(0);
      stream.lease(leases[0]!);
      await stream.outcomeOf(leases[0]!);
      await stream.requests.until(() => stream.wanted >= 10);
      stream.lease(...leases.slice(1));
      await Promise.all(leases.map((lease) => stream.outcomeOf(lease)));
      expect(stream.outcomes.map(({ key }) => key?.trial).sort()).toEqual(leases.map(({ key }) => key?.trial).sort());
      expect(coordinator.fetches.items).toEqual([tableSha256]);
    });

    test("keeps an outcome until it is acknowledged: sends it again on the next stream, and not on the one after", async () => {
      stream.lease(row(1, [0, 0]));
      await stream.outcomeOf(row(1, []));
      stream.break();
      const second = await coordinator.streams.at(1);
      expect(coordinator.registrations.items).toHaveLength(2);
      expect((await second.outcomeOf(row(1, []))).measurement?.accuracy).toBe(0.5);
      second.acknowledge(row(1, []));
      // An answer to a later lease shows that the acknowledgement has been read.
      second.lease(row(2, [0, 0]));
      await second.outcomeOf(row(2, []));
      second.break();
      const third = await coordinator.streams.at(2);
      await third.outcomeOf(row(2, []));
      expect(third.outcomes).toHaveLength(1);
    });

    test("goes on after a stale verdict", async () => {
      stream.lease(row(1, [0, 0]));
      await stream.outcomeOf(row(1, []));
      stream.acknowledge(row(1, []), "VERDICT_STALE");
      stream.lease(row(1, [0, 0], 2));
      expect((await stream.outcomeOf(row(1, [], 2))).measurement?.accuracy).toBe(0.5);
    });

    test("renews a lease at the heartbeat for as long as it works on it", async () => {
      coordinator.holdFiles();
      stream.lease(row(1, [0, 0], 5));
      const renewals = () =>
        stream.requests.items.flatMap((request) => request.renewals).filter(({ leaseToken }) => leaseToken === 5);
      await stream.requests.until(() => renewals().length >= 3);
      expect(renewals()[0]?.trial).toBe(row(1, []).key?.trial);
      coordinator.release();
      await stream.outcomeOf(row(1, [], 5));
    });

    test("reports an evaluation that runs past its time limit as timed out, and takes the next lease", async () => {
      coordinator.holdFiles();
      stream.lease({ ...row(1, [0, 0]), evaluation: { tabular: {}, seed: 7, timeLimitMs: 100 } });
      expect((await stream.outcomeOf(row(1, []))).failure?.reason).toBe("FAILURE_REASON_TIMED_OUT");
      stream.acknowledge(row(1, []));
      coordinator.release();
      stream.lease(row(2, [1, 1]));
      expect((await stream.outcomeOf(row(2, []))).measurement?.accuracy).toBe(0.875);
      expect(stream.outcomes).toHaveLength(2);
    });

    test("reports nothing of a revoked lease, and takes the next one", async () => {
      coordinator.holdFiles();
      stream.lease(row(1, [0, 0]));
      await coordinator.fetches.at(0);
      stream.send({ revoked: [row(1, []).key!] });
      coordinator.release();
      stream.lease(row(2, [1, 1]));
      expect((await stream.outcomeOf(row(2, []))).measurement?.accuracy).toBe(0.875);
      expect(stream.outcomes).toHaveLength(1);
    });

    test("goes on evaluating while the stream is broken, renews on the next one and reports there", async () => {
      coordinator.holdFiles();
      stream.lease(row(1, [0, 0]));
      await coordinator.fetches.at(0);
      stream.break();
      const second = await coordinator.streams.at(1);
      const first = await second.requests.at(0);
      expect(first.renewals).toEqual([row(1, []).key]);
      expect(first.workerId).toBe(coordinator.registrations.items[0]?.workerId);
      coordinator.release();
      expect((await second.outcomeOf(row(1, []))).measurement?.accuracy).toBe(0.5);
      expect(coordinator.fetches.items).toHaveLength(1);
    });

    test("finds a coordinator that was killed and started again on the same port, and reports to it", async () => {
      stream.lease(row(1, [0, 0]));
      await stream.outcomeOf(row(1, []));
      coordinator.kill();
      await coordinator.listen();
      const second = await coordinator.streams.at(1);
      expect((await second.outcomeOf(row(1, []))).measurement?.accuracy).toBe(0.5);
    });

    test("goes to the leader that a follower names, with all that it holds and owes, and comes back when that dies", async () => {
      const leader = await ScriptedCoordinator.start();
      try {
        leader.addFile(table);
        stream.lease(row(1, [0, 0]));
        await stream.outcomeOf(row(1, []));
        coordinator.leader = leader.address;
        stream.break();
        const there = await leader.streams.at(0);
        expect((await there.outcomeOf(row(1, []))).measurement?.accuracy).toBe(0.5);
        coordinator.leader = undefined;
      } finally {
        leader.kill();
      }
      const back = await coordinator.streams.at(1);
      expect((await back.outcomeOf(row(1, []))).measurement?.accuracy).toBe(0.5);
    });

    test("follows a stream that the coordinator ended in order with another", async () => {
      await stream.requests.at(0);
      stream.end();
      const second = await coordinator.streams.at(1);
      expect((await second.requests.at(0)).wantLeases).toBeGreaterThanOrEqual(1);
    });

    test.each<[string, string, (sha256: string) => Network]>([
      [
        "a row that the table does not list",
        "INFEASIBLE",
        (sha256) => ({ tableRow: { tableSha256: sha256, arms: [0, 1] } }),
      ],
      [
        "a layer that it does not know",
        "UNKNOWN_OPERATION",
        () => ({ graph: { input: { height: 8, width: 8, channels: 1 }, layers: [{}] } }),
      ],
      [
        "a network that cannot exist",
        "INFEASIBLE",
        () => ({ graph: { input: { height: 8, width: 8, channels: 1 }, layers: [{ dense: { units: 0 } }] } }),
      ],
      [
        "a table that no job brought",
        "DATA_UNAVAILABLE",
        () => ({ tableRow: { tableSha256: "0".repeat(64), arms: [0, 0] } }),
      ],
    ])("fails a trial of %s with %s, and lives on", async (_, reason, networkOf) => {
      stream.lease(leaseOf(1, networkOf(tableSha256)));
      const { failure } = await stream.outcomeOf(row(1, []));
      expect(failure?.reason).toBe(`FAILURE_REASON_${reason}`);
      expect(failure?.detail).toMatch(/^.{1,2000}$/);
      stream.acknowledge(row(1, []));
      stream.lease(row(2, [0, 0]));
      expect((await stream.outcomeOf(row(2, []))).measurement?.accuracy).toBe(0.5);
    });

    test("measures a trial all the same whose lease brings a checkpoint that it cannot use", async () => {
      stream.lease({ ...row(1, [0, 0]), checkpoint: { sha256: "2".repeat(64), step: 3, sizeBytes: 20 } });
      expect((await stream.outcomeOf(row(1, []))).measurement?.accuracy).toBe(0.5);
    });

    test("does not use a file that arrives with another hash", async () => {
      coordinator.files.set("1".repeat(64), Buffer.from(table));
      stream.lease(leaseOf(1, { tableRow: { tableSha256: "1".repeat(64), arms: [0, 0] } }));
      expect((await stream.outcomeOf(row(1, []))).failure?.reason).toBe("FAILURE_REASON_DATA_UNAVAILABLE");
    });

    test("gives its trial back as preempted when it is stopped, and closes the stream", async () => {
      coordinator.holdFiles();
      stream.lease(row(1, [0, 0]));
      await coordinator.fetches.at(0);
      const stopped = worker.stop();
      expect((await stream.outcomeOf(row(1, []))).failure?.reason).toBe("FAILURE_REASON_PREEMPTED");
      stream.acknowledge(row(1, []));
      await stream.ended;
      await stopped;
    });

    test("ends when it is stopped while the coordinator is away", async () => {
      coordinator.kill();
      await stream.ended;
      await worker.stop();
    });

    test("gives up when the coordinator refuses to register it", async () => {
      coordinator.refusal = grpc.status.INVALID_ARGUMENT;
      stream.break();
      await worker.gaveUp;
      expect(coordinator.streams.items).toHaveLength(1);
    });
  });
}
