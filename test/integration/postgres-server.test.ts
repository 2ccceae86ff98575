import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { PostgresServer } from "../support/postgres-server.ts";

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterAll(() => server.stop());

describe("the PostgreSQL server of the tests", () => {
  test("gives empty databases of their own, which outlive a restart", async () => {
    const [one, other] = [await server.createDatabase(), await server.createDatabase()];
    await server.query(one, "create table t as select 7 as n");
    await server.restart();
    expect(await server.query(one, "select n from t")).toEqual([{ n: 7 }]);
    await expect(server.query(other, "select n from t")).rejects.toThrow('relation "t" does not exist');
  });
});
