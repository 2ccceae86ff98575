import { createHash } from "node:crypto";
import { checkArms } from "../../../coordinator/search/space/arms.ts";
import type { Choice, Space } from "../../../coordinator/search/space/space.ts";
import { uniformIndex, type Rng } from "../../../coordinator/search/rng.ts";

/** Choices of a random number of arms until the uniform distribution has so many nats, in blocks of 2 or 3 that follow each other. */
export function randomChoices(
  nats: number,
  arms: { readonly least: number; readonly most: number },
  rng: Rng,
): readonly Choice[] {
  const choices: Choice[] = [];
  let block = 0;
  let room = 0;
  for (let sum = 0; sum < nats;) {
    if (room === 0) {
      block++;
      room = 2 + uniformIndex(rng, 2);
    }
    room--;
    const count = arms.least + uniformIndex(rng, arms.most - arms.least + 1);
    sum += Math.log(count);
    choices.push({
      name: `c${String(choices.length + 1)}`,
      arms: Array.from({ length: count }, (_, arm) => String(arm)),
      block: `block${String(block)}`,
    });
  }
  return choices;
}

/** A space of such choices without costs: every sample is a network of its own, a row of a table that nobody wrote down. */
export function plainSpace(name: string, choices: readonly Choice[]): Space {
  const tableSha256 = createHash("sha256").update(name).digest("hex");
  return {
    name,
    choices,
    decode(arms) {
      checkArms(choices, arms);
      return { type: "tableRow", tableSha256, arms: [...arms] };
    },
    cost: () => ({}),
    knows: () => false,
    largest: () => undefined,
  };
}
