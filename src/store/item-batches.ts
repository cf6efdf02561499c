import { setImmediate as nextTurn } from "node:timers/promises";
import { Doorbell } from "./doorbell.js";

type Arrival<T> =
  | { readonly kind: "item"; readonly item: T }
  | { readonly kind: "end" }
  | { readonly kind: "failure"; readonly cause: unknown };

/** The items of an iterator in batches of what is at hand; one that comes late is in a later batch. */
export class ItemBatches<T> {
  readonly #bell = new Doorbell();
  #asking = false;
  #arrived: Arrival<T> | null = null;

  constructor(
    private readonly items: AsyncIterator<T>,
    private readonly itemsMax: number,
  ) {}

  /**
   * Waits for an item, `ms` at most, and takes what is there at once behind it; null when the items have ended.
   * @throws what the iterator throws.
   */
  async take(ms: number): Promise<T[] | null> {
    const batch: T[] = [];
    while (batch.length < this.itemsMax) {
      void this.#ask();
      if (!this.#arrived) await (batch.length === 0 ? this.#bell.wait(ms) : nextTurn());
      const arrived = this.#arrived;
      if (arrived?.kind !== "item") {
        if (batch.length > 0 || !arrived) break;
        if (arrived.kind === "end") return null;
        throw arrived.cause;
      }
      this.#arrived = null;
      batch.push(arrived.item);
    }
    return batch;
  }

  /** Asks for one item at a time, however often it is waited for. */
  async #ask(): Promise<void> {
    if (this.#asking || this.#arrived) return;
    this.#asking = true;
    try {
      const next = await this.items.next();
      this.#arrived = next.done ? { kind: "end" } : { kind: "item", item: next.value };
    } catch (cause) {
      this.#arrived = { kind: "failure", cause };
    }
    this.#asking = false;
    this.#bell.ring();
  }
}
