import { StringDecoder } from "node:string_decoder";

/** A line that something printed, without its end. */
export interface PrintedLine {
  readonly text: string;
  /** It was longer: what is beyond the limit is dropped. */
  readonly isCut: boolean;
}

/**
 * Takes output apart into lines, which end with LF, CR or both (progress bars return without a new line). It holds no more than one line
 * of at most `maxLength` characters, however much comes. Empty lines are left out.
 */
export class LineReader {
  readonly #maxLength: number;
  readonly #onLine: (line: PrintedLine) => void;
  readonly #decoder = new StringDecoder("utf8");
  #text = "";
  #isCut = false;

  constructor(maxLength: number, onLine: (line: PrintedLine) => void) {
    this.#maxLength = maxLength;
    this.#onLine = onLine;
  }

  /** The next bytes, wherever they are cut. */
  push(bytes: Buffer): void {
    const [first = "", ...more] = this.#decoder.write(bytes).split(/[\r\n]/);
    this.#append(first);
    for (const part of more) {
      this.#finish();
      this.#append(part);
    }
  }

  /** The output is over: what came after the last line's end is a line, too. */
  end(): void {
    this.#append(this.#decoder.end());
    this.#finish();
  }

  #append(part: string): void {
    const room = this.#maxLength - this.#text.length;
    this.#isCut ||= part.length > room;
    this.#text += part.slice(0, room);
  }

  #finish(): void {
    const line = { text: this.#text.trimEnd(), isCut: this.#isCut };
    this.#text = "";
    this.#isCut = false;
    if (line.text !== "") this.#onLine(line);
  }
}
