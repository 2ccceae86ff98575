/** `node backend-selection.js PREFERENCE`: prints the backend that is selected, or why none is, as a line of JSON. */
import { selectBackend, type BackendPreference } from "../../worker/backend/select-backend.ts";

const log: string[] = [];
const outcome = await selectBackend(process.argv[2] as BackendPreference, (message) => log.push(message)).then(
  ({ name, device }) => ({ name, device }),
  (error: unknown) => ({ failure: (error as Error).message }),
);
process.stdout.write(`${JSON.stringify({ ...outcome, log })}\n`);
