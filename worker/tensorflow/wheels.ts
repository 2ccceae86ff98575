import { InstallError } from "./install-error.ts";

/** TensorFlow for the CPU alone, or for CUDA too. */
export type Variant = "cpu" | "gpu";

/** A wheel of the package index. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly variant: Variant;
  /** Platform tags under which the index may have it, newest first. */
  readonly platforms: readonly string[];
  /** Of the known file; null where the version is not known here. */
  readonly sha256: string | null;
}

/** The interpreter that the wheel is for. Its libraries are the same for all, and so the user's own Python may be any. */
export const wheelPython = { version: "3.11", abi: "cp311" } as const;

type Hashes = Readonly<Record<"x64-cpu" | "x64-gpu" | "arm64-cpu", string>>;

/** SHA-256 of the wheels of the versions that are known to work, newest first. The wheel for arm64 is `tensorflow`, without CUDA. */
const known: Readonly<Record<string, Hashes>> = {
  "2.21.0": {
    "x64-cpu": "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    "x64-gpu": "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
    "arm64-cpu": "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
  },
  "2.20.0": {
    "x64-cpu": "cf756bbe2d256e942ab5d0ad2c858fb40017581494febdb4387c149b1afde780",
    "x64-gpu": "481499fd0f824583de8945be61d5e827898cdaa4f5ea1bc2cc28ca2ccff8229e",
    "arm64-cpu": "3e9568c8efcb05c0266be223e3269c62ebf7ad3498f156438311735f6fa5ced5",
  },
  "2.19.1": {
    "x64-cpu": "0b6d72bd09c267e7573757bd309f5b1e2cdb02577339991da751f3a1411e4dae",
    "x64-gpu": "8e5524eb492160576e5eeea9bb472ddc653123503f2290f83123d5ac9545750e",
    "arm64-cpu": "22deedc251837f2382d2b287c705705cb089bfaf79b2274b78c08740e02bf188",
  },
  "2.18.1": {
    "x64-cpu": "810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298",
    "x64-gpu": "c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828",
    "arm64-cpu": "8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944",
  },
};

/** The version that is installed where none is asked for. */
export const defaultVersion = "2.21.0";

/** Where wheels come from that can be linked against. */
const architectures: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** "2.21" is the newest of 2.21 that is known here, else 2.21.0. */
function fullVersion(version: string): string {
  if (!/^\d+\.\d+$/.test(version)) return version;
  return Object.keys(known).find((name) => name.startsWith(`${version}.`)) ?? `${version}.0`;
}

/**
 * The wheel for a version (X.Y or X.Y.Z) on a machine, as `os.platform()` and `os.arch()` name it.
 * @throws InstallError where there is none.
 */
export function wheelFor(version: string, variant: Variant, platform: string, arch: string): Wheel {
  const machine = architectures[arch];
  if (platform !== "linux" || machine === undefined) {
    throw new InstallError([
      `native TensorFlow can be installed on Linux on x64 and arm64, not on ${platform} on ${arch}; wasm works there (--backend wasm).`,
    ]);
  }
  if (variant === "gpu" && arch !== "x64") {
    throw new InstallError([`there is no TensorFlow for GPUs on ${arch}; leave --gpu out.`]);
  }
  const full = fullVersion(version);
  const hash = arch === "x64" ? known[full]?.[`x64-${variant}`] : known[full]?.["arm64-cpu"];
  return {
    name: variant === "gpu" || arch !== "x64" ? "tensorflow" : "tensorflow-cpu",
    version: full,
    variant,
    platforms: ["manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014"].map(
      (tag) => `${tag}_${machine}`,
    ),
    sha256: hash ?? null,
  };
}
