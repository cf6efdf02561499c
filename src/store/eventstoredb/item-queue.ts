import { setImmediate as nextTurn } from "node:timers/promises";

/** What a stream of the client has brought and nobody has taken yet; it ends with a failure. */
export class ItemQueue<T> {
  #items: T[] = [];
  #failure: Error | null = null;
  #wake: (() => void) | null = null;

  get length(): number {
    return this.#items.length;
  }

  /** What comes after a failure is not taken any more. */
  push(item: T): void {
    if (this.#failure) return;
    this.#items.push(item);
    this.#wakeUp();
  }

  /** The first failure counts; it is told when all items before it are taken. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wakeUp();
  }

  /**
   * Takes all that is there, at least one.
   * @throws the failure.
   */
  async next(): Promise<readonly T[]> {
    while (this.#items.length === 0) {
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
      // The client brings them one by one; those of one turn of the event loop are taken together.
      await nextTurn();
    }
    const taken = this.#items;
    this.#items = [];
    return taken;
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
