import type { Command } from "commander";
import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import { spaceLogSize, spaceSize } from "../../coordinator/search/space/size.ts";
import { exitWith } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatCount, formatTable } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson, printResult } from "../output.ts";

/** `fpnas spaces`: the shipped search spaces, which a spec names under `space`. */
export function addSpaces(program: Command): void {
  program
    .command("spaces")
    .description("list the shipped search spaces")
    .addOption(jsonOption())
    .action(
      exitWith((options: { readonly json?: true }) => {
        const spaces = [...shippedSpaces].map(([name, shipped]) => {
          const space = shipped.make();
          // Sizes go beyond 2^53, so JSON has them as text.
          return {
            name,
            networks: String(spaceSize(space)),
            nats: spaceLogSize(space),
            description: shipped.description,
          };
        });
        if (options.json === true) printJson({ spaces });
        else {
          const rows = spaces.map(({ name, networks, nats, description }) => [
            name,
            formatCount(Number(networks)),
            nats.toFixed(1),
            description,
          ]);
          printResult(formatTable([["space", "samples", "nats", "description"], ...rows]));
        }
        return Promise.resolve(exitCodes.done);
      }),
    );
}
