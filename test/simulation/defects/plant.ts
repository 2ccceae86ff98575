import { readFileSync } from "node:fs";
import { register } from "node:module";
import type { Defect } from "./defect.ts";
import type { Planted } from "./loader.ts";

/**
 * Has this thread import a built file with a defect in it, from now on; to be called before anything else is imported. Throws where the
 * file is not there, or its text is not what the defect changes: a defect that is not planted would never be found.
 */
export function plant({ file, find, replace }: Defect): void {
  const url = new URL(`../../../${file}`, import.meta.url);
  const text = readFileSync(url, "utf8");
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`the text that the defect changes stands ${found} times in ${file}: ${find}`);
  const data: Planted = { url: url.href, source: text.replace(find, () => replace) };
  register("./loader.js", { parentURL: import.meta.url, data });
}
