import { expect, test } from "@jest/globals";
import { plant } from "./defects/plant.ts";
import { runSimulator } from "./run-simulator.ts";

const cases = [
  { defect: "fencing", violation: /trial \d+ (is completed by what nobody measured|fails) under token \d+/ },
  { defect: "earlyAck", violation: /the outcome of .* is accepted, but the log does not have it/ },
  { defect: "requestId", violation: /1 effects of requests are committed with no request/ },
  { defect: "earlyCollect", violation: /as nobody said: data_unavailable|not there/ },
  // Two who lead write over each other, in one way or another.
  { defect: "leaderTerm", violation: /^seed \d+: / },
];

test.each(cases)(
  "the simulator finds the planted defect $defect within 1,000 seeds",
  async ({ defect, violation }) => {
    const { code, output } = await runSimulator("--seeds", "1000", "--defect", defect);
    expect(output).toMatch(violation);
    expect(output).toMatch(/npm run simulate -- --seed \d+ --trace/);
    expect(code).toBe(1);
  },
  180_000,
);

test("a defect whose text is no longer in the product is refused", () => {
  const file = "coordinator/scheduling/apply-message.ts";
  const gone = { file, find: "text of long ago", replace: "" };
  expect(() => plant(gone)).toThrow("the text that the defect changes stands 0 times");
});
