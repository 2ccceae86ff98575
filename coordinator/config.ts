import type { Logger } from "pino";
import { InputError } from "../network/errors.ts";
import { defaultGrpcPort, defaultHealthPort, defaultMetricsPort } from "./defaults.ts";

/** What a coordinator is started with. */
export interface CoordinatorConfig {
  /** HOST:PORT of the gRPC server; port 0 takes any free one; an IPv6 host stands in brackets. */
  readonly listen: string;
  /** HOST:PORT where `grpc.health.v1` answers without TLS, beside the main server; null for the main server alone. */
  readonly health: string | null;
  /** HOST:PORT where `/metrics` is served over plain HTTP; absent for nowhere. */
  readonly metrics?: string;
  /** HOST:PORT at which workers and clients reach this coordinator, told to them while it leads; null for the address bound. */
  readonly advertise: string | null;
  /** "sqlite:PATH", "postgres://USER:PASSWORD@HOST/DATABASE" or "memory:". */
  readonly store: string;
  /**
   * The folder of shared weights, made where it is missing. Null for PATH-weights beside a SQLite store, for a folder that goes with the
   * process of a store in memory, and with PostgreSQL for none: its coordinators must be told one that they share.
   */
  readonly weights: string | null;
  /** A lease ends this long after it was given or last renewed. */
  readonly leaseTtlMs: number;
  readonly logger: Logger;
}

/** Throws InputError where others would be sent to an address that cannot be reached. */
export function checkConfig({ listen, advertise, store }: CoordinatorConfig): void {
  const isWildcard = /^(?:0\.0\.0\.0|\[[0:]+\]):\d+$/.test(listen);
  if (!isWildcard || advertise !== null || !/^postgres(?:ql)?:/.test(store)) return;
  const message = `must be given where several coordinators may share the store and this one listens on every address (${listen}): HOST:PORT at which workers and clients reach it.`;
  throw new InputError([{ path: "advertise", message }]);
}

/** What stands in for settings that are not given. Listens on this host only: there is no authentication. */
export const coordinatorDefaults = {
  listen: `127.0.0.1:${defaultGrpcPort}`,
  health: `127.0.0.1:${defaultHealthPort}`,
  metrics: `127.0.0.1:${defaultMetricsPort}`,
  store: "sqlite:fpnas.db",
  leaseTtlMs: 30_000,
} as const;
