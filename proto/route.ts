import { readLeader } from "./leader.ts";

/**
 * Which of several coordinators to speak to.
 *
 *     at one of the list --failed--> at the next of the list
 *     anywhere --refused by a follower that names the leader--> at that leader --failed--> at the next of the list
 *
 * The leader need not be of the list: behind one name, such as that of a Kubernetes Service, there may be several coordinators.
 */
export class Route {
  readonly #list: readonly string[];
  #index = 0;
  #address: string;

  /** @param coordinators HOST:PORT of each, separated by commas; at least one. */
  constructor(coordinators: string) {
    this.#list = coordinators.split(",");
    this.#address = this.#list[0] ?? "";
  }

  /** How many coordinators are on the list. */
  get length(): number {
    return this.#list.length;
  }

  /** HOST:PORT to speak to now. */
  get address(): string {
    return this.#address;
  }

  /**
   * A call at `address` has failed: goes on to where the next one may succeed, unless another call has seen to that already. Returns
   * whether it goes to a leader that the error names, which is worth a try at once.
   */
  turn(address: string, error: unknown): boolean {
    if (address !== this.#address) return false;
    const leader = readLeader(error)?.leader ?? null;
    if (leader !== null && leader !== address) {
      this.#address = leader;
      return true;
    }
    // One round at most: where all are this one, it stays.
    for (let tried = 0; tried < this.#list.length; tried += 1) {
      this.#index = (this.#index + 1) % this.#list.length;
      this.#address = this.#list[this.#index] ?? address;
      if (this.#address !== address) break;
    }
    return false;
  }
}
