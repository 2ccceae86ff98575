import { EngineError } from "../scheduling/errors.ts";

/** What is on its way in one direction may hold so much memory altogether. */
export class Room {
  private readonly limitBytes: number;
  private readonly reason: string;
  private readonly message: string;
  private heldBytes = 0;

  /** `reason` and `message` are those of the refusal. */
  constructor(limitBytes: number, reason: string, message: string) {
    this.limitBytes = limitBytes;
    this.reason = reason;
    this.message = message;
  }

  /** Holds so much until what it returns is called, once. Throws EngineError `resourceExhausted` where that is not left. */
  take(bytes: number): () => void {
    if (this.heldBytes + bytes > this.limitBytes) {
      throw new EngineError("resourceExhausted", this.reason, this.message);
    }
    this.heldBytes += bytes;
    return () => (this.heldBytes -= bytes);
  }
}
