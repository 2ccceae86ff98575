import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createSearch, decodeSnapshot, encodeSnapshot, type JobState } from "../../coordinator/search/job.ts";
import type { Event, LookupEntry, TrialOutcome } from "../../coordinator/search/types.ts";
import { failureReasons } from "../../network/measurement.ts";
import { failed, measured, runSearch } from "../support/search-driver.ts";
import { testSpace, testSpec } from "../support/search-spaces.ts";

const space = testSpace(
  [3, 2, 3, 2].map((arms, index) => ({ arms, block: index < 2 ? "a" : "b" })),
  (arms) => 10 + arms.reduce((sum, arm) => sum + arm, 0),
);
const spec = testSpec("fp-nas", {
  stages: [
    { name: "coarse", slots: "factorized", until: { rounds: 3 } },
    { name: "fine", slots: "block", until: { rounds: 3 } },
  ],
  cost: { macs: 14, beta: 0.3 },
  budget: { trials: 30, wallMs: 1000 },
  final: { random: 2, largest: true },
});
const search = createSearch(spec, space);
/** The same search with stages that do not wait for whole rounds. */
const asynchronous = createSearch(
  {
    ...spec,
    stages: spec.stages.map((stage, index) => ({ ...stage, asynchronous: { updateAfter: 2 + index, inFlight: 7 } })),
  },
  space,
);
const accuracyOf = (arms: readonly number[]) =>
  0.4 + arms.reduce((sum, arm, index) => sum + arm * (1 + (index % 2)), 0) / 20;

/** As JSON gives objects. */
const plain = { noNullPrototype: true } as const;
const number = fc.double();
const reason = fc.constantFrom(...failureReasons);
const measurement = fc.record(
  {
    accuracy: number,
    loss: number,
    steps: fc.nat(),
    extra: fc.dictionary(fc.constantFrom("kendall", "seconds"), number, plain),
  },
  { requiredKeys: ["accuracy", "steps", "extra"], ...plain },
);
const trial = fc.integer({ min: -2, max: 40 });
const outcome: fc.Arbitrary<TrialOutcome> = fc.oneof(
  fc.constant({ type: "pending" } as const),
  fc.record({ type: fc.constant("completed" as const), measurement }, plain),
  fc.record({ type: fc.constant("failed" as const), reason }, plain),
);
const known: fc.Arbitrary<LookupEntry> = fc.oneof(
  fc.option(fc.record({ trial, outcome }, plain)),
  fc.record({ job: fc.constant("default/earlier"), trial, measurement }, plain),
);
/** Any event at any time, most of them out of place. */
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ type: fc.constant("jobStarted" as const), atMs: fc.nat() }, plain),
  fc.record({ type: fc.constant("networksResolved" as const), known: fc.array(known, { maxLength: 24 }) }, plain),
  fc.record({ type: fc.constant("trialCompleted" as const), trial, measurement }, plain),
  fc.record({ type: fc.constant("trialFailed" as const), trial, reason }, plain),
  fc.record({ type: fc.constant("clockAdvanced" as const), atMs: fc.nat({ max: 1200 }) }, plain),
  fc.constant({ type: "jobPaused" } as const),
  fc.constant({ type: "jobResumed" } as const),
);

describe("a search", () => {
  test("takes any event at any time without throwing, and its state survives JSON bit for bit", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.boolean(), fc.boolean(), (events, answer, waits) => {
        const tried = waits ? search : asynchronous;
        let state: JobState = tried.init(5);
        const send = (event: Event): void => {
          const [next, commands] = tried.step(state, event);
          expect(decodeSnapshot(encodeSnapshot(next))).toStrictEqual(next);
          expect(tried.step(state, event)).toStrictEqual([next, commands]);
          if (next === state) expect(commands).toEqual([]);
          tried.progress(next);
          state = next;
          const lookup = commands.find(({ type }) => type === "lookupNetworks");
          if (answer && lookup?.type === "lookupNetworks") {
            send({ type: "networksResolved", known: lookup.hashes.map(() => null) });
          }
        };
        send({ type: "jobStarted", atMs: 0 });
        for (const event of events) send(event);
      }),
      { numRuns: 120 },
    );
  });

  test.each([
    ["synchronous", search],
    ["asynchronous", asynchronous],
  ])("ignores outcomes of trials it does not wait for: the very same state, no commands (%s)", (_name, tried) => {
    const seen = new Set<number>();
    runSearch(tried, 3, ({ arms }) => measured(accuracyOf(arms)), {
      between: (state, _, event) => {
        if (event.type === "trialCompleted") seen.add(event.trial);
        for (const late of [...seen, 0, 9999]) {
          expect(tried.step(state, { type: "trialFailed", trial: late, reason: "lost" })).toEqual([state, []]);
          expect(tried.step(state, { type: "trialFailed", trial: late, reason: "lost" })[0]).toBe(state);
        }
        return state;
      },
    });
    expect(seen.size).toBeGreaterThan(10);
  });

  test("comes to the same end, bit for bit, in any order of arrival, whichever trials fail, however often restored", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 15 }),
        (seed, order, failing) => {
          const evaluate = ({ trial: id, arms }: { readonly trial: number; readonly arms: readonly number[] }) =>
            failing.includes(id) ? failed("nan_loss") : measured(accuracyOf(arms));
          const plain = runSearch(search, seed, evaluate);
          let turn = 0;
          const shuffled = runSearch(search, seed, evaluate, {
            order: (open) => open[order[turn++ % order.length]! % open.length]!,
            between: (state) => decodeSnapshot(encodeSnapshot(state)),
          });
          expect(encodeSnapshot(shuffled.state)).toBe(encodeSnapshot(plain.state));
          expect(shuffled).toStrictEqual(plain);
        },
      ),
      { numRuns: 30 },
    );
  });
});
