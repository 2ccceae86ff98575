import { fusedKernels } from "../kernels.ts";
import { eachNumber, runProgram, type Program } from "./program.ts";
import { register } from "./register.ts";

const velocityStep: Program = {
  name: "velocityStep",
  inputs: ["weights", "velocity", "gradient"],
  uniforms: { momentum: "f32", decay: "f32" },
  code: eachNumber("uniforms.momentum * velocity[index] + gradient[index] + uniforms.decay * weights[index]"),
};
const weightStep: Program = {
  name: "weightStep",
  inputs: ["weights", "velocity"],
  uniforms: { learningRate: "f32" },
  code: eachNumber("weights[index] - uniforms.learningRate * velocity[index]"),
};

type Settings = Readonly<Record<"learningRate" | "momentum" | "decay", number>>;

/** Registers a step of gradient descent with momentum. */
export function registerMomentumKernel(): void {
  register<"weights" | "velocity" | "gradient">(
    fusedKernels.momentumStep,
    (backend, inputs, { learningRate, momentum, decay }: Settings) => {
      const outputShape = inputs.weights.shape;
      const velocity = runProgram(backend, velocityStep, { inputs, uniforms: { momentum, decay }, outputShape });
      const uniforms = { learningRate };
      const weights = runProgram(backend, weightStep, { inputs: { ...inputs, velocity }, uniforms, outputShape });
      return [weights, velocity];
    },
  );
}
