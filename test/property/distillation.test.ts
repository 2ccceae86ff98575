import { expect, test } from "@jest/globals";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { distilledCrossEntropy } from "../../worker/model/loss.ts";

const batchOf = fc.integer({ min: 1, max: 5 }).chain((batch) =>
  fc.integer({ min: 2, max: 6 }).chain((classes) => {
    const logits = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), {
      minLength: batch * classes,
      maxLength: batch * classes,
    });
    const labels = fc.array(fc.nat(classes - 1), { minLength: batch, maxLength: batch });
    return fc.record({
      ...{ batch: fc.constant(batch), classes: fc.constant(classes) },
      ...{ logits, taught: logits, labels, smoothing: fc.double({ min: 0, max: 0.9, noNaN: true }) },
    });
  }),
);

/** Half the cross-entropy to smoothed labels and half the divergence, written out, for tfjs to differentiate. */
function reference(logits: tf.Tensor2D, target: tf.Tensor, taught: tf.Tensor): tf.Scalar {
  const [batch] = logits.shape;
  const log = tf.logSoftmax(logits);
  const crossEntropy = tf.neg(tf.sum(tf.mul(target, log)));
  const probabilities = tf.softmax(taught as tf.Tensor2D);
  const divergence = tf.sum(tf.mul(probabilities, tf.sub(tf.log(probabilities), log)));
  return tf.div(tf.add(tf.mul(0.5, crossEntropy), tf.mul(0.5, divergence)), batch);
}

test("the loss of distillation and its gradient are those of automatic differentiation", async () => {
  await selectBackend("cpu");
  fc.assert(
    fc.property(batchOf, ({ batch, classes, logits, taught, labels, smoothing }) => {
      const [seen, wanted] = tf.tidy(() => {
        const shape = [batch, 1, 1, classes] as const;
        const labelled = tf.tensor1d(labels, "int32");
        const own = tf.tensor4d(logits, [...shape]);
        const loss = distilledCrossEntropy(own, labelled, smoothing, tf.tensor4d(taught, [...shape]));
        const hard = tf.cast(tf.oneHot(labelled, classes), "float32");
        const target = tf.add(tf.mul(hard, 1 - smoothing), smoothing / classes);
        const flat = tf.tensor2d(logits, [batch, classes]);
        const teacher = tf.tensor2d(taught, [batch, classes]);
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => reference(x as tf.Tensor2D, target, teacher))(flat);
        return [
          [...loss.mean.dataSync(), ...loss.gradient.dataSync()],
          [...value.dataSync(), ...grad.dataSync()],
        ];
      }) as unknown as readonly [number[], number[]];
      seen.forEach((number, place) => expect(number).toBeCloseTo(wanted[place]!, 4));
    }),
  );
});

test("a model that gives the teacher's logits gets no gradient from the teacher, and no divergence", async () => {
  await selectBackend("cpu");
  const [mean, gradient] = tf.tidy(() => {
    const logits = tf.tensor4d([1, 2, 3], [1, 1, 1, 3]);
    const loss = distilledCrossEntropy(logits, tf.tensor1d([2], "int32"), 0, logits);
    return [[...loss.mean.dataSync()], [...loss.gradient.dataSync()]];
  }) as unknown as readonly [number[], number[]];
  const p = [1, 2, 3].map((logit) => Math.exp(logit) / [1, 2, 3].reduce((sum, other) => sum + Math.exp(other), 0));
  expect(mean[0]).toBeCloseTo(-Math.log(p[2]!) / 2, 5);
  [p[0]! / 2, p[1]! / 2, (p[2]! - 1) / 2].forEach((value, place) => expect(gradient[place]).toBeCloseTo(value, 5));
});
