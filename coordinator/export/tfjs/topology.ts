/** A layer in Keras's JSON form, which tfjs reads: names are those of Keras, not of this project. */
export interface KerasLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly unknown[];
}

/** A weight of a Keras layer. */
export interface KerasWeight {
  /** Under which tfjs looks for it: LAYER/WEIGHT. */
  readonly name: string;
  readonly shape: readonly number[];
  /** The tensor of the network's weights that it is, which may have further dimensions of 1. */
  readonly tensor: string;
}

/** A model in Keras's form as it is built up, layer by layer, in order of application. */
export interface Topology {
  readonly layers: KerasLayer[];
  readonly weights: KerasWeight[];
}

/** What a Keras layer is, apart from what it is applied to. */
export interface KerasLayerKind {
  readonly kind: string;
  readonly name: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Weights by Keras's name of each. */
  readonly weights?: Readonly<Record<string, Omit<KerasWeight, "name">>>;
}

/** Adds a layer that is applied to the outputs of the layers named, and returns its name. */
export function addLayer(
  topology: Topology,
  { kind, name, config = {}, weights = {} }: KerasLayerKind,
  ...inputs: readonly string[]
): string {
  topology.layers.push({
    class_name: kind,
    name,
    config: { name, trainable: true, ...config },
    inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
  });
  for (const [weight, source] of Object.entries(weights)) {
    topology.weights.push({ name: `${name}/${weight}`, ...source });
  }
  return name;
}
