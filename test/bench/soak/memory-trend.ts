/** Memory at a time since the start. */
export interface MemorySample {
  readonly minutes: number;
  readonly mib: number;
}

/** How memory goes after its beginning. */
export interface MemoryTrend {
  /** Least squares, MiB an hour. */
  readonly mibPerHour: number;
  readonly first: number;
  readonly last: number;
  readonly most: number;
}

/** The trend of the samples from `fromMinutes` on. First and last are means of the tenth of them at either end. NaN where there are none. */
export function memoryTrend(samples: readonly MemorySample[], fromMinutes: number): MemoryTrend {
  const seen = samples.filter(({ minutes }) => minutes >= fromMinutes);
  const tenth = Math.ceil(seen.length / 10);
  const meanTime = mean(seen.map(({ minutes }) => minutes));
  const meanMib = mean(seen.map(({ mib }) => mib));
  const covariance = mean(seen.map(({ minutes, mib }) => (minutes - meanTime) * (mib - meanMib)));
  const variance = mean(seen.map(({ minutes }) => (minutes - meanTime) ** 2));
  return {
    mibPerHour: (60 * covariance) / variance,
    first: mean(seen.slice(0, tenth).map(({ mib }) => mib)),
    last: mean(seen.slice(-tenth).map(({ mib }) => mib)),
    most: Math.max(...seen.map(({ mib }) => mib)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
