/**
 * Where the numbers of a slice, the first so many places of each dimension, lie in their whole tensor, both row-major: runs of equal
 * length, whose places ascend in slice and tensor alike. So a range of the tensor holds one range of the slice.
 */
export class SliceRuns {
  /** Of each run, in numbers. */
  readonly #length: number;
  /** Sides of the slice in the dimensions before those of a run, and how far a step in each goes in the tensor. */
  readonly #sides: readonly number[];
  readonly #steps: readonly number[];
  readonly #count: number;

  /** Both shapes have as many dimensions, and the slice is no larger in any. */
  constructor(whole: readonly number[], slice: readonly number[]) {
    const steps = whole.map((_, dimension) => whole.slice(dimension + 1).reduce((product, side) => product * side, 1));
    // The last dimension in which the slice is not whole: all behind it follow one another.
    const cut = slice.findLastIndex((side, dimension) => side < (whole[dimension] ?? 0));
    const split = Math.max(cut, 0);
    this.#length = slice.slice(split).reduce((product, side) => product * side, 1);
    this.#sides = slice.slice(0, split);
    this.#steps = steps.slice(0, split);
    this.#count = this.#sides.reduce((product, side) => product * side, 1);
  }

  /** Which of the slice's numbers lie in a range of the tensor's places: from the first of them up to, without, the second. */
  within(from: number, to: number): readonly [from: number, to: number] {
    return [this.#before(from), this.#before(to)];
  }

  /** Hands over every run within a range of the tensor's places: where it begins in the tensor and in the slice, and how long it is. */
  visit(from: number, to: number, take: (place: number, index: number, length: number) => void): void {
    const [first, last] = this.within(from, to);
    for (let index = first; index < last;) {
      const run = Math.floor(index / this.#length);
      const inRun = index - run * this.#length;
      const length = Math.min(this.#length - inRun, last - index);
      take(this.#start(run) + inRun, index, length);
      index += length;
    }
  }

  /** How many numbers of the slice lie before a place of the tensor. */
  #before(place: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#start(middle) < place) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    return (low - 1) * this.#length + Math.min(this.#length, place - this.#start(low - 1));
  }

  #start(run: number): number {
    let [rest, place] = [run, 0];
    for (let dimension = this.#sides.length - 1; dimension >= 0; dimension -= 1) {
      const side = this.#sides[dimension] ?? 1;
      place += (rest % side) * (this.#steps[dimension] ?? 0);
      rest = Math.floor(rest / side);
    }
    return place;
  }
}
