import { enclosingTensors, layerTensors, type SharedTensor } from "../../../network/shared-weights.ts";
import { outputFeatures, type Features } from "../../../network/shapes.ts";
import type { Layer } from "../../../network/types.ts";
import { checkArms } from "./arms.ts";
import type { MbconvDefinition } from "./mbconv-definition.ts";
import { graphOf, headLayers, placedLayers, placesOf, stemLayers, type PlacedLayer } from "./mbconv-graph.ts";
import { blockLayer, type BlockSetting } from "./mbconv-layers.ts";
import { settingOf, type Unit, type Variable } from "./mbconv-units.ts";
import type { Choice } from "./space.ts";
import type { Supernet } from "./supernet.ts";

function shared({ place, layer }: PlacedLayer): Layer {
  return layer.type === "globalPool" ? layer : { ...layer, sharedWeights: place };
}

/** Every width that a unit may leave. */
function widthsOf({ fixed, variables }: Unit): readonly number[] {
  const searched = variables.flatMap(({ values }) => values.flatMap(({ channels }) => channels ?? []));
  return searched.length === 0 ? [fixed.channels] : searched;
}

const decides = ({ values }: Variable, key: keyof BlockSetting): boolean => values[0]?.[key] !== undefined;

/** What a unit's blocks may be, but for their width, and for the activation where it is searched by itself: it has no weights. */
function settingsOf(unit: Unit): readonly BlockSetting[] {
  const arms = unit.variables.reduce<readonly (readonly number[])[]>(
    (samples, variable) => {
      const hasWeights = decides(variable, "kernel") || decides(variable, "expansion") || decides(variable, "se");
      const own = hasWeights ? [...variable.values.keys()] : [0];
      return samples.flatMap((sample) => own.map((arm) => [...sample, arm]));
    },
    [[]],
  );
  return arms.map((sample) => settingOf(unit, sample));
}

/** Every slice that some sample uses at the places of a unit that follows a layer of one of these widths. */
function* unitSlices(unit: Unit, inWidths: readonly number[], roundMid: number): Generator<SharedTensor> {
  const outWidths = widthsOf(unit);
  const settings = settingsOf(unit);
  for (const [index, place] of placesOf(unit).entries()) {
    const pairs =
      index === 0
        ? inWidths.flatMap((before) => outWidths.map((after) => [before, after] as const))
        : outWidths.map((width) => [width, width] as const);
    for (const [inChannels, channels] of pairs) {
      for (const setting of settings) {
        const layer = blockLayer(inChannels, unit.strides[index] ?? 1, { ...setting, channels }, roundMid);
        if (layer !== undefined) yield* layerTensors(place, layer, inChannels);
      }
    }
  }
}

/** Every slice of layers that all samples have, after a layer of one of these widths. */
function* fixedSlices(
  layers: readonly PlacedLayer[],
  input: Features,
  inWidths: readonly number[],
): Generator<SharedTensor> {
  for (const channels of inWidths) {
    let features: Features = { ...input, channels };
    for (const { place, layer } of layers) {
      yield* layerTensors(place, layer, features.channels);
      features = outputFeatures(features, layer) ?? features;
    }
  }
}

function* allSlices(definition: MbconvDefinition, units: readonly Unit[]): Generator<SharedTensor> {
  const input: Features = { type: "map", ...definition.input };
  yield* fixedSlices(stemLayers(definition), input, [input.channels]);
  let widths: readonly number[] = [definition.stem.channels];
  for (const unit of units) {
    yield* unitSlices(unit, widths, definition.roundMid);
    widths = widthsOf(unit);
  }
  yield* fixedSlices(headLayers(definition), input, widths);
}

/**
 * The supernet of a definition: channels and expansion are prefix slices, each size of kernel has a depthwise tensor of its own, and blocks
 * at different places share nothing.
 */
export function mbconvSupernet(
  definition: MbconvDefinition,
  units: readonly Unit[],
  choices: readonly Choice[],
): Supernet {
  return {
    tensors: enclosingTensors(allSlices(definition, units)),
    decode: (arms) => {
      checkArms(choices, arms);
      return graphOf(definition, placedLayers(definition, units, arms).map(shared));
    },
  };
}
