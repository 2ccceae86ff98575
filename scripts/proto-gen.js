// Generates proto/gen from the .proto files; with --check only compares, and fails where they differ.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const sources = readdirSync(join(root, "proto/fpnas/v1"))
  .filter((name) => name.endsWith(".proto"))
  .sort()
  .map((name) => `fpnas/v1/${name}`);

function generate(outDir) {
  rmSync(outDir, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [
      join(root, "node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js"),
      ...["--longs=Number", "--enums=String", "--defaults", "--oneofs", "--includeComments"],
      ...["--grpcLib=@grpc/grpc-js", "--importFileExtension=.ts", `--outDir=${outDir}`],
      ...["-I", join(root, "proto"), "--", ...sources, "google/rpc/error.proto"],
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  // The generator writes absolute paths into its comments, which would differ from one checkout to the next.
  for (const [path, text] of read(outDir)) writeFileSync(join(outDir, path), text.replaceAll(root, ""));
}

function read(dir) {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(dir.length), readFileSync(path, "utf8")]),
  );
}

const committed = join(root, "proto/gen");
if (process.argv.includes("--check")) {
  const fresh = mkdtempSync(join(tmpdir(), "fpnas-proto-"));
  generate(fresh);
  const [a, b] = [read(committed), read(fresh)];
  rmSync(fresh, { recursive: true });
  const different = [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
  if (different.length > 0) {
    console.error(`proto/gen does not match the .proto files (run: npm run proto:gen):\n  ${different.join("\n  ")}`);
    process.exit(1);
  }
} else {
  generate(committed);
}
