import fc from "fast-check";
import type { Activation, Graph, Layer, Network } from "../../network/types.ts";

const activation = fc.constantFrom<Activation>("none", "relu", "relu6", "swish");
const count = fc.integer({ min: 1, max: 300 });
const kernel = fc.constantFrom(1, 3, 5, 7);
const stride = fc.integer({ min: 1, max: 3 });

const convolution = fc.oneof(
  fc.record<Layer & { type: "conv" }>({
    type: fc.constant("conv"),
    outChannels: count,
    kernel,
    stride,
    batchNorm: fc.boolean(),
    activation,
  }),
  fc.record<Layer & { type: "mbconv" }>({
    type: fc.constant("mbconv"),
    midChannels: count,
    outChannels: count,
    kernel,
    stride,
    seChannels: fc.integer({ min: 0, max: 40 }),
    activation,
  }),
);

const dense = fc.record<Layer & { type: "dense" }>({
  type: fc.constant("dense"),
  units: count,
  bias: fc.boolean(),
  activation,
});

/** Every graph that makes sense: convolutions, pooling, dense layers. */
export const graphs: fc.Arbitrary<Graph> = fc
  .record({
    input: fc.record({ height: count, width: count, channels: count }),
    convolutions: fc.array(convolution, { maxLength: 6 }),
    denses: fc.array(dense, { minLength: 1, maxLength: 3 }),
  })
  .map(({ input, convolutions, denses }) => ({
    type: "graph",
    input,
    layers: [...convolutions, { type: "globalPool" }, ...denses],
  }));

const tableRows: fc.Arbitrary<Network> = fc.record({
  type: fc.constant("tableRow" as const),
  tableSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  arms: fc.array(fc.nat({ max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 20 }),
});

export const networks: fc.Arbitrary<Network> = fc.oneof(graphs, tableRows);
