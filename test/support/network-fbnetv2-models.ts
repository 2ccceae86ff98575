import type { Graph, Layer } from "../../network/types.ts";

/** A model of FBNetV2 (arXiv 2004.05565) with the figures that its authors' code states. */
export interface PublishedModel {
  readonly name: string;
  readonly graph: Graph;
  /** Convolution and matrix weights alone. */
  readonly weights: number;
  readonly macs: number;
  /** MACs and one operation for each input element of an average pool; undefined where none is stated. */
  readonly flops: number | undefined;
}

// "k5 24>128/32>32 s2": kernel, input channels, mid, gate, output channels, stride. "skip 56>80": a 1x1 convolution.
const rowPattern = /^(?:k(\d) (\d+)>(\d+)(?:\/(\d+))?>(\d+)|skip (\d+)>(\d+)|conv3 3>(\d+))(?: s2)?$/;

function layerOf(row: string): readonly Layer[] {
  const match = rowPattern.exec(row);
  if (match === null) throw new Error(`not a row: ${row}`);
  const [, kernel, , mid, gate, out, skipIn, skipOut, stem] = match;
  const stride = row.endsWith(" s2") ? 2 : 1;
  const conv = { type: "conv", batchNorm: true, stride } as const;
  if (stem !== undefined) return [{ ...conv, outChannels: Number(stem), kernel: 3, activation: "swish" }];
  if (skipOut !== undefined) {
    return skipIn === skipOut ? [] : [{ ...conv, outChannels: Number(skipOut), kernel: 1, activation: "none" }];
  }
  return [
    {
      type: "mbconv",
      midChannels: Number(mid),
      outChannels: Number(out),
      kernel: Number(kernel),
      stride,
      seChannels: Number(gate ?? 0),
      activation: "swish",
    },
  ];
}

function modelGraph(side: number, rows: readonly string[], hidden: number): Graph {
  return {
    type: "graph",
    input: { height: side, width: side, channels: 3 },
    layers: [
      ...rows.flatMap(layerOf),
      { type: "conv", outChannels: 1344, kernel: 1, stride: 1, batchNorm: true, activation: "swish" },
      { type: "globalPool" },
      { type: "dense", units: hidden, bias: false, activation: "swish" },
      { type: "dense", units: 1000, bias: true, activation: "none" },
    ],
  };
}

const f1 = [
  ...["conv3 3>8 s2", "k5 8>8>8", "k5 8>48>24 s2", "k5 24>112>24", "k5 24>128/32>32 s2", "k5 32>144/40>24"],
  ...["k5 24>136>56 s2", "k3 56>232>56", "k3 56>288/72>56", "skip 56>80", "k5 80>360/88>80", "k5 80>144/40>80"],
  ...["k3 80>368/96>144 s2", "k5 144>840/208>144", "k5 144>992/248>144", "skip 144>224"],
];

/** MACs of each row of F1 at 128x128: the rows above, then the head with its last 1x1 convolution, then the classifier. */
export const f1RowMacs = [
  ...[884_736, 1_081_344, 3_981_312, 8_372_224, 5_021_696, 2_997_504, 1_540_608, 1_796_608, 2_271_744, 286_720],
  ...[4_325_760, 1_716_480, 2_855_680, 4_556_160, 5_459_968, 516_096, 6_967_296, 1_600_000],
];

const f4 = [
  ...["conv3 3>16 s2", "k3 16>16>16", "k5 16>88>24 s2", "k5 24>48>24", "k5 24>48>24", "k5 24>128/32>32 s2"],
  ...["k5 32>112/32>32", "k5 32>144/40>32", "k5 32>144/40>32", "k5 32>184>64 s2", "k3 64>136>64", "skip 64>64"],
  ...["k3 64>320>104", "k5 104>264/64>104", "k5 104>184/48>104", "k5 104>392/96>112", "k3 112>624/160>184 s2"],
  ...["k5 184>520/128>184", "k5 184>896/224>184", "skip 184>224"],
];

const large = [
  ...["conv3 3>16 s2", "k3 16>16>16", "k5 16>88>24 s2", "k5 24>48>24", "k3 24>48>24", "k5 24>48>24"],
  ...["k5 24>128/32>40 s2", "k5 40>144/40>32", "k5 32>144/40>32", "k5 32>144/40>32", "k5 32>184>64 s2"],
  ...["k3 64>136>64", "skip 64>64", "k3 64>200>64", "k3 64>320>112", "k5 112>280/72>112", "k5 112>200/48>112"],
  ...["k5 112>312/80>112", "k5 112>424/104>112", "k5 112>424/104>112", "k3 112>624/160>184 s2"],
  ...["k5 184>520/128>184", "k5 184>520/128>184", "k5 184>896/224>184", "k5 184>896/224>184", "skip 184>224"],
];

export const publishedModels: readonly PublishedModel[] = [
  { name: "F1", graph: modelGraph(128, f1, 1600), weights: 5_999_408, macs: 56_231_936, flops: 56_410_560 },
  { name: "F2", graph: modelGraph(160, f1, 1600), weights: 5_999_408, macs: 85_163_192, flops: 85_441_392 },
  { name: "F3", graph: modelGraph(192, f1, 1984), weights: 6_899_504, macs: 121_423_712, flops: 121_824_000 },
  { name: "F4", graph: modelGraph(224, f4, 1984), weights: 6_994_824, macs: 237_605_592, flops: 238_351_984 },
  { name: "L1", graph: modelGraph(224, large, 1984), weights: 8_496_520, macs: 325_025_344, flops: undefined },
  { name: "L2", graph: modelGraph(256, large, 1984), weights: 8_496_520, macs: 422_610_304, flops: 423_912_768 },
];
