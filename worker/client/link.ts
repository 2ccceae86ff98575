import { status } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { Backoff } from "./backoff.ts";
import type { Coordinator, Registration, WorkStream } from "./coordinator.ts";
import { statusOf } from "./status.ts";
import type { WorkRequest, WorkResponse } from "./lease.ts";
import type { Timers } from "./timers.ts";

/** How long the coordinator may take to end a stream that the worker has half-closed. */
const goodbyeMs = 1_000;

/** Answers to Register that another try does not change. */
const refusals: readonly status[] = [
  status.INVALID_ARGUMENT,
  status.UNIMPLEMENTED,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
];

/** What a link tells its runner. */
export interface LinkEvents {
  /** A new stream is open; returns its first request. */
  opened(): WorkRequest;
  received(response: WorkResponse): void;
  /** Time to renew leases; only while open. */
  heartbeat(): void;
  /** The stream broke; another is coming. */
  broke(): void;
  /** The coordinator wants nothing of this worker. The link is closed. */
  refused(error: Error): void;
}

type State =
  | { readonly type: "idle" | "connecting" | "closed" }
  | { readonly type: "waiting"; readonly cancel: () => void }
  | { readonly type: "open"; readonly stream: WorkStream; beat: () => void };

/**
 * Keeps one Work stream open to the coordinator.
 *
 *     idle --start()--> connecting --registered--> open
 *                        |  ^   ^                   |
 *                 failed |  |   |                   | stream ended
 *                        v  |   |                   |
 *                      waiting <-(back-off)---------+
 *
 *     any --close()--> closed        connecting --refused for good--> closed
 *
 * Each new stream begins with Register: the coordinator may be another process than before. The back-off begins anew once a stream has
 * carried a response or lived for a heartbeat; one that opens and breaks at once does not count as a success.
 */
export class Link {
  readonly #coordinator: Coordinator;
  readonly #registration: Registration;
  readonly #events: LinkEvents;
  readonly #timers: Timers;
  readonly #logger: Logger;
  readonly #backoff: Backoff;
  #state: State = { type: "idle" };
  #ended: (() => void) | undefined;

  constructor(
    coordinator: Coordinator,
    registration: Registration,
    events: LinkEvents,
    ports: { readonly timers: Timers; readonly random: () => number; readonly logger: Logger },
  ) {
    this.#coordinator = coordinator;
    this.#registration = registration;
    this.#events = events;
    this.#timers = ports.timers;
    this.#logger = ports.logger;
    this.#backoff = new Backoff(ports.random);
  }

  get isOpen(): boolean {
    return this.#state.type === "open";
  }

  /** Begins to connect; to be called once. */
  start(): void {
    this.#connect();
  }

  /** Sends on the present stream; without one it is lost, and the first request of the next stream says it again. */
  send(request: WorkRequest): void {
    if (this.#state.type === "open") this.#state.stream.send(request);
  }

  /** Ends the stream in order, at most a second long. What was sent before has then arrived, unless the connection is bad. Idempotent. */
  async close(): Promise<void> {
    const state = this.#leave();
    this.#state = { type: "closed" };
    if (state.type !== "open") return;
    await new Promise<void>((resolve) => {
      const cancel = this.#timers.after(goodbyeMs, resolve);
      this.#ended = () => {
        cancel();
        resolve();
      };
      state.stream.end();
    });
    state.stream.cancel();
  }

  #connect(): void {
    this.#state = { type: "connecting" };
    this.#coordinator.register(this.#registration).then(
      (settings) => {
        if (this.#state.type === "connecting") this.#open(settings.heartbeatIntervalMs);
      },
      (error: unknown) => {
        if (this.#state.type === "connecting") this.#notConnected(error);
      },
    );
  }

  #open(heartbeatIntervalMs: number): void {
    const state: State = {
      type: "open",
      beat: () => undefined,
      stream: this.#coordinator.work(this.#registration.workerId, {
        received: (response) => {
          if (this.#state !== state) return;
          this.#backoff.reset();
          this.#events.received(response);
        },
        ended: (error) => {
          this.#ended?.();
          if (this.#state === state) this.#broken(error);
        },
      }),
    };
    const beatLater = (): void => {
      state.beat = this.#timers.after(heartbeatIntervalMs, () => {
        this.#backoff.reset();
        this.#events.heartbeat();
        if (this.#state === state) beatLater();
      });
    };
    this.#state = state;
    this.#logger.info({ heartbeatIntervalMs }, "connected to the coordinator");
    state.stream.send(this.#events.opened());
    beatLater();
  }

  #notConnected(error: unknown): void {
    const cause = error instanceof Error ? error : new Error(String(error));
    if (refusals.includes(statusOf(error))) {
      this.#state = { type: "closed" };
      this.#events.refused(cause);
    } else {
      this.#retryLater(cause.message);
    }
  }

  #broken(error: Error | null): void {
    this.#leave();
    this.#retryLater(error?.message ?? "the coordinator ended the stream");
    this.#events.broke();
  }

  #retryLater(why: string): void {
    const delayMs = this.#backoff.next();
    this.#logger.warn({ why, retryInMs: Math.round(delayMs) }, "not connected to the coordinator");
    this.#state = { type: "waiting", cancel: this.#timers.after(delayMs, () => this.#connect()) };
  }

  /** Stops the timers of the present state, which the caller replaces. */
  #leave(): State {
    const state = this.#state;
    if (state.type === "waiting") state.cancel();
    if (state.type === "open") state.beat();
    return state;
  }
}
