/** Another program's search, one seed after the other: it is asked for networks and told what they are worth. */
export interface Peer {
  /** Begins the search of a seed anew. */
  start(seed: number): void;
  /** The next network to evaluate. Rejects where the program has died. */
  ask(): Promise<Suggestion>;
  /** What a suggestion is worth; null where it cannot be evaluated. */
  tell(trial: number, reward: number | null): void;
}

export interface Suggestion {
  /** Unique within the seed's search. */
  readonly trial: number;
  readonly arms: readonly number[];
  /** Time that the suggestion took. */
  readonly ms: number;
}

/** The peers by the name of their rows: Optuna's TPE with independent choices, and with joint ones. */
export const peers = [
  { name: "optuna-tpe", multivariate: false },
  { name: "optuna-tpe-multivariate", multivariate: true },
] as const;
