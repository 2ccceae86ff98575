import type { Graph, Layer } from "../../../network/types.ts";
import type { MbconvDefinition } from "./mbconv-definition.ts";
import { blocksOf } from "./mbconv-layers.ts";
import { settingOf, type Unit } from "./mbconv-units.ts";

/** A layer at its place, which is the same in all networks of a space. */
export interface PlacedLayer {
  /** Unique among the places; the slash keeps those of blocks apart from the others. */
  readonly place: string;
  readonly layer: Layer;
}

/** The first convolution. */
export function stemLayers({ stem, activation }: MbconvDefinition): readonly PlacedLayer[] {
  const { channels: outChannels, kernel, stride, activation: own = activation } = stem;
  return [{ place: "stem", layer: { type: "conv", outChannels, kernel, stride, batchNorm: true, activation: own } }];
}

/** What follows the blocks. */
export function headLayers({ head, activation: common, classes }: MbconvDefinition): readonly PlacedLayer[] {
  const { channels, hidden, activation = common } = head;
  const placed = (place: string, layer: Layer): PlacedLayer => ({ place, layer });
  return [
    ...(channels === undefined
      ? []
      : [placed("head", { type: "conv", outChannels: channels, kernel: 1, stride: 1, batchNorm: true, activation })]),
    placed("pool", { type: "globalPool" }),
    ...(hidden === undefined ? [] : [placed("hidden", { type: "dense", units: hidden, bias: true, activation })]),
    placed("classifier", { type: "dense", units: classes, bias: true, activation: "none" }),
  ];
}

/** Places of a unit's blocks, one a stride. */
export function placesOf({ name, strides }: Unit): readonly string[] {
  return strides.map((_, index) => (strides.length === 1 ? `blocks/${name}` : `blocks/${name}.${index + 1}`));
}

/** The arms of each unit in turn. */
function splitArms(units: readonly Unit[], arms: readonly number[]): readonly (readonly number[])[] {
  let start = 0;
  return units.map(({ variables }) => arms.slice(start, (start += variables.length)));
}

/** The layers of a sample, in order. */
export function placedLayers(
  definition: MbconvDefinition,
  units: readonly Unit[],
  arms: readonly number[],
): readonly PlacedLayer[] {
  const unitArms = splitArms(units, arms);
  let channels = definition.stem.channels;
  const blocks = units.flatMap((unit, index) => {
    const setting = settingOf(unit, unitArms[index] ?? []);
    const layers = blocksOf(channels, unit.strides, setting, definition.roundMid);
    channels = setting.channels;
    return placesOf(unit).flatMap((place, block) => {
      const layer = layers[block];
      return layer === undefined ? [] : [{ place, layer }];
    });
  });
  return [...stemLayers(definition), ...blocks, ...headLayers(definition)];
}

/** The network of these layers. */
export function graphOf({ input }: MbconvDefinition, layers: readonly Layer[]): Graph {
  return { type: "graph", input, layers };
}
