import { once } from "node:events";
import type { ClientWritableStream, requestCallback } from "@grpc/grpc-js";

const chunkBytes = 2 ** 20;

/** What an upload is made of: a header, then bytes in pieces. */
type Piece<Header> = { readonly header: Header } | { readonly chunk: Uint8Array };

/**
 * Sends a header and bytes, and resolves with the answer, which may come before all is sent. Pieces are read from `bytes` only as fast as the
 * network takes them. Rejects with the call's error, or when the signal is aborted.
 */
export async function upload<Header, Answer>(
  open: (answered: requestCallback<Answer>) => ClientWritableStream<Piece<Header>>,
  header: Header,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted();
  const over = new AbortController();
  let call: ClientWritableStream<Piece<Header>> | undefined;
  const answered = new Promise<Answer>((resolve, reject) => {
    call = open((error, response) => {
      over.abort();
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error("the coordinator sent an empty answer"));
      else resolve(response);
    });
  });
  const cancel = (): void => call?.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    if (call !== undefined) {
      call.write({ header });
      await writeAll(call, bytes, over.signal);
    }
    return await answered;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Writes until all is written, or the call is over, whose answer then says why. */
async function writeAll(
  call: ClientWritableStream<{ readonly chunk: Uint8Array }>,
  bytes: Uint8Array,
  over: AbortSignal,
): Promise<void> {
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    if (over.aborted) return;
    const isTaken = call.write({ chunk: bytes.subarray(start, start + chunkBytes) });
    if (!isTaken) await once(call, "drain", { signal: over }).catch(() => undefined);
  }
  call.end();
}
