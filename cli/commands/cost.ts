import type { Command } from "commander";
import { decodeNetwork } from "../../network/codec.ts";
import { costBreakdown, type CostBreakdown, type LayerCost } from "../../network/cost.ts";
import { InputError } from "../../network/errors.ts";
import { exitWith } from "../command.ts";
import { badInput, specLines } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatTable } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson, printResult } from "../output.ts";
import { readInputFile } from "../read-file.ts";

/** Far above any network or result. */
const maxNetworkBytes = 2 ** 26;

/** `fpnas cost NETWORK.json`: MACs and params of a network, layer by layer. A result.json will do: its `network` is taken. */
export function addCost(program: Command): void {
  program
    .command("cost")
    .description("count the MACs and params of a network")
    .argument("<network>", "network as JSON, or a result.json")
    .addOption(jsonOption())
    .action(
      exitWith(async (path: string, options: { readonly json?: true }) => {
        const cost = await readCost(path);
        if (options.json === true) printJson(cost);
        else printResult(costTable(cost));
        return exitCodes.done;
      }),
    );
}

async function readCost(path: string): Promise<CostBreakdown> {
  const text = new TextDecoder().decode(await readInputFile(path, maxNetworkBytes));
  try {
    const network = decodeNetwork(networkOf(JSON.parse(text) as unknown));
    if (network.type === "graph") return costBreakdown(network);
  } catch (error) {
    if (error instanceof SyntaxError) throw badInput(`${path} is not valid JSON: ${error.message}.`);
    if (error instanceof InputError) throw badInput(...specLines(error).map((line) => `${path}: ${line}`));
    throw error;
  }
  throw badInput(`${path}: a row of a table has no layers to count; its cost stands in the table.`);
}

function networkOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "network" in value ? value.network : value;
}

function costTable({ layers, macs, params }: CostBreakdown): string {
  const rows = layers.map((layer, index) => [
    `${String(index)} ${layer.type}`,
    outputText(layer),
    layer.macs.toLocaleString("en"),
    (layer.weights + layer.biases + layer.batchNorm).toLocaleString("en"),
  ]);
  const total = ["total", "", macs.toLocaleString("en"), params.toLocaleString("en")];
  return formatTable([["layer", "output", "MACs", "params"], ...rows, total]);
}

function outputText({ output }: LayerCost): string {
  return output.type === "map"
    ? `${String(output.height)}x${String(output.width)}x${String(output.channels)}`
    : String(output.channels);
}
