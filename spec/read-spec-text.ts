import { LineCounter, isScalar, parseDocument, visit, type Document, type YAMLError } from "yaml";
import { shown } from "../network/schema.ts";
import { SpecError, type SpecMistake } from "./types.ts";

/** Longest spec or space file, in UTF-8 bytes. */
export const maxSpecBytes = 2 ** 20;

/** At most this many nodes may come out of aliases (YAML's `*name`), which stops files that unfold without end. */
const maxAliasCount = 100;

/** More repeated keys than anyone mends at once. */
const mistakesShown = 100;

/** The text of a spec, a space or a table. Throws SpecError where it is no UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw documentError("is not UTF-8 text.");
  }
}

/**
 * Reads YAML or JSON (which is YAML) into plain data. Throws SpecError with one mistake: the text is too long, not one document, has a
 * syntax error (with line and column), unfolds too far, or is nested too deeply; or with one for each key that is given twice.
 */
export function readSpecText(text: string): unknown {
  if (Buffer.byteLength(text) > maxSpecBytes) throw documentError("must be at most 1 MiB long.");
  const lines = new LineCounter();
  try {
    // The parser's own check for unique keys takes the square of their number: minutes for a megabyte of them.
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
    });
    const error = document.errors[0] ?? document.warnings[0];
    if (error !== undefined) throw documentError(describeSyntaxError(error, lines));
    refuseRepeatedKeys(document, lines);
    return document.toJS({ maxAliasCount }) as unknown;
  } catch (error) {
    if (error instanceof SpecError) throw error;
    if (error instanceof RangeError) throw documentError("is nested too deeply.");
    const reason = error instanceof Error ? error.message : String(error);
    if (reason.startsWith("Excessive alias count")) {
      throw documentError("unfolds too many aliases (*name); write the values out.");
    }
    throw documentError(`is neither YAML nor JSON: ${reason}.`);
  }
}

function documentError(message: string): SpecError {
  return new SpecError([{ path: "", message }]);
}

function refuseRepeatedKeys(document: Document, lines: LineCounter): void {
  const mistakes: SpecMistake[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        // As in the plain data that it becomes, where 1 and "1" are the same key.
        const name = String(key.value);
        if (keys.has(name) && mistakes.length < mistakesShown) {
          const place = describePlace(key.range?.[0] ?? 0, lines);
          mistakes.push({ path: "", message: `${place}: the key ${shown(name)} is given twice.` });
        }
        keys.add(name);
      }
    },
  });
  if (mistakes.length > 0) throw new SpecError(mistakes);
}

function describePlace(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  return `line ${String(line)}, column ${String(col)}`;
}

function describeSyntaxError(error: YAMLError, lines: LineCounter): string {
  const where = describePlace(error.pos[0], lines);
  if (error.code === "RESOURCE_EXHAUSTION") return `${where}: is nested too deeply.`;
  if (error.code === "MULTIPLE_DOCS") return `${where}: must be one document; a second one begins here.`;
  return `${where}: ${error.message}`;
}
