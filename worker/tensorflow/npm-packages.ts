/** An npm package as it is fetched for an installation. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** SHA-512 of its tarball, in base 64. */
  readonly sha512: string;
}

/** tfjs's kernels for TensorFlow, and the sources of the binding that they call. */
export const bindingPackage: NpmPackage = {
  name: "@tensorflow/tfjs-node-gpu",
  version: "4.22.0",
  sha512: "p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==",
};

/** What the kernels require beside tfjs itself. */
const protobufPackage: NpmPackage = {
  name: "google-protobuf",
  version: "3.21.4",
  sha512: "MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==",
};

/** The headers of Node's binary interface, without which node-gyp would fetch those of all of Node from its site. */
const nodeApiHeadersPackage: NpmPackage = {
  name: "node-api-headers",
  version: "1.9.0",
  sha512: "2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==",
};

/** All that an installation fetches by npm. */
export const installedPackages = {
  binding: bindingPackage,
  protobuf: protobufPackage,
  nodeHeaders: nodeApiHeadersPackage,
} as const;
