/** How the number of draws follows the entropy. */
export interface SampleCountSettings {
  /** Draws a nat of entropy, or `auto` for max(1/4, k0 / first entropy). */
  readonly lambda: number | "auto";
  /** Draws of the first round with `auto`, in spaces below 4·k0 nats. */
  readonly k0: number;
  readonly kMin: number;
  readonly kMax: number;
}

/** Draws a nat of entropy: 1/4 is the published value for spaces of 40 to 60 nats (FP-NAS section 3); small spaces need more. */
export function lambdaOf(settings: SampleCountSettings, firstEntropy: number): number {
  if (settings.lambda !== "auto") return settings.lambda;
  return firstEntropy > 0 ? Math.max(0.25, settings.k0 / firstEntropy) : 0;
}

/** K = clip(floor(λ·H), kMin, kMax), H in nats. The floor forgives a rounding error of 1e-9, so that λ = k0/H gives k0. */
export function sampleCount(settings: SampleCountSettings, lambda: number, entropyNats: number): number {
  return Math.min(settings.kMax, Math.max(settings.kMin, Math.floor(lambda * entropyNats + 1e-9)));
}
