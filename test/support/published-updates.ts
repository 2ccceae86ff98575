/** What a reference search is given of the published update of the distribution. */
export interface PublishedSettings {
  readonly temperature: number;
  /** Of the cost term. */
  readonly beta: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
}

/** One draw: its arm of each choice, its log-likelihood of a validation example, and its hinge over the cost targets. */
export interface PublishedDraw {
  readonly arms: readonly number[];
  readonly logLikelihood: number;
  readonly hinge: number;
}

/**
 * The update of a factorized distribution as FP-NAS prints it (arXiv 2011.10949, eq. 7, with its cost term), then Adam: one plain process, in
 * float64.
 */
export class PublishedDistribution {
  readonly logits: number[][];
  private readonly first: number[][];
  private readonly second: number[][];
  private readonly settings: PublishedSettings;
  private steps = 0;

  constructor(armCounts: readonly number[], settings: PublishedSettings) {
    const zeros = (): number[][] => armCounts.map((count) => new Array<number>(count).fill(0));
    [this.logits, this.first, this.second] = [zeros(), zeros(), zeros()];
    this.settings = settings;
  }

  get probabilities(): number[][] {
    return this.logits.map(softmax);
  }

  learn(draws: readonly PublishedDraw[]): void {
    const { temperature, beta } = this.settings;
    const shares = softmax(draws.map(({ logLikelihood }) => temperature * logLikelihood));
    const dear = sum(draws.map(({ hinge }) => hinge));
    const m = shares.map((share, k) => share - (dear > 0 ? (beta * draws[k]!.hinge) / dear : 0));
    this.steps += 1;
    this.logits.forEach((row, choice) => {
      const slopes = softmax(row).map((p, arm) => p * sum(m) - sum(m.filter((_, k) => draws[k]!.arms[choice] === arm)));
      slopes.forEach((slope, arm) => this.step(choice, arm, slope));
    });
  }

  private step(choice: number, arm: number, slope: number): void {
    const { learningRate, beta1, beta2 } = this.settings;
    const [v, s] = [this.first[choice]!, this.second[choice]!];
    v[arm] = beta1 * v[arm]! + (1 - beta1) * slope;
    s[arm] = beta2 * s[arm]! + (1 - beta2) * slope ** 2;
    const [mean, square] = [v[arm] / (1 - beta1 ** this.steps), s[arm] / (1 - beta2 ** this.steps)];
    this.logits[choice]![arm]! -= (learningRate * mean) / (Math.sqrt(square) + 1e-8);
  }
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export function softmax(values: readonly number[]): number[] {
  const powers = values.map((value) => Math.exp(value - Math.max(...values)));
  return powers.map((power) => power / sum(powers));
}
