import { describe, expect, test } from "@jest/globals";

import { openStore } from "../../coordinator/storage/open-store.ts";
import { openStorage } from "../support/leading.ts";

describe("openStore", () => {
  test.each(["", "state.db", "sqlite", "sqlite:", "sqlite::memory:", "memory", "memory:x", "postgres://host/db"])(
    'refuses "%s" and names the forms that it takes',
    async (url) => {
      await expect(openStore(url)).rejects.toMatchObject({
        name: "StorageError",
        code: "unsupported",
        message: `store "${url}" must be sqlite:PATH or memory:`,
      });
    },
  );

  test("opens a new store at each memory:", async () => {
    const [one, other] = [await openStorage("memory:"), await openStorage("memory:")];
    await one.putFile("sha", Uint8Array.of(1));
    expect(await other.getFile("sha")).toBeNull();
  });
});
