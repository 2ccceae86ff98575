import { simulateFleet, type FleetReport } from "../../simulation/fleet/simulate-fleet.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { parseFleet } from "./options.ts";

const head = [
  "space, local steps, speed",
  ...["busy", "samples/s", "MB a sample", "link down", "link up", "compute ms", "wait ms", "merge ms", "dropped"],
];

/** A fleet of simulated workers on a supernet's job in virtual time (test/simulation/fleet), a row for each space, number of local steps and speed. */
export async function benchSupernetFleet(flags: readonly string[], print: (line: string) => void): Promise<void> {
  const { spaces, localSteps, speeds, ...common } = parseFleet(flags);
  print(`npm run bench -- fleet ${flags.join(" ")}`);
  print(
    `${common.workers} workers, ${common.precision}, updateAfter ${common.updateAfter}, inFlight ${common.inFlight}\n`,
  );
  const rows: string[][] = [];
  for (const space of spaces) {
    for (const steps of localSteps) {
      for (const speed of speeds) {
        const report = await simulateFleet({ ...common, space, localSteps: steps, speed });
        const row = [`${space}, ${steps}, ${speed}x`, ...cells(report)];
        print(row.join("  "));
        rows.push(row);
      }
    }
  }
  print(`\n${markdownTable(head, rows)}\n`);
}

function cells(report: FleetReport): string[] {
  const { busyFraction, samplesPerSecond, bytesPerSample, downUse, upUse } = report;
  const { computeMsPerSample, waitMsPerSample, mergeMs, stale, draws } = report;
  return [
    ...[busyFraction.toFixed(3), figure(samplesPerSecond), figure(bytesPerSample / 1e6)],
    ...[downUse.toFixed(2), upUse.toFixed(2), figure(computeMsPerSample), figure(waitMsPerSample), figure(mergeMs)],
    `${figure((100 * stale) / draws)}%`,
  ];
}
