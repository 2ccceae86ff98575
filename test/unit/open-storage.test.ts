import { describe, expect, test } from "@jest/globals";

import { openStorage } from "../../coordinator/storage/open-storage.ts";

describe("openStorage", () => {
  test.each(["", "state.db", "sqlite", "sqlite:", "sqlite::memory:", "memory", "memory:x", "postgres://host/db"])(
    'refuses "%s" and names the forms that it takes',
    async (url) => {
      await expect(openStorage(url)).rejects.toMatchObject({
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
