import { figure, markdownTable } from "../markdown-table.ts";
import { describeMachine } from "../service/machine.ts";
import { parseRecovery } from "./options.ts";
import { recover } from "./recover.ts";

const what = { sqlite: "restart on SQLite", postgres: "failover on PostgreSQL" } as const;

/** How long it takes from kill -9 of the leader to the first new lease, and what is lost. Flags: options.ts. */
export async function benchRecovery(flags: readonly string[], print: (line: string) => void): Promise<void> {
  const options = parseRecovery(flags);
  print(`npm run bench -- recovery ${flags.join(" ")}\n${describeMachine(options.folder)}\n`);
  const rows: string[][] = [];
  for (const store of options.stores) {
    const { kills, acknowledged, lost } = await recover(store, options);
    rows.push([
      `${what[store]}, ${figure(options.trials)} trials`,
      figure(Math.max(...kills.map(({ leased }) => leased))),
      kills.map(({ leased }) => figure(leased)).join(", "),
      kills.map(({ served }) => figure(served)).join(", "),
      figure(acknowledged),
      figure(lost),
    ]);
  }
  print(`### Recovery\n\n${markdownTable(head, rows)}\n`);
}

const head = [
  "kill -9 of the leader",
  "first new lease after at most, s",
  "each, s",
  "the killed one serves again after, s",
  "outcomes acknowledged",
  "of them lost",
];
