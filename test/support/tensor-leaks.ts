import { afterEach, beforeEach, expect } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";

/** Holds every test of a file to leaving as many tensors as it found. */
export function expectNoTensorLeft(): void {
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(before));
}
