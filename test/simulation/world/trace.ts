/** All that happened, as one number; the lines themselves only where somebody wants to read them. */
export class Trace {
  private readonly print: ((line: string) => void) | null;
  private state = 0x811c9dc5;

  constructor(print: ((line: string) => void) | null) {
    this.print = print;
  }

  /** Whether details that do not count for the hash are worth making. */
  get isRead(): boolean {
    return this.print !== null;
  }

  add(atMs: number, who: string, what: string): void {
    this.mix(atMs);
    this.mixText(who);
    this.mixText(what);
    this.tell(atMs, who, what);
  }

  /** A line for its reader only. */
  tell(atMs: number, who: string, what: string): void {
    this.print?.(`${(atMs / 1000).toFixed(3).padStart(9)}  ${who.padEnd(12)} ${what}`);
  }

  /** FNV-1a over everything added. */
  get hash(): string {
    return (this.state >>> 0).toString(16).padStart(8, "0");
  }

  private mixText(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.mix(text.charCodeAt(index));
  }

  private mix(number: number): void {
    this.state = Math.imul(this.state ^ number, 0x01000193);
  }
}
