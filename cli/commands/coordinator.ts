import { Option, type Command } from "commander";
import { pino } from "pino";
import { coordinatorDefaults } from "../../coordinator/config.ts";
import { startCoordinator } from "../../coordinator/serve.ts";
import { exitWith } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseAddress, parseReachable } from "../options.ts";
import { printErrors, printResult } from "../output.ts";
import { aborted, listenForStop, stopSignals } from "../signals.ts";

interface Options {
  readonly listen: string;
  readonly advertise?: string;
  readonly health?: string;
  readonly metrics?: string;
  readonly store: string;
  readonly weights?: string;
}

/** `fpnas coordinator`: leads, or follows and takes over, until SIGINT or SIGTERM. Logs are JSON on stderr; stdout tells the address. */
export function addCoordinator(program: Command): void {
  program
    .command("coordinator")
    .description("serve jobs to researchers and workers")
    .addOption(
      new Option("--listen <host:port>", "address to serve on; port 0 takes a free one")
        .default(coordinatorDefaults.listen)
        .argParser(parseAddress),
    )
    .addOption(
      new Option(
        "--advertise <host:port>",
        "address at which workers and clients reach this coordinator when it leads (default: where it listens)",
      ).argParser(parseReachable),
    )
    .addOption(
      new Option(
        "--health <host:port>",
        `serve grpc.health.v1 there too, without TLS, such as ${coordinatorDefaults.health} (default: on the main address alone)`,
      ).argParser(parseAddress),
    )
    .addOption(
      new Option(
        "--metrics <host:port>",
        `serve Prometheus metrics at /metrics there, such as ${coordinatorDefaults.metrics} (default: nowhere)`,
      ).argParser(parseAddress),
    )
    .addOption(
      new Option(
        "--store <url>",
        "where jobs are kept: sqlite:PATH, postgres://USER@HOST/DATABASE (password in PGPASSWORD), or memory: for none",
      )
        .env("FPNAS_STORE")
        .default(coordinatorDefaults.store),
    )
    .addOption(
      new Option(
        "--weights <folder>",
        "where shared weights of supernets are kept; with PostgreSQL needed for such jobs, and the same for all its coordinators (default: beside a SQLite store)",
      ).env("FPNAS_WEIGHTS"),
    )
    .action(
      exitWith(async (options: Options) => {
        const coordinator = await startCoordinator({
          listen: options.listen,
          advertise: options.advertise ?? null,
          health: options.health ?? null,
          ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
          store: options.store,
          weights: options.weights ?? null,
          leaseTtlMs: coordinatorDefaults.leaseTtlMs,
          logger: pino(pino.destination(2)),
        });
        printResult(`listening on ${coordinator.address}`);
        const stop = listenForStop(stopSignals, () => undefined);
        const failure = await Promise.race([coordinator.failed, aborted(stop.signal)]);
        await coordinator.stop();
        stop.dispose();
        if (failure === null) return stop.exitCode() ?? exitCodes.done;
        printErrors([failure.message]);
        return exitCodes.failed;
      }),
    );
}
