/** Enough that outcomes arrive in another order each time. */
export const workersEach = 3;

/** A lease that nobody was told of is given again after this long; workers that the machine keeps waiting must not lose theirs by it. */
export const leaseTtlMs = 4_000;

const armCount = 4;
const choiceCount = 5;

/** Five choices of four arms; one combination in 64 is not listed, so that some trials end infeasible. */
function table(): string {
  const rows = [];
  for (let index = 0; index < armCount ** choiceCount; index += 1) {
    const arms = Array.from({ length: choiceCount }, (_, choice) => Math.floor(index / armCount ** choice) % armCount);
    if (index % 64 === 21) continue;
    const sum = arms.reduce((total, arm, choice) => total + arm * (choice + 1), 0);
    rows.push({ arms, accuracy: 0.5 + sum / 200 + 0.0001 * (index % 7), macs: 100 + sum, params: 10 + sum });
  }
  const choices = Array.from({ length: choiceCount }, (_, choice) => ({
    name: `c${choice}`,
    arms: ["0", "1", "2", "3"],
  }));
  return JSON.stringify({ name: "crash", choices, rows });
}

/** The job that is killed at each of its commits: synchronous rounds of fp-nas until 200 trials are spent. */
export const crashJob = {
  spec: {
    // Slow enough that it spends its budget before it has converged.
    algorithm: { name: "fp-nas", learningRate: 0.05 },
    evaluator: { tabular: { table: "crash.json" } },
    stages: [{ name: "only", slots: "factorized" }],
    budget: { trials: 200 },
    seed: 11,
  },
  files: new Map([["crash.json", Buffer.from(table())]]),
} as const;
