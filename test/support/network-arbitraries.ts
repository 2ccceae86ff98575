import fc from "fast-check";
import type { Activation, Graph, Layer, Network } from "../../network/types.ts";

const activation = fc.constantFrom<Activation>("none", "relu", "relu6", "swish");
const kernel = fc.constantFrom(1, 3, 5, 7);
const stride = fc.integer({ min: 1, max: 3 });

const convolutionOf = (count: fc.Arbitrary<number>, seChannels: fc.Arbitrary<number>) =>
  fc.oneof(
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
      seChannels,
      activation,
    }),
  );

const denseOf = (count: fc.Arbitrary<number>) =>
  fc.record<Layer & { type: "dense" }>({ type: fc.constant("dense"), units: count, bias: fc.boolean(), activation });

/** Graphs of convolutions, pooling and dense layers, with sides and channels of at most `most`, squeezed ones of at most `mostSqueezed`. */
function graphsUpTo(most: number, mostSqueezed: number): fc.Arbitrary<Graph> {
  const count = fc.integer({ min: 1, max: most });
  return fc
    .record({
      input: fc.record({ height: count, width: count, channels: count }),
      convolutions: fc.array(convolutionOf(count, fc.integer({ min: 0, max: mostSqueezed })), { maxLength: 6 }),
      denses: fc.array(denseOf(count), { minLength: 1, maxLength: 3 }),
    })
    .map(({ input, convolutions, denses }) => ({
      type: "graph",
      input,
      layers: [...convolutions, { type: "globalPool" }, ...denses],
    }));
}

/** Every graph that makes sense. */
export const graphs: fc.Arbitrary<Graph> = graphsUpTo(300, 40);

/** Graphs that make sense and compute in no time. */
export const smallGraphs: fc.Arbitrary<Graph> = graphsUpTo(9, 4);

const tableRows: fc.Arbitrary<Network> = fc.record({
  type: fc.constant("tableRow" as const),
  tableSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  arms: fc.array(fc.nat({ max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 20 }),
});

export const networks: fc.Arbitrary<Network> = fc.oneof(graphs, tableRows);
