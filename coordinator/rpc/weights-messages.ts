import { precisionNames, type Precision } from "../../network/evaluation.ts";
import { invalidField } from "../scheduling/errors.ts";

/** Throws EngineError `invalid` that names `field` where none is given. */
export function decodePrecision(name: string, field: string): Precision {
  if (name === precisionNames.float32) return "float32";
  if (name === precisionNames.float16) return "float16";
  throw invalidField(field, `must be ${Object.values(precisionNames).join(" or ")}.`);
}
