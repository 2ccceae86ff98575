import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { parse, parseAllDocuments } from "yaml";

export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** The parts of a manifest that the tests look at. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Labels };
  readonly spec: {
    readonly replicas?: number;
    readonly serviceName?: string;
    readonly podManagementPolicy?: string;
    readonly minAvailable?: number;
    readonly selector: Labels | { readonly matchLabels: Labels };
    readonly ports?: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
    readonly template?: {
      readonly metadata: { readonly labels: Labels; readonly annotations?: Labels };
      readonly spec: PodSpec;
    };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

export type Labels = Readonly<Record<string, string>>;

export interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly { readonly name: string }[];
  readonly topologySpreadConstraints?: readonly Readonly<Record<string, unknown>>[];
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly resources: Readonly<Record<"requests" | "limits", Readonly<Record<string, string>>>>;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Probe {
  readonly grpc: { readonly port: number };
}

/** Whether `kubectl` is here to render with. */
export const hasKubectl = spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status === 0;

/** Renders a kustomization, as `kubectl apply -k` would apply it. */
export function renderKustomization(folder: string): readonly Manifest[] {
  return parseManifests(execFileSync("kubectl", ["kustomize", join(repositoryRoot, folder)], { encoding: "utf8" }));
}

/** Reads the resources that a kustomization names, as they stand in their files. */
export function readResources(folder: string): readonly Manifest[] {
  const read = (file: string) => readFileSync(join(repositoryRoot, folder, file), "utf8");
  const { resources } = parse(read("kustomization.yaml")) as { readonly resources: readonly string[] };
  return resources.flatMap((file) => parseManifests(read(file)));
}

function parseManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}

/** One stage of a Dockerfile: its instructions in order, each as its word and the rest. */
export interface DockerStage {
  readonly name: string;
  readonly from: string;
  readonly instructions: readonly (readonly [word: string, rest: string])[];
}

/** Reads a Dockerfile that has an instruction a line. */
export function readDockerfile(path: string): ReadonlyMap<string, DockerStage> {
  const stages = new Map<string, DockerStage>();
  let instructions: (readonly [string, string])[] = [];
  for (const line of readFileSync(join(repositoryRoot, path), "utf8").split("\n")) {
    const [, word = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const [, from = "", name = ""] = word === "FROM" ? (/^(\S+) AS (\S+)$/.exec(rest) ?? []) : [];
    if (word === "FROM") {
      instructions = [];
      stages.set(name, { name, from, instructions });
    } else if (word !== "") instructions.push([word, rest]);
  }
  return stages;
}
