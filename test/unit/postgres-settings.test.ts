import { inspect } from "node:util";

import { describe, expect, test } from "@jest/globals";
import pg from "pg";

import { readSettings } from "../../coordinator/storage/postgres/settings.ts";

/** What the driver makes of a URL. */
function connectionOf(url: string): pg.Client {
  return new pg.Client(readSettings(url).connection);
}

describe("the settings of a PostgreSQL store", () => {
  test("are those of the URL", () => {
    const client = connectionOf("postgres://us%40er:pa%2Fss@db.example:6432/jobs");
    expect(client).toMatchObject({
      user: "us@er",
      password: "pa/ss",
      host: "db.example",
      port: 6432,
      database: "jobs",
    });
    expect(client.ssl).toBe(false);
  });

  test.each([
    ["disable", false],
    ["require", { rejectUnauthorized: false }],
    ["verify-full", {}],
  ])("know sslmode=%s as libpq does", (mode, ssl) => {
    expect(connectionOf(`postgres://u@db/jobs?sslmode=${mode}`).ssl).toEqual(ssl);
  });

  test("name all connections of a store alike, and those of another store otherwise", () => {
    const [one, other] = [readSettings("postgres://u@db/jobs"), readSettings("postgres://u@db/jobs")];
    expect(one.applicationName).toMatch(/^fpnas-[0-9a-f]{12}$/);
    expect(one.connection.application_name).toBe(one.applicationName);
    expect(other.applicationName).not.toBe(one.applicationName);
  });

  test("have a name for people that leaves the password and the parameters out", () => {
    const { place } = readSettings("postgres://u:secret@db:6432/jobs?sslmode=require");
    expect(place).toBe("postgres://u@db:6432/jobs");
  });

  test.each([
    ["postgres://u:secret@db:port/jobs", "the store's URL must be postgres://USER:PASSWORD@HOST:PORT/DATABASE"],
    ["postgres://u:secret@db/jobs?sslmod=require", 'has the parameter "sslmod"; allowed are sslmode, sslrootcert'],
    [
      "postgres://u:secret@db/jobs?sslmode=on",
      'has sslmode "on"; allowed are disable, require, verify-ca, verify-full',
    ],
    ["postgres://u:secret@db/jobs?sslmode=verify-ca", 'has sslmode "verify-ca", which needs sslrootcert'],
  ])("refuse %s, and do not repeat the password", (url, message) => {
    let refusal: unknown;
    try {
      readSettings(url);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ name: "StorageError", code: "unsupported" });
    expect((refusal as Error).message).toContain(message);
    expect(inspect(refusal, { depth: 9 })).not.toContain("secret");
  });
});
