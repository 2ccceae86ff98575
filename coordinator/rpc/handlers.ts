import type {
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerErrorResponse,
  ServerReadableStream,
  ServerWritableStream,
} from "@grpc/grpc-js";
import type { Logger } from "pino";
import { untilIdle, untilTaken } from "./idle.ts";
import { toStatus } from "./status.ts";

/** Who brings or takes nothing for so long is taken for gone. */
const idleMs = 60_000;

/** Turns async functions into gRPC handlers: whatever they throw becomes the call's status, and nothing else happens. */
export class Handlers {
  private readonly logger: Logger;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  unary<Request, Response>(
    answer: (request: Request) => Promise<Response> | Response,
  ): handleUnaryCall<Request, Response> {
    return (call, callback) => {
      void settle(async () => await answer(call.request)).then((result) => {
        if (result.type === "value") callback(null, result.value);
        else callback(this.toStatus(result.error));
      });
    };
  }

  /** The requests as they come; answered once. */
  clientStream<Request, Response>(
    answer: (requests: AsyncIterable<Request>) => Promise<Response>,
  ): handleClientStreamingCall<Request, Response> {
    return (call: ServerReadableStream<Request, Response>, callback) => {
      void settle(async () => await answer(untilIdle(call as AsyncIterable<Request>, idleMs))).then((result) => {
        // Nobody is left to be told.
        if (call.cancelled) return;
        if (result.type === "value") callback(null, result.value);
        else callback(this.toStatus(result.error));
      });
    };
  }

  /** The signal aborts when the caller has gone. Answers are asked for only as fast as the caller takes them. */
  serverStream<Request, Response>(
    answer: (request: Request, signal: AbortSignal) => AsyncIterable<Response>,
  ): handleServerStreamingCall<Request, Response> {
    return (call) => {
      const gone = new AbortController();
      call.on("cancelled", () => gone.abort());
      call.on("close", () => gone.abort());
      void settle(async () => {
        for await (const response of answer(call.request, gone.signal)) {
          await untilTaken(write(call, response, gone.signal), idleMs);
          if (gone.signal.aborted) return;
        }
      }).then((result) => {
        if (gone.signal.aborted) return;
        if (result.type === "value") call.end();
        else call.emit("error", this.toStatus(result.error));
      });
    };
  }

  private toStatus(error: unknown): ServerErrorResponse {
    return toStatus(error, this.logger);
  }
}

/** Resolves when the response has gone out, or the caller has gone: grpc-js by itself would keep 16 of them, which may be long. */
async function write<Request, Response>(
  call: ServerWritableStream<Request, Response>,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    signal.addEventListener("abort", done, { once: true });
    call.write(response, done);
  });
}

type Settled<T> = { readonly type: "value"; readonly value: T } | { readonly type: "error"; readonly error: unknown };

/** Runs to the end, either way: what is called with the result is then not run twice where it throws itself. */
async function settle<T>(run: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { type: "value", value: await run() };
  } catch (error) {
    return { type: "error", error };
  }
}
