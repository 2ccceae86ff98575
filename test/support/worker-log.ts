/** What happened, in order, and promises of what will. */
export class Log<Item> {
  readonly items: Item[] = [];
  readonly #waiting = new Set<() => void>();

  push(item: Item): void {
    this.items.push(item);
    for (const check of this.#waiting) check();
  }

  /** The first item that meets the condition, as soon as there is one. */
  find(condition: (item: Item) => boolean): Promise<Item> {
    return new Promise((resolve) => {
      let looked = 0;
      const check = (): void => {
        while (looked < this.items.length) {
          const item = this.items[looked] as Item;
          looked += 1;
          if (!condition(item)) continue;
          this.#waiting.delete(check);
          resolve(item);
          return;
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** The item at an index, as soon as it is there. */
  async at(index: number): Promise<Item> {
    await this.until((items) => items.length > index);
    return this.items[index] as Item;
  }

  /** Resolves once a condition on all items holds. */
  until(condition: (items: readonly Item[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition(this.items)) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}
