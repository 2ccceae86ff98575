import { join } from "node:path";

// Data sets are decoded once for all test files and the processes they start, and never into the user's own cache folder.
process.env["FPNAS_CACHE_DIR"] ??= join(import.meta.dirname, "node_modules/.cache/fpnas");

/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "es6" }, sourceMaps: "inline" },
    ],
  },
  // For what hangs, not for what is slow: a machine with other work takes many times as long.
  testTimeout: 180_000,
  maxWorkers: 2,
};
