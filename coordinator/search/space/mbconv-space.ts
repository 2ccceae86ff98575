import { layerCost, networkCost } from "../../../network/cost.ts";
import type { Features } from "../../../network/shapes.ts";
import type { Graph, Layer } from "../../../network/types.ts";
import { checkArms } from "./arms.ts";
import type { MbconvDefinition } from "./mbconv-definition.ts";
import { graphOf, headLayers, placedLayers, stemLayers, type PlacedLayer } from "./mbconv-graph.ts";
import { blockLayers } from "./mbconv-layers.ts";
import { mbconvSupernet } from "./mbconv-supernet.ts";
import { settingOf, unitsOf, type Unit, type Variable } from "./mbconv-units.ts";
import type { Space } from "./space.ts";

const plainLayers = (layers: readonly PlacedLayer[]): readonly Layer[] => layers.map(({ layer }) => layer);

/** Layers applied in turn: their MACs and what they leave. */
function applyLayers(input: Features, layers: readonly Layer[]): { readonly macs: number; readonly output: Features } {
  let [macs, output] = [0, input];
  for (const layer of layers) {
    const cost = layerCost(layer, output);
    if (cost === undefined) throw new TypeError(`a definition led to a ${layer.type} after pooling`);
    macs += cost.macs;
    output = cost.output;
  }
  return { macs, output };
}

/** Index of the largest value. */
function largestOf(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

/** The arms of a variable that the costliest network may have, all else being equal. */
function costlyArms({ values }: Variable): readonly number[] {
  switch (Object.keys(values[0] ?? {}).join()) {
    case "activation":
      return [0];
    case "se":
      return [largestOf(values.map(({ se = 0 }) => se))];
    case "kernel": {
      const kernels = values.map(({ kernel = 0 }) => kernel);
      return [...new Set([kernels.indexOf(0), largestOf(kernels)])].filter((arm) => arm >= 0);
    }
    default:
      return [...values.keys()];
  }
}

/** The samples of a unit alone that the costliest network may hold. */
function costlySamples({ variables }: Unit): readonly (readonly number[])[] {
  return variables.reduce<readonly (readonly number[])[]>(
    (samples, variable) => samples.flatMap((sample) => costlyArms(variable).map((arm) => [...sample, arm])),
    [[]],
  );
}

/** The costliest way to some width: its MACs, its arms and the map it leaves. */
interface Way {
  readonly macs: number;
  readonly arms: readonly number[];
  readonly map: Features;
}

/**
 * The sample of the most MACs, exactly. More of every variable is not always more MACs: where the middle width equals the input's there is no
 * expansion, and a skipped layer that changes the shape may cost more than a narrow block. But units meet in nothing but the map between them,
 * and of that only the channels are searched. So the costliest way to each width, extended unit by unit, holds the costliest network.
 */
function largestSample(definition: MbconvDefinition, units: readonly Unit[]): readonly number[] {
  const stem = applyLayers({ type: "map", ...definition.input }, plainLayers(stemLayers(definition)));
  let ways: readonly Way[] = [{ macs: stem.macs, arms: [], map: stem.output }];
  for (const unit of units) {
    const best = new Map<number, Way>();
    for (const sample of costlySamples(unit)) {
      const setting = settingOf(unit, sample);
      for (const way of ways) {
        const layers = blockLayers(way.map.channels, unit.strides, setting, definition.roundMid);
        const { macs, output } = applyLayers(way.map, layers);
        const total = way.macs + macs;
        if (total > (best.get(output.channels)?.macs ?? -1)) {
          best.set(output.channels, { macs: total, arms: [...way.arms, ...sample], map: output });
        }
      }
    }
    ways = [...best.values()];
  }
  const head = plainLayers(headLayers(definition));
  const totals = ways.map(({ macs, map, arms }) => ({ macs: macs + applyLayers(map, head).macs, arms }));
  return totals.reduce((most, way) => (way.macs > most.macs ? way : most)).arms;
}

/** The space of a definition (see `mbconvDefinitionSchema`); its choices stand in the order of the network, those of a block together. */
export function mbconvSpace(definition: MbconvDefinition): Space {
  const units = unitsOf(definition);
  const choices = units.flatMap(({ variables }) => variables.map(({ choice }) => choice));
  const decode = (arms: readonly number[]): Graph => {
    checkArms(choices, arms);
    return graphOf(definition, plainLayers(placedLayers(definition, units, arms)));
  };
  return {
    name: definition.name,
    choices,
    decode,
    supernet: () => mbconvSupernet(definition, units, choices),
    cost: (arms) => networkCost(decode(arms)),
    knows: () => true,
    largest: () => largestSample(definition, units),
  };
}
