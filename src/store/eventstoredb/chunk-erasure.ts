import { binaryEvent } from "@eventstore/db-client";
import { randomUUID } from "node:crypto";
import { assertPayloadStream } from "../append-validation.js";
import type { LedgerStreams } from "./ledger-streams.js";
import type { Session } from "./session.js";
import type { StreamReader } from "./stream-reader.js";

/** Stands at the end of a stream that was erased whole: the server never scavenges a stream's last event. */
const placeholderType = "EndOfStream";

/** Streams whose bounds are remembered. */
const boundsMax = 10_000;

/** What the metadata of a chunk stream says: `$tb`, and in a stream erased whole the last revision that held chunks. */
interface Bounds {
  readonly truncateBefore: number;
  readonly lastRevision: number | null;
}

/**
 * Erases chunks by the stream's metadata (`$tb`): reads show them no more at once, their bytes go with the server's next
 * scavenge. A stream erased whole gets an empty last event first, since the last one stays for ever. It is not deleted:
 * a deleted stream would take an append that expects none.
 */
export class ChunkErasure {
  readonly #bounds = new Map<string, Bounds>();

  constructor(
    private readonly session: Session,
    private readonly streams: LedgerStreams,
    private readonly reader: StreamReader,
  ) {}

  async truncateBefore(stream: string, revision: number): Promise<void> {
    assertPayloadStream(stream);
    for await (const { revision: last, type } of this.reader.read(stream, { direction: "backwards", limit: 1 }))
      if (type === placeholderType) await this.#store(stream, { truncateBefore: last + 1, lastRevision: last - 1 });
      else if (revision <= last) await this.#store(stream, { truncateBefore: revision, lastRevision: null });
      else {
        await this.#placeholder(stream, last);
        await this.#store(stream, { truncateBefore: last + 2, lastRevision: last });
      }
  }

  /** The stream's last revision as the port tells it, which knows of no placeholder. */
  async lastRevision(stream: string, actual: number): Promise<number> {
    this.#bounds.delete(stream);
    return (await this.#read(stream)).lastRevision ?? actual;
  }

  /** Whether `$all`, which shows what is not scavenged yet, may show this chunk. */
  async isShown(stream: string, revision: number): Promise<boolean> {
    return revision >= (await this.#read(stream)).truncateBefore;
  }

  /** Bounds of before may be too old for a read that begins now. */
  forget(): void {
    this.#bounds.clear();
  }

  async #read(stream: string): Promise<Bounds> {
    const known = this.#bounds.get(stream);
    if (known) return known;
    const { metadata = {} } = await this.session.call(
      `read the metadata of ${stream}`,
      async ({ client }) => await client.getStreamMetadata(this.streams.onServer(stream)),
    );
    const { lastRevision } = metadata;
    const bounds = {
      truncateBefore: Number(metadata.truncateBefore ?? 0),
      lastRevision: typeof lastRevision === "number" ? lastRevision : null,
    };
    if (this.#bounds.size >= boundsMax) this.#bounds.clear();
    this.#bounds.set(stream, bounds);
    return bounds;
  }

  /** Other metadata of the stream stays, and what is hidden stays hidden. */
  async #store(stream: string, bounds: Bounds): Promise<void> {
    const name = this.streams.onServer(stream);
    await this.session.call(
      `erase ${stream}`,
      async ({ client }) => {
        const { metadata } = await client.getStreamMetadata(name);
        const truncateBefore = Math.max(bounds.truncateBefore, Number(metadata?.truncateBefore ?? 0));
        const own = bounds.lastRevision === null ? {} : { lastRevision: bounds.lastRevision };
        await client.setStreamMetadata(name, { ...metadata, truncateBefore, ...own }, { requiresLeader: true });
      },
      true,
    );
    this.#bounds.delete(stream);
  }

  async #placeholder(stream: string, last: number): Promise<void> {
    const event = binaryEvent({ id: randomUUID(), type: placeholderType, data: new Uint8Array() });
    await this.session.call(
      `erase ${stream}`,
      async ({ client }) =>
        await client.appendToStream(this.streams.onServer(stream), event, {
          expectedRevision: BigInt(last),
          requiresLeader: true,
        }),
      true,
    );
  }
}
