import type { Estimator } from "./estimator.ts";
import { centred, published, uncentred } from "./importance-weighted.ts";

/** Every estimator by name. */
export const estimators = { centred, published, uncentred } as const satisfies Readonly<Record<string, Estimator>>;

export type EstimatorName = keyof typeof estimators;
