/** A defect of the product, as a change of the text of one built file. */
export interface Defect {
  /** Below dist/. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

const applyMessage = "coordinator/scheduling/apply-message.js";

/** Defects that a simulation must find, by name. */
export const defects: Readonly<Record<string, Defect>> = {
  /** The outcome of any lease that a trial once had ends the lease that it has now. */
  fencing: {
    file: applyMessage,
    find: `const isOpen = row?.state === "leased" && row.leaseToken === key.token;`,
    replace: `const isOpen = row?.state === "leased";`,
  },
  /** A worker hears that its outcome counts before that is durable. */
  earlyAck: {
    file: applyMessage,
    find: `turn.outbox.ack(session, { key, verdict: outcome.type === "malformed" ? "rejected" : "accepted" });`,
    replace: `session.stream.send({ leases: [], acks: [{ key, verdict: "accepted" }], revoked: [] });`,
  },
  /** A repeated request is a new one. */
  requestId: {
    file: "coordinator/scheduling/requests.js",
    find: `if (id === "")\n        return null;`,
    replace: `return null;`,
  },
  /** The weights of a round's own version are dropped as soon as they are there, whatever draws of earlier rounds need. */
  earlyCollect: {
    file: "coordinator/scheduling/shared-weights.js",
    find: `version: Math.min(state.rounds + 1, ...open)`,
    replace: `version: state.rounds + 1`,
  },
  /** What a leader writes that another has replaced is not refused. */
  leaderTerm: {
    file: "coordinator/storage/memory-database.js",
    find: `if (term === this.#terms.term)`,
    replace: `if (term !== 0)`,
  },
};
