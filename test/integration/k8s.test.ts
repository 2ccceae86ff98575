import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { describe, expect, test } from "@jest/globals";

import { defaultGrpcPort, defaultHealthPort, defaultMetricsPort } from "../../coordinator/defaults.ts";
import {
  hasKubectl,
  readDockerfile,
  readResources,
  renderKustomization,
  repositoryRoot,
} from "../support/k8s-manifests.ts";
import type { Container, DockerStage, Labels, Manifest, PodSpec } from "../support/k8s-manifests.ts";

if (!hasKubectl) console.warn("kubectl is not here: the manifests are checked as they stand in k8s/base, not rendered");

const rendered = hasKubectl
  ? ["k8s/base", "k8s/overlays/dev"].map((name) => [name, renderKustomization(name)] as const)
  : [];
const all = rendered.length > 0 ? rendered : [["k8s/base", readResources("k8s/base")] as const];

const storePath = "/var/lib/fpnas/state.db";
const coordinatorArgs = [
  ...["coordinator", "--listen", `0.0.0.0:${defaultGrpcPort}`, "--health", `0.0.0.0:${defaultHealthPort}`],
  ...["--metrics", `0.0.0.0:${defaultMetricsPort}`, "--store", `sqlite:${storePath}`],
];

const haArgs = [
  ...["coordinator", "--listen", `0.0.0.0:${defaultGrpcPort}`, "--advertise", `$(POD_IP):${defaultGrpcPort}`],
  ...["--health", `0.0.0.0:${defaultHealthPort}`, "--metrics", `0.0.0.0:${defaultMetricsPort}`],
];
const coordinatorLabels = { "app.kubernetes.io/name": "fpnas", "app.kubernetes.io/component": "coordinator" };

describe.each(all)("%s", (_, manifests) => {
  const service = manifestOf(manifests, "Service", "fpnas-coordinator");
  const coordinator = manifestOf(manifests, "StatefulSet", "fpnas-coordinator");
  const worker = manifestOf(manifests, "Deployment", "fpnas-worker");

  test("starts one coordinator on the ports that the code names, with its store on the claimed volume", () => {
    const container = containerOf(coordinator);
    expect(container.args).toEqual(coordinatorArgs);
    expect(container.ports).toEqual([
      { name: "grpc", containerPort: defaultGrpcPort },
      { name: "health", containerPort: defaultHealthPort },
      { name: "metrics", containerPort: defaultMetricsPort },
    ]);
    expect(coordinator.spec.template?.metadata.annotations).toEqual({
      "prometheus.io/scrape": "true",
      "prometheus.io/port": String(defaultMetricsPort),
      "prometheus.io/path": "/metrics",
    });
    expect(coordinator.spec.replicas).toBe(1);
    const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === dirname(storePath));
    expect(coordinator.spec.volumeClaimTemplates?.map(({ metadata }) => metadata.name)).toEqual([mount?.name]);
  });

  test("probes the health port, never the gRPC port, which may speak TLS", () => {
    const { startupProbe, readinessProbe, livenessProbe } = containerOf(coordinator);
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      expect(probe?.grpc).toEqual({ port: defaultHealthPort });
    }
  });

  test("serves the coordinator under a name that the workers are given", () => {
    expect(service.spec.ports).toEqual([{ name: "grpc", port: defaultGrpcPort, targetPort: "grpc" }]);
    expect(coordinator.spec.serviceName).toBe(service.metadata.name);
    expect(containerOf(worker).args).toEqual(["worker"]);
    expect(containerOf(worker).env).toEqual([
      { name: "FPNAS_COORDINATOR", value: `${service.metadata.name}:${defaultGrpcPort}` },
      { name: "FPNAS_CACHE_DIR", value: expect.any(String) },
    ]);
  });

  test("lets workers keep decoded data sets where they may write", () => {
    const { env, volumeMounts } = containerOf(worker);
    const cache = env?.find(({ name }) => name === "FPNAS_CACHE_DIR")?.value ?? "";
    expect(volumeMounts?.some(({ mountPath }) => cache.startsWith(`${mountPath}/`))).toBe(true);
  });

  test("selects the pods of each part, and no others", () => {
    for (const owner of [coordinator, worker]) {
      const { matchLabels } = owner.spec.selector as { readonly matchLabels: Labels };
      expect(podLabels(owner)).toMatchObject(matchLabels);
    }
    expect(podLabels(coordinator)).toMatchObject(service.spec.selector);
    expect(podLabels(worker)).not.toMatchObject(service.spec.selector);
    for (const { metadata } of manifests) expect(metadata.labels).toHaveProperty(["app.kubernetes.io/name"], "fpnas");
  });

  test.each([
    ["coordinator", coordinator],
    ["worker", worker],
  ])("runs the %s restricted, within bounds and with time to end", (name, owner) => {
    const pod = podOf(owner);
    const container = containerOf(owner);
    expect(container.image.replace(/:.*/, "")).toBe(`fpnas-${name}`);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.resources.requests).toEqual({ cpu: expect.any(String), memory: expect.any(String) });
    expect(container.resources.limits).toHaveProperty("memory");
  });

  test("mounts no volume that is not there", () => {
    for (const owner of [coordinator, worker]) {
      const claims = owner.spec.volumeClaimTemplates?.map(({ metadata }) => metadata.name) ?? [];
      const volumes = [...claims, ...(podOf(owner).volumes ?? []).map(({ name }) => name)];
      expect((containerOf(owner).volumeMounts ?? []).map(({ name }) => name).sort()).toEqual(volumes.sort());
    }
  });
});

