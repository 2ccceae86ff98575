import { InstallError } from "./install-error.ts";
import { runTool } from "./run-tool.ts";

/** Programs that an installation runs. */
export interface Tools {
  readonly python: string;
  readonly npm: string;
  readonly compiler: string;
}

/** What an installation runs by default; CXX names another compiler, as everywhere. */
export function defaultTools(environment: NodeJS.ProcessEnv = process.env): Tools {
  return { python: "python3", npm: "npm", compiler: environment["CXX"] ?? "c++" };
}

interface Need {
  readonly what: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly advice: string;
}

/** Each tool, how to see whether it works, and where it comes from. */
function needsOf({ python, npm, compiler }: Tools): readonly Need[] {
  return [
    {
      ...{ what: "Python 3", program: python, args: ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"] },
      advice: "apt-get install python3, dnf install python3, or python.org; 3.8 or later",
    },
    {
      ...{ what: "pip", program: python, args: ["-m", "pip", "--version"] },
      advice: "apt-get install python3-pip, dnf install python3-pip, or python3 -m ensurepip",
    },
    {
      ...{ what: "a C++ compiler", program: compiler, args: ["--version"] },
      advice: "apt-get install g++, dnf install gcc-c++; CXX names another than c++",
    },
    {
      ...{ what: "npm", program: npm, args: ["--version"] },
      advice: "it comes with Node; apt-get install npm where a distribution has parted them",
    },
  ];
}

/** Throws InstallError with a line for each tool that is missing or does not run, and how to get it. */
export async function checkTools(tools: Tools, cwd: string, signal: AbortSignal): Promise<void> {
  const missing: string[] = [];
  for (const { what, program, args, advice } of needsOf(tools)) {
    try {
      await runTool({ program, args, cwd, output: "kept" }, signal);
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      missing.push(`${what} is missing (${program}): ${advice}.`);
    }
  }
  if (missing.length > 0) throw new InstallError(["native TensorFlow cannot be installed without:", ...missing]);
}
