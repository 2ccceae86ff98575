import { tmpdir } from "node:os";
import { mbconvSmall } from "../../../coordinator/search/space/shipped/mbconv-small.ts";
import { describeMachine } from "../service/machine.ts";
import { startLocalWorker } from "./local-worker.ts";
import { parseSupernet } from "./options.ts";
import { rankNetworks } from "./ranking.ts";
import { Records } from "./records.ts";
import { compareRounds } from "./rounds.ts";
import { compareSchedules } from "./schedules.ts";
import type { Bench } from "./trainings.ts";
import { compareWinners } from "./winners.ts";

/**
 * What searches over shared weights find, on Fashion-MNIST and one core (docs/supernet.md). All but the seconds follows from the seeds. Flags:
 * options.ts.
 */
export async function benchSupernet(flags: readonly string[], print: (line: string) => void): Promise<void> {
  const { studies, seeds, out } = parseSupernet(flags);
  print(`npm run bench -- supernet ${flags.join(" ")}\n${describeMachine(tmpdir())}\n`);
  const bench: Bench = {
    worker: await startLocalWorker(),
    records: new Records(out),
    space: mbconvSmall(),
    print,
  };
  for (const study of studies) {
    print(`### ${study}\n`);
    if (study === "winners") await compareWinners(bench, seeds);
    else if (study === "schedules") await compareSchedules(bench, seeds);
    else if (study === "ranking") await rankNetworks(bench);
    else await compareRounds(bench);
  }
}
