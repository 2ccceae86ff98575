import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync, type Options, type PackageDefinition } from "@grpc/proto-loader";
import type { ProtoGrpcType as SearchTypes } from "./gen/search.ts";
import type { ProtoGrpcType as WeightsTypes } from "./gen/weights.ts";
import type { ProtoGrpcType as WorkerTypes } from "./gen/worker.ts";

/** How messages look in memory; scripts/proto-gen.js generates the types for the same options. */
const options: Options = { longs: Number, enums: String, defaults: true, oneofs: true };

/** The folder of the .proto files: beside this file in the sources, and still in the sources when this file is built into dist/. */
function protoRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [here, join(here, "../../proto")];
  const root = candidates.find((path) => existsSync(join(path, "fpnas/v1/worker.proto")));
  if (root === undefined) throw new Error(`the .proto files are missing; looked in ${candidates.join(" and ")}`);
  return root;
}

export const packageDefinition: PackageDefinition = loadSync(
  ["fpnas/v1/search.proto", "fpnas/v1/worker.proto", "fpnas/v1/weights.proto", "google/rpc/error.proto"],
  { ...options, includeDirs: [protoRoot()] },
);

const loaded = grpc.loadPackageDefinition(packageDefinition) as unknown as SearchTypes & WorkerTypes & WeightsTypes;

/** Client constructors and service definitions of fpnas.v1. */
export const searchService = loaded.fpnas.v1.SearchService;
export const workerService = loaded.fpnas.v1.WorkerService;
export const weightsService = loaded.fpnas.v1.WeightsService;
