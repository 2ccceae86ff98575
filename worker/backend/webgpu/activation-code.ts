import type { Activation } from "../../../network/types.ts";

/** z by itself, and dy times the activation's slope at z. Comparisons, for a minimum or maximum of what is no number may be one. */
const expressions: Readonly<Record<Activation, readonly [value: string, gradient: string]>> = {
  none: ["z", "dy"],
  relu: ["select(z, 0.0, z < 0.0)", "select(dy, 0.0, z <= 0.0)"],
  relu6: ["select(select(z, 0.0, z < 0.0), 6.0, z > 6.0)", "select(dy, 0.0, z <= 0.0 || z >= 6.0)"],
  swish: ["z / (1.0 + exp(-z))", "dy * (1.0 + z * (1.0 - 1.0 / (1.0 + exp(-z)))) / (1.0 + exp(-z))"],
};

/** WGSL of `activate(z)` and `gradient(z, dy)`, the gradient to z from the one to the activation of z. */
export function activationCode(activation: Activation): string {
  const [value, gradient] = expressions[activation];
  return `
fn activate(z : f32) -> f32 { return ${value}; }
fn gradient(z : f32, dy : f32) -> f32 { return ${gradient}; }`;
}
