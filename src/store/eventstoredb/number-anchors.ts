import { createHash } from "node:crypto";
import { type AppendExpectedRevision, binaryEvent, NO_STREAM, WrongExpectedVersionError } from "@eventstore/db-client";
import type { LedgerStreams } from "./ledger-streams.js";
import { readPage } from "./read-page.js";
import type { Session } from "./session.js";

/** Events between two anchors. */
export const anchorSpacing = 1024;

const anchorType = "NumberAnchor";

/** Anchors stored in one append. */
const appendMax = 500;

/**
 * The positions of the events with the numbers 1024, 2048, … in a stream beside the ledger's: event k of it holds that
 * of number (k + 1) x 1024 as decimal digits. They follow from the log alone, so whichever reader comes first stores
 * one, at exactly its revision; a store that may not write goes without.
 */
export class NumberAnchors {
  /** Index k: position of event number k x 1024; the first stands before the log. Eight bytes for 1024 events. */
  readonly positions: number[] = [-1];
  #stored = 0;
  #storing: Promise<void> | null = null;

  constructor(
    private readonly session: Session,
    private readonly streams: LedgerStreams,
  ) {}

  async load(): Promise<void> {
    const fromRevision = BigInt(this.#stored);
    const found = await this.session.call(
      "read the event numbers",
      async ({ client }) => await readPage(client.readStream(this.streams.numbers, { fromRevision })),
    );
    for (const { type, data } of found) {
      const position = type === anchorType && data instanceof Uint8Array ? Number(Buffer.from(data).toString()) : NaN;
      // What somebody else has put there ends the anchors; the events behind are counted.
      if (!(position > this.positions[this.#stored]!)) return;
      this.positions[++this.#stored] = position;
    }
  }

  /** The next anchor was met; it is stored in the background. */
  add(position: number): void {
    this.positions.push(position);
    this.#storing ??= this.#store()
      .catch(() => undefined)
      .finally(() => (this.#storing = null));
  }

  /** Resolves when nothing is being stored. */
  async settled(): Promise<void> {
    await this.#storing;
  }

  async #store(): Promise<void> {
    while (this.#stored < this.positions.length - 1) {
      const first = this.#stored;
      const next = this.positions.slice(first + 1, first + 1 + appendMax);
      const events = next.map((position, index) =>
        binaryEvent({ id: this.#id(first + index), type: anchorType, data: Buffer.from(String(position)) }),
      );
      const expectedRevision: AppendExpectedRevision = first === 0 ? NO_STREAM : BigInt(first - 1);
      const append = { expectedRevision, requiresLeader: true };
      try {
        await this.session.call(
          "store the event numbers",
          async ({ client }) => await client.appendToStream(this.streams.numbers, events, append),
          true,
        );
        this.#stored += next.length;
      } catch (error) {
        if (!(error instanceof WrongExpectedVersionError) || typeof error.actualVersion !== "bigint") throw error;
        this.#stored = Number(error.actualVersion) + 1;
      }
    }
  }

  /** Always the same for one anchor, so that storing it again stores nothing. */
  #id(index: number): string {
    const hex = createHash("sha256").update(`${this.streams.numbers} ${index}`).digest("hex");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
  }
}
