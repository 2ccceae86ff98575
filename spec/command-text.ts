/** Longest command line that is shown whole. */
const shownLength = 100;

/** A command line as people read it: parts that a shell would take apart stand in quotes, and a long one is cut. */
export function commandText(run: readonly string[]): string {
  const text = run.map((part) => (/^[\w./:=@%+,-]+$/.test(part) ? part : JSON.stringify(part))).join(" ");
  return text.length > shownLength ? `${text.slice(0, shownLength - 1)}…` : text;
}
