/** Markup that is safe to place in a document: everything that came from outside has been escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = string | number | Html | null | readonly HtmlValue[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for element content and for quoted attributes. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

function toMarkup(value: HtmlValue): string {
  if (value === null) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(toMarkup).join("");
  return escapeText(String(value));
}

/**
 * Template tag for markup: interpolated strings are escaped, `Html` is placed as it is, arrays are joined, null is nothing.
 * Line breaks of the template itself lose their indentation.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const lines = parts.map((part) => part.replace(/\s*\n\s*/g, "\n"));
  return new Html(lines.reduce((text, part, i) => text + toMarkup(values[i - 1] ?? null) + part));
}

/** `html` for the inside of a drawing, where white space between elements means nothing. */
export const svg = html;

/** Declares a string of our own (a style sheet, a script, path data) to be markup. Never call it on text from a spec or a table. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** A value as JSON that may stand inside a script element: no `<` is left that could close it. */
export function scriptJson(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
}
