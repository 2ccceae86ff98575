import type { Command } from "commander";

/** Adds one command, or a family of them, to the program. */
type AddCommands = (program: Command) => void;

interface CommandModule {
  readonly names: readonly string[];
  readonly load: () => Promise<AddCommands>;
}

/** In the order of the program's help. */
const modules: readonly CommandModule[] = [
  { names: ["run"], load: async () => (await import("./commands/run.ts")).addRun },
  { names: ["validate"], load: async () => (await import("./commands/validate.ts")).addValidate },
  { names: ["spaces"], load: async () => (await import("./commands/spaces.ts")).addSpaces },
  { names: ["cost"], load: async () => (await import("./commands/cost.ts")).addCost },
  { names: ["coordinator"], load: async () => (await import("./commands/coordinator.ts")).addCoordinator },
  { names: ["worker"], load: async () => (await import("./commands/worker.ts")).addWorker },
  { names: ["doctor"], load: async () => (await import("./commands/doctor.ts")).addDoctor },
  { names: ["submit"], load: async () => (await import("./commands/submit.ts")).addSubmit },
  { names: ["get"], load: async () => (await import("./commands/get.ts")).addGet },
  { names: ["list"], load: async () => (await import("./commands/list.ts")).addList },
  { names: ["watch"], load: async () => (await import("./commands/watch.ts")).addWatch },
  { names: ["pause", "resume", "cancel"], load: async () => (await import("./commands/control.ts")).addControls },
  { names: ["trials"], load: async () => (await import("./commands/trials.ts")).addTrials },
  { names: ["export"], load: async () => (await import("./commands/export.ts")).addExport },
  { names: ["replay"], load: async () => (await import("./commands/replay.ts")).addReplay },
  { names: ["predict"], load: async () => (await import("./commands/predict.ts")).addPredict },
  { names: ["bench"], load: async () => (await import("./commands/bench.ts")).addBench },
];

/** The module that a word names alone; all of them, for help and suggestions, where it names none. */
export async function loadCommands(word: string | undefined): Promise<readonly AddCommands[]> {
  const named = modules.find(({ names }) => names.some((name) => name === word));
  const added: AddCommands[] = [];
  for (const { load } of named === undefined ? modules : [named]) added.push(await load());
  return added;
}
