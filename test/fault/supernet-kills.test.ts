import { expect, test } from "@jest/globals";

import { chooseMoments, runSupernetCampaign } from "../support/crash/supernet/campaign.ts";

/** `npm run verify:faults -- --supernet` tries 20 moments. */
test("a supernet's job whose coordinator or worker is killed with -9 at any moment ends with the rounds, the distribution and the weights of an undisturbed one", async () => {
  const outcomes = await runSupernetCampaign(4, 1, () => undefined);
  expect(outcomes).toHaveLength(4);
  for (const { moment, ...outcome } of outcomes) {
    expect({ moment, ...outcome }).toEqual({
      moment,
      killedAt: expect.stringMatching(/^step \d+ /),
      ...{ lost: 0, doubled: 0, differing: [], example: null },
    });
  }
}, 240_000);

test("moments are the same for the same seed, by turns of either process, and of its steps", () => {
  const moments = chooseMoments({ coordinator: 90, worker: 40 }, 20, 1);
  expect(moments).toEqual(chooseMoments({ coordinator: 90, worker: 40 }, 20, 1));
  expect(moments).not.toEqual(chooseMoments({ coordinator: 90, worker: 40 }, 20, 2));
  for (const { victim, step } of moments) {
    expect(step).toBeGreaterThanOrEqual(1);
    expect(step).toBeLessThanOrEqual(victim === "coordinator" ? 90 : 40);
  }
  expect(moments.filter(({ victim }) => victim === "worker")).toHaveLength(10);
});
