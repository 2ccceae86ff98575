import type { Coordinator, WorkStreamEvents } from "../../../worker/client/coordinator.ts";
import type { LeaseKey, WorkRequest } from "../../../worker/client/lease.ts";
import { withMethods } from "../scheduling-storage.ts";

/** Lets one through at a time. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private isTaken = false;

  /** Calls `go` when it is its turn, which lasts until it calls `leave`. */
  enter(go: () => void): void {
    if (this.isTaken) {
      this.waiting.push(go);
    } else {
      this.isTaken = true;
      go();
    }
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.isTaken = false;
    else next();
  }
}

/**
 * A coordinator to which all workers that share the turnstile send one outcome at a time, each once the one before is acknowledged: every
 * outcome is then a commit of its own, however slow the machine is.
 */
export function oneByOne(inner: Coordinator, turnstile: Turnstile): Coordinator {
  return withMethods(inner, {
    work(workerId: string, events: WorkStreamEvents) {
      /** The outcome of this stream that is under way. */
      let sent: LeaseKey | null = null;
      let isOver = false;
      const leave = (): void => {
        sent = null;
        turnstile.leave();
      };
      const stream = inner.work(workerId, {
        received: (response) => {
          const isAnswered = response.acks.some(({ key }) => key.trial === sent?.trial);
          if (isAnswered) leave();
          events.received(response);
        },
        ended: (error) => {
          isOver = true;
          if (sent !== null) leave();
          events.ended(error);
        },
      });
      return {
        send({ outcomes = [], renewals, wantLeases }: WorkRequest) {
          const [first, ...others] = outcomes;
          if (renewals !== undefined || first === undefined) {
            const credit = first === undefined && wantLeases !== undefined ? { wantLeases } : {};
            stream.send({ ...(renewals === undefined ? {} : { renewals }), ...credit });
          }
          const parts = first === undefined ? [] : [{ ...(wantLeases && { wantLeases }), outcomes: [first] }];
          for (const part of [...parts, ...others.map((outcome) => ({ outcomes: [outcome] }))]) {
            turnstile.enter(() => {
              if (isOver) {
                turnstile.leave();
                return;
              }
              sent = part.outcomes[0]!.key;
              stream.send(part);
            });
          }
        },
        end: () => stream.end(),
        cancel: () => stream.cancel(),
      };
    },
  });
}
