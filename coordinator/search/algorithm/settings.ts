import { z } from "zod";

/** Settings of Adam on the logits. */
export const adamSettings = {
  learningRate: z
    .number()
    .positive()
    .default(0.2)
    .describe(
      "Adam's step size, in logits. 0.2 was measured best on tables of stand-alone trainings; 0.025 suits supernets (arXiv 2112.04710).",
    ),
  beta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe("Adam's decay of the first moment, 0 to 1. 0.5 was measured clearly better than the usual 0.9."),
  beta2: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .describe("Adam's decay of the second moment, 0 to 1 (arXiv 1412.6980)."),
};

/** Adam's settings where trials share weights: those published for a search of this kind (arXiv 2112.04710). */
export const adamOfSupernet = { learningRate: 0.025, beta1: 0.9 } as const;

/** Nats of a mean log-likelihood are few: by this many they tell networks apart. */
export const temperatureOfSupernet = 20;

/** Settings that the importance-weighted algorithms share. */
export const gradientSettings = {
  ...adamSettings,
  temperature: z
    .number()
    .positive()
    .default(1000)
    .describe(
      "Log-likelihood of a network = temperature x accuracy (a fraction), or in a supernet x its mean log-likelihood of an example.",
    ),
};

/** A whole number of draws. */
export function drawCount(fallback: number, least: number) {
  return z.number().int().min(least).max(10_000).default(fallback);
}

/** A share, 0 to 1. */
export function share(fallback: number) {
  return z.number().min(0).max(1).default(fallback);
}
