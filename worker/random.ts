// What a network's weights begin as is the same whoever makes them.
export { normalNumbers, randomStream, type Random } from "../network/random.ts";
