import { describe, expect, test } from "@jest/globals";

import { nameStore, openStore } from "../../coordinator/storage/open-store.ts";
import { openStorage } from "../support/leading.ts";

describe("openStore", () => {
  test.each(["", "state.db", "sqlite", "sqlite:", "sqlite::memory:", "memory", "memory:x", "postgres:host/db"])(
    'refuses "%s" and names the forms that it takes',
    async (url) => {
      await expect(openStore(url)).rejects.toMatchObject({
        name: "StorageError",
        code: "unsupported",
        message: `store "${url}" must be sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE or memory:`,
      });
    },
  );

  test.each([
    ["postgres://fpnas:pa:ss/w@rd@db:5432/fpnas?sslmode=require", "postgres://fpnas@db:5432/fpnas?sslmode=require"],
    ["postgres://fpnas@db/fpnas", "postgres://fpnas@db/fpnas"],
    ["sqlite:a:b@c.db", "sqlite:a:b@c.db"],
  ])("calls %s by %s, without its password", (url, name) => {
    expect(nameStore(url)).toBe(name);
  });

  test("does not repeat a password that stands in a URL of no store", async () => {
    await expect(openStore("postgress://fpnas:secret@db/fpnas")).rejects.toMatchObject({
      message: expect.not.stringContaining("secret"),
    });
  });

  test("opens a new store at each memory:", async () => {
    const [one, other] = [await openStorage("memory:"), await openStorage("memory:")];
    await one.putFile("sha", Uint8Array.of(1));
    expect(await other.getFile("sha")).toBeNull();
  });
});