(hasKubectl ? test : test.skip)("the dev overlay asks for two workers and images built on the spot", () => {
  const manifests = renderKustomization("k8s/overlays/dev");
  const owners = [
    manifestOf(manifests, "StatefulSet", "fpnas-coordinator"),
    manifestOf(manifests, "Deployment", "fpnas-worker"),
  ];
  expect(owners.map(({ spec }) => spec.replicas)).toEqual([1, 2]);
  expect(owners.map((owner) => containerOf(owner).image)).toEqual(["fpnas-coordinator:dev", "fpnas-worker:dev"]);
});

(hasKubectl ? describe : describe.skip)("the ha overlay", () => {
  const manifests = hasKubectl ? renderKustomization("k8s/overlays/ha") : [];
  const coordinator = () => manifestOf(manifests, "StatefulSet", "fpnas-coordinator");

  test("starts two coordinators at once, each reached at its own address, on a store that a Secret names", () => {
    const { replicas, podManagementPolicy, volumeClaimTemplates } = coordinator().spec;
    expect({ replicas, podManagementPolicy }).toEqual({ replicas: 2, podManagementPolicy: "Parallel" });
    const { args, env } = containerOf(coordinator());
    expect(args).toEqual(haArgs);
    expect(env).toEqual([
      { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "FPNAS_STORE", valueFrom: { secretKeyRef: { name: "fpnas-store", key: "url" } } },
    ]);
    expect(volumeClaimTemplates).toBeUndefined();
  });

  test("keeps the probes, the ports and the bounds of the base, and mounts no volume that is not there", () => {
    const [pod, container] = [podOf(coordinator()), containerOf(coordinator())];
    const base = containerOf(manifestOf(renderKustomization("k8s/base"), "StatefulSet", "fpnas-coordinator"));
    for (const part of ["ports", "startupProbe", "readinessProbe", "livenessProbe", "resources", "securityContext"])
      expect(container).toHaveProperty(part, base[part as keyof Container]);
    expect(container.volumeMounts?.map(({ name }) => name)).toEqual(pod.volumes?.map(({ name }) => name));
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
  });

  test("leaves one of them when a node is drained, and puts them on two nodes where it can", () => {
    const budget = manifestOf(manifests, "PodDisruptionBudget", "fpnas-coordinator");
    expect(budget.spec).toMatchObject({ minAvailable: 1, selector: { matchLabels: coordinatorLabels } });
    const [spread] = podOf(coordinator()).topologySpreadConstraints ?? [];
    expect(spread).toMatchObject({
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: coordinatorLabels },
    });
    for (const labels of [budget.metadata.labels, podLabels(coordinator())])
      expect(labels).toMatchObject(coordinatorLabels);
  });
});

describe("k8s/Dockerfile", () => {
  const stages = readDockerfile("k8s/Dockerfile");

  /** The instructions that hold for a target: its own and those of the stages it builds on. */
  const instructionsOf = (target: string): DockerStage["instructions"] => {
    const stage = stages.get(target);
    return stage === undefined ? [] : [...instructionsOf(stage.from), ...stage.instructions];
  };
  const lastOf = (target: string, word: string) =>
    instructionsOf(target).findLast(([name]) => name === word)?.[1] ?? "";

  test.each(["coordinator", "worker"])(
    "has a target %s that starts the program of package.json, not as root",
    (target) => {
      const { bin } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
        readonly bin: Readonly<Record<string, string>>;
      };
      expect(JSON.parse(lastOf(target, "ENTRYPOINT"))).toEqual(["node", bin["fpnas"]]);
      expect(existsSync(join(repositoryRoot, "cli/main.ts"))).toBe(true);
      expect(lastOf(target, "USER")).toBe("1000:1000");
      expect(lastOf(target, "STOPSIGNAL")).toBe("SIGTERM");
    },
  );

  test("starts both with what the manifests start them with, on the ports that the code names", () => {
    expect(JSON.parse(lastOf("coordinator", "CMD"))).toEqual(coordinatorArgs);
    expect(lastOf("coordinator", "EXPOSE")).toBe(`${defaultGrpcPort} ${defaultHealthPort} ${defaultMetricsPort}`);
    expect(JSON.parse(lastOf("worker", "CMD"))).toEqual(["worker"]);
  });

  test("gives commands and options that the program has", () => {
    for (const [command = "", ...options] of [coordinatorArgs, haArgs, ["worker", "--coordinator"]]) {
      const help = execFileSync(process.execPath, [join(repositoryRoot, "dist/cli/main.js"), command, "--help"], {
        encoding: "utf8",
      });
      for (const option of options.filter((word) => word.startsWith("--"))) expect(help).toContain(`${option} <`);
    }
  });

  test("copies only from stages and places that are there", () => {
    const copies = [...stages.values()].flatMap(({ instructions }) => instructions.filter(([word]) => word === "COPY"));
    expect(copies.length).toBeGreaterThan(0);
    for (const [, rest] of copies) {
      const [, stage] = /--from=(\S+)/.exec(rest) ?? [];
      const sources = rest
        .split(" ")
        .filter((word) => !word.startsWith("--"))
        .slice(0, -1);
      if (stage === undefined)
        for (const source of sources) expect(existsSync(join(repositoryRoot, source))).toBe(true);
      else expect(stages.has(stage)).toBe(true);
    }
  });
});

function manifestOf(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0]!;
}

function podOf(owner: Manifest): PodSpec {
  return owner.spec.template!.spec;
}

function podLabels(owner: Manifest): Labels {
  return owner.spec.template!.metadata.labels;
}

function containerOf(owner: Manifest): Container {
  const { containers } = podOf(owner);
  expect(containers).toHaveLength(1);
  return containers[0]!;
}
