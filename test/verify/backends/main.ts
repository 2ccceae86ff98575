/**
 * `npm run verify:backends`: whether every backend present trains alike (`checkLosses`), and whether a worker that has trained a thousand
 * networks on it is as it was (`checkTrials`). Ends with code 1 where one does not, or is not.
 */
import { checkLosses } from "./losses.ts";
import { checkTrials } from "./trials.ts";

const passed = [await checkLosses(), await checkTrials()];
if (passed.includes(false)) process.exitCode = 1;
