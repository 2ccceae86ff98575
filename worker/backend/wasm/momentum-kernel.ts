import { defineFunction, f32x4, i32, type FunctionBuilder } from "./assembler.ts";
import { bytesOf, steps, stepThrough } from "./lanes.ts";

/** One step of stochastic gradient descent: velocity' = momentum * velocity + gradient + decay * weights; weights' = weights - rate * velocity'. */
export function momentumStep(): FunctionBuilder {
  const { builder, of } = defineFunction(
    ["weights", "velocity", "gradient", "newWeights", "newVelocity", "size"],
    ["rate", "momentum", "decay"],
  );
  const index = builder.local("i32");
  const { weights, velocity } = builder.vectors("weights", "velocity");
  const walk = stepThrough(builder, index, of.size, steps(1), ({ lanes: { load, store } }) => {
    const there = bytesOf(index.get);
    return [
      weights.set(load(i32.add(of.weights, there))),
      velocity.set(f32x4.mul(load(i32.add(of.velocity, there)), f32x4.splat(of.momentum))),
      velocity.set(f32x4.add(velocity.get, load(i32.add(of.gradient, there)))),
      velocity.set(f32x4.add(velocity.get, f32x4.mul(weights.get, f32x4.splat(of.decay)))),
      store(i32.add(of.newVelocity, there), velocity.get),
      store(i32.add(of.newWeights, there), f32x4.sub(weights.get, f32x4.mul(velocity.get, f32x4.splat(of.rate)))),
    ];
  });
  builder.body(walk);
  return builder;
}
