import { f32x4, i32x4, type Code, type FunctionBuilder, type Local } from "./assembler.ts";

const log2e = 1.4426950408889634;
/** ln 2 in two parts, the first exact in few bits, so that the reduced argument keeps its digits (Cody and Waite). */
const ln2High = 0.693359375;
const ln2Low = -2.1219444e-4;
/** Minimax polynomial of (e^r - 1 - r) / r^2 on |r| <= ln(2) / 2, highest power first (Cephes, expf). */
const polynomial = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5];

/**
 * Sets `sigmoid` to 1 / (1 + e^-z) lane by lane; within 3e-7 of the exact value, 0 or 1 far out, NaN where z is.
 * e^-z = 2^k e^r with k whole: the power of two is made by shifting k into the exponent's bits.
 */
export function setSigmoid(builder: FunctionBuilder, z: Local, sigmoid: Local): Code {
  const k = builder.local("v128");
  const r = builder.local("v128");
  const sum = builder.local("v128");
  const horner = polynomial
    .slice(1)
    .map((coefficient) => sum.set(f32x4.add(f32x4.mul(sum.get, r.get), f32x4.const(coefficient))));
  const power = i32x4.shiftLeft(i32x4.add(i32x4.fromF32x4(k.get), i32x4.const(127)), 23);
  return [
    r.set(f32x4.sub(f32x4.const(0), z.get)),
    r.set(f32x4.pmin(f32x4.pmax(r.get, f32x4.const(-87)), f32x4.const(87))),
    k.set(f32x4.nearest(f32x4.mul(r.get, f32x4.const(log2e)))),
    r.set(f32x4.sub(r.get, f32x4.mul(k.get, f32x4.const(ln2High)))),
    r.set(f32x4.sub(r.get, f32x4.mul(k.get, f32x4.const(ln2Low)))),
    sum.set(f32x4.const(polynomial[0] ?? 0)),
    horner,
    sum.set(f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(sum.get, r.get), r.get), r.get), f32x4.const(1))),
    sigmoid.set(f32x4.div(f32x4.const(1), f32x4.add(f32x4.const(1), f32x4.mul(sum.get, power)))),
  ];
}
