import type { InitializeHook, LoadHook } from "node:module";

/** One module whose text is another than its file's. */
export interface Planted {
  readonly url: string;
  readonly source: string;
}

let planted: Planted | null = null;

/** Is told by `plant` what to replace. */
export const initialize: InitializeHook<Planted> = (data) => {
  planted = data;
};

/** Gives the planted text for the module's own. */
export const load: LoadHook = (url, context, nextLoad) =>
  url === planted?.url ? { format: "module", source: planted.source, shortCircuit: true } : nextLoad(url, context);
