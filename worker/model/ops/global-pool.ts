import { globalPool } from "../blocks/pool.ts";
import type { BuildLayer } from "./build-layer.ts";

export const buildGlobalPool: BuildLayer<"globalPool"> = () => globalPool();
