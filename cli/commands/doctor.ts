import type { Command } from "commander";
import { probeBackend } from "../../worker/backend/run-probe.ts";
import { exitWith } from "../command.ts";
import { diagnose } from "../doctor/diagnose.ts";
import { reportText } from "../doctor/report-text.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { jsonOption } from "../options.ts";
import { printJson, printNote, printResult } from "../output.ts";
import { listenForStop, stopSignals } from "../signals.ts";

/** `fpnas doctor`: what this machine can train on, how fast, and what would make it faster. */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check and measure the backends of this machine, and tell how to train faster on it")
    .addOption(jsonOption())
    .action(exitWith(doctor));
}

async function doctor({ json }: { readonly json?: true }): Promise<ExitCode> {
  const stop = listenForStop(stopSignals, () => undefined);
  try {
    const report = await diagnose(probeBackend, printNote, stop.signal);
    if (json === true) printJson({ ...report, results: Object.fromEntries(report.results) });
    else printResult(reportText(report));
    return report.taken === null ? exitCodes.failed : exitCodes.done;
  } catch (error) {
    const code = stop.exitCode();
    if (code === null) throw error;
    return code;
  } finally {
    stop.dispose();
  }
}
