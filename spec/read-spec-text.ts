import { LineCounter, parseDocument, type YAMLError } from "yaml";
import { SpecError } from "./types.ts";

/** Longest spec or space file, in UTF-8 bytes. */
export const maxSpecBytes = 2 ** 20;

/** At most this many nodes may come out of aliases (YAML's `*name`), which stops files that unfold without end. */
const maxAliasCount = 100;

/**
 * Reads YAML or JSON (which is YAML) into plain data. Throws SpecError with one mistake: the text is too long, not one document, has a
 * syntax error or a key twice (with line:column), unfolds too far, or is nested too deeply.
 */
export function readSpecText(text: string): unknown {
  if (Buffer.byteLength(text) > maxSpecBytes) throw documentError("must be at most 1 MiB long.");
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: true,
      logLevel: "error",
    });
    const error = document.errors[0] ?? document.warnings[0];
    if (error !== undefined) throw documentError(describeSyntaxError(error, lines));
    return document.toJS({ maxAliasCount }) as unknown;
  } catch (error) {
    if (error instanceof SpecError) throw error;
    if (error instanceof RangeError) throw documentError("is nested too deeply.");
    if (error instanceof ReferenceError) throw documentError("unfolds too many aliases (*name); write the values out.");
    throw documentError(`is neither YAML nor JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function documentError(message: string): SpecError {
  return new SpecError([{ path: "", message }]);
}

function describeSyntaxError(error: YAMLError, lines: LineCounter): string {
  const { line, col } = lines.linePos(error.pos[0]);
  const where = `line ${String(line)}, column ${String(col)}`;
  if (error.code === "RESOURCE_EXHAUSTION") return `${where}: is nested too deeply.`;
  if (error.code === "DUPLICATE_KEY") return `${where}: a key is given twice.`;
  if (error.code === "MULTIPLE_DOCS") return `${where}: must be one document; a second one begins here.`;
  return `${where}: ${error.message}`;
}
