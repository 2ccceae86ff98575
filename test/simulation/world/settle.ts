/**
 * Resolves once nothing is left to do at this moment. A turn of the event loop runs every microtask, however many follow from each
 * other; whatever waits for a later turn by itself (the engine's own setImmediate) is seen as an active resource, and waited for.
 * Nothing in a simulation waits for real time or I/O: stores, networks and timers are events of the world.
 */
export async function settle(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (process.getActiveResourcesInfo().includes("Immediate"));
}
