/** An installation that cannot be made, for people: a line each for what is wrong and what to do. */
export class InstallError extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "InstallError";
    this.lines = lines;
  }
}
