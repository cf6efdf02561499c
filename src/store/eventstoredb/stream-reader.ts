import { BACKWARDS, END, FORWARDS, type RecordedEvent, START } from "@eventstore/db-client";
import { isPayloadStream } from "../append-validation.js";
import type { ReadStreamOptions, StoredEvent } from "../event-store.js";
import { RecordedText } from "./event-coding.js";
import type { EventNumbers } from "./event-numbers.js";
import type { LedgerStreams } from "./ledger-streams.js";
import { readPage } from "./read-page.js";
import type { Session } from "./session.js";

/** Events read at once; between two pages the server holds nothing for the reader. */
const pageMax = 500;
const payloadPageMax = 8;

/** Reads streams page by page; a page that fails is read again. */
export class StreamReader {
  constructor(
    private readonly session: Session,
    private readonly streams: LedgerStreams,
    private readonly numbers: EventNumbers,
  ) {}

  async *read(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<StoredEvent> {
    const backwards = options.direction === "backwards";
    const size = isPayloadStream(stream) ? payloadPageMax : pageMax;
    let from = options.from ?? null;
    for (let left = options.limit ?? Infinity; left > 0;) {
      if (from !== null && from < 0) return;
      const page = await this.#page(stream, from, backwards, Math.min(size, left));
      for (const event of page) yield await this.stored(event);
      if (page.length < Math.min(size, left)) return;
      left -= page.length;
      from = Number(page.at(-1)!.revision) + (backwards ? -1 : 1);
    }
  }

  /** The event as the port tells it. */
  async stored(event: RecordedEvent): Promise<StoredEvent> {
    const stream = this.streams.own(event.streamId);
    const number = isPayloadStream(stream) ? null : await this.numbers.at(Number(event.position!.commit));
    return new RecordedText(event, { stream, number });
  }

  async #page(stream: string, from: number | null, backwards: boolean, maxCount: number): Promise<RecordedEvent[]> {
    const fromRevision = from === null ? (backwards ? END : START) : BigInt(from);
    const options = { fromRevision, direction: backwards ? BACKWARDS : FORWARDS, maxCount } as const;
    return await this.session.call(
      `read ${stream}`,
      async ({ client }) => await readPage(client.readStream(this.streams.onServer(stream), options)),
    );
  }
}
