import pg from "pg";

import { sqlState } from "./errors.ts";
import type { PostgresSettings } from "./settings.ts";
import { encodeValues } from "./value-codec.ts";

/** One statement on its way to the server. */
export interface Step {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What the server answered to a step: how many rows it gave or changed, or why not. */
export type StepAnswer = { readonly rows: number } | { readonly error: Error };

/** Steps that were sent and are not all answered. */
interface Run {
  readonly count: number;
  readonly answers: StepAnswer[];
  readonly resolve: (answers: readonly StepAnswer[]) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** After this long without an answer a run is given up, ms: a server that is cut off says nothing. */
const runTimeoutMs = 30_000;

/** A transaction whose client stops in its middle must not keep the next leader waiting; ms. */
const idleTimeoutMs = 5_000;

/**
 * One connection that sends many statements before it waits for the first answer.
 * connect() -> open -> broken or close() -> closed
 */
export class Pipeline {
  readonly #client: pg.Client;
  /** A name for each text, by which the server knows its plan. */
  readonly #names = new Map<string, string>();
  #run: Run | null = null;
  #isOpen = true;

  private constructor(client: pg.Client) {
    this.#client = client;
    client.on("error", (error) => this.#break(error));
    client.on("end", () => this.#break(new Error("the connection was closed")));
  }

  /** Rejects with what the network or the server refused. */
  static async connect(settings: PostgresSettings): Promise<Pipeline> {
    const client = new pg.Client({
      ...settings.connection,
      pipeline: true,
      idle_in_transaction_session_timeout: idleTimeoutMs,
    });
    // What fails before there is who listens, connect tells.
    client.on("error", () => undefined);
    await client.connect();
    const pipeline = new Pipeline(client);
    // A commit is durable when it is answered, whatever the server's default.
    const durable =
      "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";
    const [answer] = await pipeline.run([{ sql: durable, parameters: [] }]);
    if (answer === undefined || "rows" in answer) return pipeline;
    await pipeline.close();
    throw answer.error;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Of the server's process behind the connection. */
  get processId(): number {
    return (this.#client as unknown as { readonly processID: number }).processID;
  }

  /**
   * Sends all steps at once and resolves with their answers, in order. Each step stands alone: where one fails, what
   * becomes of the next is the transaction's matter. Rejects when the connection breaks before the last answer.
   * The caller waits for the answers before the next run.
   */
  run(steps: readonly Step[]): Promise<readonly StepAnswer[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#break(new Error(`no answer for ${runTimeoutMs / 1000} seconds`));
      }, runTimeoutMs);
      this.#run = { count: steps.length, answers: [], resolve, reject, timer };
      if (!this.#isOpen) this.#fail(new Error("the connection is closed"));
      const { stream } = this.#client.connection;
      stream.cork(); // one write for all
      for (const { sql, parameters } of steps) {
        const query = { name: this.#nameOf(sql), text: sql, values: encodeValues(parameters) };
        this.#client.query(query, (error: Error | null, result: pg.QueryResult | undefined) => {
          this.#answer(error === null ? { rows: result?.rowCount ?? 0 } : { error });
        });
      }
      stream.uncork();
    });
  }

  /** Ends the connection. Idempotent. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#client.end();
  }

  #answer(answer: StepAnswer): void {
    if ("error" in answer && isFatal(answer.error)) this.#break(answer.error);
    if (this.#run === null) return; // it failed already
    const { count, answers, timer, resolve } = this.#run;
    answers.push(answer);
    if (answers.length < count) return;
    clearTimeout(timer);
    this.#run = null;
    resolve(answers);
  }

  #nameOf(sql: string): string {
    const name = this.#names.get(sql) ?? `s${this.#names.size}`;
    this.#names.set(sql, name);
    return name;
  }

  #break(error: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#client.connection.stream.destroy();
    this.#fail(error);
  }

  #fail(error: Error): void {
    clearTimeout(this.#run?.timer);
    this.#run?.reject(error);
    this.#run = null;
  }
}

/** Whether the server ends the connection with it: shut down, ended by an administrator, idle for too long. */
function isFatal(error: Error): boolean {
  const state = sqlState(error) ?? "";
  return state.startsWith("57P") || state === "25P03";
}
