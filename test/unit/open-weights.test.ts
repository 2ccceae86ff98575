import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openWeights } from "../../coordinator/open-weights.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fpnas-open-weights-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the place of shared weights", () => {
  test("is the folder that was given, made where it is missing, and stays", async () => {
    const weights = join(root, "a/b");
    const { folder, store, close } = await openWeights({ store: "postgres://host/database", weights });
    expect([folder, store === null, statSync(weights).isDirectory()]).toEqual([weights, false, true]);
    await close();
    expect(existsSync(weights)).toBe(true);
  });

  test("is beside the file of SQLite where none was given", async () => {
    const { folder, close } = await openWeights({ store: `sqlite:${join(root, "state.db")}`, weights: null });
    expect(folder).toBe(join(root, "state.db-weights"));
    await close();
  });

  test("goes with the process of a store in memory", async () => {
    const { folder, store, close } = await openWeights({ store: "memory:", weights: null });
    expect(store).not.toBeNull();
    expect(existsSync(folder!)).toBe(true);
    await close();
    expect(existsSync(folder!)).toBe(false);
  });

  test("is nowhere with PostgreSQL unless it is given", async () => {
    const { folder, store, close } = await openWeights({ store: "postgres://host/database", weights: null });
    expect([folder, store]).toEqual([null, null]);
    await close();
  });

  test("is refused where it cannot be made", async () => {
    const opening = openWeights({ store: "memory:", weights: "/dev/null/weights" });
    await expect(opening).rejects.toMatchObject({ name: "WeightsError" });
  });
});
