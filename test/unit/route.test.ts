import { describe, expect, test } from "@jest/globals";
import { readLeader } from "../../proto/leader.ts";
import { Route } from "../../proto/route.ts";
import { badRequest, notLeader } from "../support/client-scripted-server.ts";

const lost = new Error("connection refused");

describe("a route among coordinators", () => {
  test("goes round the list, one on with each failure", () => {
    const route = new Route("a:1,b:2,c:3");
    const visited = Array.from({ length: 4 }, () => {
      const { address } = route;
      expect(route.turn(address, lost)).toBe(false);
      return address;
    });
    expect(visited).toEqual(["a:1", "b:2", "c:3", "a:1"]);
  });

  test("of one coordinator stays there", () => {
    const route = new Route("a:1");
    expect(route.turn("a:1", lost)).toBe(false);
    expect(route.address).toBe("a:1");
  });

  test("goes to the leader that is named, on the list or not, and from there to the next that has not just failed", () => {
    const route = new Route("a:1,b:2");
    expect(route.turn("a:1", notLeader("elsewhere:9"))).toBe(true);
    expect(route.address).toBe("elsewhere:9");
    route.turn("elsewhere:9", lost);
    expect(route.address).toBe("b:2");
    expect(route.turn("b:2", notLeader("a:1"))).toBe(true);
    route.turn("a:1", lost);
    expect(route.address).toBe("b:2");
  });

  test("goes on along the list where a follower knows no leader, or names itself", () => {
    const route = new Route("a:1,b:2");
    expect(route.turn("a:1", notLeader(null))).toBe(false);
    expect(route.address).toBe("b:2");
    expect(route.turn("b:2", notLeader("b:2"))).toBe(false);
    expect(route.address).toBe("a:1");
  });

  test("turns once for calls that failed together", () => {
    const route = new Route("a:1,b:2,c:3");
    route.turn("a:1", lost);
    expect(route.turn("a:1", notLeader("c:3"))).toBe(false);
    expect(route.address).toBe("b:2");
  });
});

test("a leader is read from a follower's refusal only", () => {
  expect(readLeader(notLeader("a:1"))).toEqual({ leader: "a:1" });
  expect(readLeader(notLeader(null))).toEqual({ leader: null });
  expect(readLeader(badRequest([]))).toBeNull();
  expect(readLeader(lost)).toBeNull();
});
