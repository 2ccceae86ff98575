import { z } from "zod";

/** `format` of architecture.json: another form of it has another number. */
export const exportFormat = "fpnas-export-1";

/** What architecture.json holds beside the network, which is the codec's affair. */
export const architectureSchema = z.object({
  format: z.literal(exportFormat),
  /** In the proto3 JSON form of network.proto. */
  network: z.unknown(),
  macs: z.number(),
  params: z.number(),
  /** The data set that the weights were trained on. */
  dataset: z.string(),
  /** A name for each class, in the order of the network's outputs. */
  labels: z.array(z.string()).min(1),
  /** The network takes (pixel - mean) / deviation of pixels from 0 to 255. */
  normalization: z.object({ mean: z.number(), deviation: z.number().positive() }),
});

/** The content of architecture.json in an export (docs/export.md). */
export type ArchitectureFile = z.infer<typeof architectureSchema>;

/** Names of the files of an export that fpnas itself reads. */
export const exportFiles = { architecture: "architecture.json", weights: "weights.safetensors" } as const;

/** Where an export lies beside the other files of a job. */
export const modelFolder = "export";
