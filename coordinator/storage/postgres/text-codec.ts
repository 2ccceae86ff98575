/**
 * PostgreSQL's text holds every character but U+0000, which texts of users and programs may hold (an error's detail, a
 * worker's id). So it stands there as U+0001 "0", and U+0001 itself as U+0001 "1". Texts without both, all that are
 * usual, are as they are: equal texts stay equal, and other programs may read the columns.
 */
export function encodeText(text: string): string {
  if (!text.includes("\u0000") && !text.includes("\u0001")) return text;
  return text.replaceAll("\u0001", "\u00011").replaceAll("\u0000", "\u00010");
}

/** Gives back what `encodeText` took. */
export function decodeText(text: string): string {
  if (!text.includes("\u0001")) return text;
  return text.replaceAll("\u00010", "\u0000").replaceAll("\u00011", "\u0001");
}
