import { InvalidArgumentError, Option } from "commander";
import { backendNames } from "../worker/backend/backend.ts";

/** "--coordinator HOST:PORT,..", for which FPNAS_COORDINATOR stands in. */
export function coordinatorOption(): Option {
  return new Option("--coordinator <host:port,..>", "address of the coordinator, or of several of which one leads")
    .env("FPNAS_COORDINATOR")
    .argParser(parseCoordinators)
    .makeOptionMandatory();
}

/** "--backend NAME": what workers train on. */
export function backendOption(): Option {
  return new Option("--backend <name>", "what to train on; auto takes the fastest that works")
    .choices(["auto", ...backendNames])
    .default("auto");
}

export function jsonOption(description = "print one JSON object as the last line of stdout"): Option {
  return new Option("--json", description);
}

/** HOST:PORT; an IPv6 host in brackets. */
export function parseAddress(text: string): string {
  const match = /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[1]) > 65_535) {
    throw new InvalidArgumentError("It must be HOST:PORT, such as 127.0.0.1:7431.");
  }
  return text;
}

/** HOST:PORT of each coordinator, separated by commas. */
export function parseCoordinators(text: string): string {
  return text
    .split(",")
    .map((address) => parseReachable(address.trim()))
    .join(",");
}

/** HOST:PORT at which something is to be reached, so port 0 is none. */
export function parseReachable(text: string): string {
  if (parseAddress(text).endsWith(":0")) throw new InvalidArgumentError("Its port must be from 1 to 65535.");
  return text;
}

export function parseSeed(text: string): number {
  return parseInteger(text, 0, Number.MAX_SAFE_INTEGER);
}

/** A number of worker processes. */
export function parseProcesses(text: string): number {
  return parseInteger(text, 1, 1024);
}

/** A full name of a job; an id alone is one of the default project. */
export function parseJobName(text: string): string {
  if (/^projects\/[a-z0-9-]+\/jobs\/[a-z0-9-]+$/.test(text)) return text;
  if (/^[a-z0-9-]+$/.test(text)) return `projects/default/jobs/${text}`;
  throw new InvalidArgumentError("It must be a job's id, or projects/PROJECT/jobs/JOB.");
}

/** Reads a count from 1 to `most`. */
export function parseCount(most: number): (text: string) => number {
  return (text) => parseInteger(text, 1, most);
}

/** A number above 0, such as 5e7. */
export function parseAmount(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("It must be a number above 0, such as 5e7.");
  return value;
}

/** Kendall's tau of noisy and true values. */
export function parseTau(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < 1))
    throw new InvalidArgumentError("It must be a number above 0 and below 1, such as 0.6.");
  return value;
}

/** A version such as 2.21 or 2.21.0. */
export function parseTensorflowVersion(text: string): string {
  if (/^2\.\d{1,3}(\.\d{1,3})?$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a version of TensorFlow 2, such as 2.21 or 2.21.0.");
}

function parseInteger(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new InvalidArgumentError(`It must be an integer from ${String(min)} to ${String(max)}.`);
  }
  return value;
}
