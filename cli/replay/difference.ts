/** Where what was stored is not what follows from the log. */
export interface Difference {
  /** The event after which it shows, counted from 1. */
  readonly event: number;
  /** What differs, such as `state.answer.trial`, `trials[3].measurement.accuracy` or `rounds[2].entropy`. */
  readonly path: string;
  /** JSON; absent where nothing is stored there. */
  readonly stored?: unknown;
  /** JSON; absent where the log has nothing there. */
  readonly replayed?: unknown;
}

/** The first place, in the order of the stored value, where two JSON values differ; null where they are equal. */
export function firstDifference(path: string, stored: unknown, replayed: unknown): Omit<Difference, "event"> | null {
  if (Object.is(stored, replayed)) return null;
  if (!isContainer(stored) || !isContainer(replayed) || Array.isArray(stored) !== Array.isArray(replayed)) {
    return {
      path,
      ...(stored === undefined ? {} : { stored }),
      ...(replayed === undefined ? {} : { replayed }),
    };
  }
  const isList = Array.isArray(stored);
  for (const key of new Set([...Object.keys(stored), ...Object.keys(replayed)])) {
    const inner = isList ? `${path}[${key}]` : `${path}.${key}`;
    const difference = firstDifference(inner, stored[key], replayed[key]);
    if (difference !== null) return difference;
  }
  return null;
}

/** For people: one line. */
export function differenceText({ event, path, ...values }: Difference): string {
  const stored = "stored" in values ? `${shorten(values.stored)} as stored` : "nothing stored";
  const replayed = "replayed" in values ? `${shorten(values.replayed)} by the log` : "nothing by the log";
  return `event ${event}: ${path}: ${replayed}, ${stored}`;
}

type Container = Readonly<Record<string, unknown>>;

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** Values may be whole states. */
function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
