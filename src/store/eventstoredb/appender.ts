import { ErrorType, NO_STREAM, STREAM_EXISTS, ANY, WrongExpectedVersionError } from "@eventstore/db-client";
import { decideAppend } from "../append-decision.js";
import { isPayloadStream, refuseInvalid } from "../append-validation.js";
import { type AppendRequest, type AppendResult, StoreError, type StoredEvent } from "../event-store.js";
import { NoAnswerError } from "./call-limits.js";
import type { ChunkErasure } from "./chunk-erasure.js";
import { toEventData } from "./event-coding.js";
import type { EventNumbers } from "./event-numbers.js";
import { isType } from "./eventstoredb-errors.js";
import { type EventPlace, KnownIds } from "./known-ids.js";
import type { LedgerStreams } from "./ledger-streams.js";
import type { Session } from "./session.js";
import type { StreamReader } from "./stream-reader.js";

/** Appends that wait for the server at one time. */
const appendsMax = 10_000;

/** The most metadata of one append, in bytes: the server counts data alone, and a message above 17 MB is lost whole. */
const metadataBytesMax = 4 * 1_048_576;

type Answer =
  | { readonly kind: "written"; readonly revision: number; readonly position: number | null }
  | { readonly kind: "wrong-revision"; readonly actual: number | null };

/** Appends as the port promises them, over a server that compares ids alone and a client that loses answers. */
export class Appender {
  readonly #ids = new KnownIds();
  #waiting = 0;
  /** The last position that an answer named: payload is not counted, and so not seen, by the event numbers. */
  #answered = -1;

  constructor(
    private readonly session: Session,
    private readonly streams: LedgerStreams,
    private readonly numbers: EventNumbers,
    private readonly reader: StreamReader,
    private readonly erasure: ChunkErasure,
  ) {}

  /** An event that was seen in the log. */
  saw(id: string, place: EventPlace): void {
    this.#ids.add(id, place);
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const refused = refuseInvalid(request) ?? refuseLarge(request);
    if (refused) return refused;
    if (this.#waiting >= appendsMax)
      throw new StoreError("store-busy", `${appendsMax} appends wait already`, "Append less at one time.");
    this.#waiting++;
    try {
      await this.numbers.begin();
      return (await this.#fromKnown(request)) ?? (await this.#write(request));
    } finally {
      this.#waiting--;
    }
  }

  async #write(request: AppendRequest): Promise<AppendResult> {
    const seen = Math.max(this.#answered, this.numbers.horizon);
    const answer = await this.#send(request);
    if (answer.kind === "wrong-revision") return await this.#refuse(request, answer.actual);
    const { revision, position } = answer;
    const first = revision - request.events.length + 1;
    // Written before this append began: the server has found the ids, and has not looked at the content.
    if (position === null || position <= seen) {
      const known = await this.#read(request, first);
      const decided = decideAppend(request, { last: revision, known });
      return decided ?? { ok: false, code: "wrong-revision", expected: request.expected, actual: revision };
    }
    this.#answered = Math.max(this.#answered, position);
    for (const [index, { id }] of request.events.entries())
      this.#ids.add(id, { stream: request.stream, revision: first + index });
    return { ok: true, revision, position: String(position), number: null, repeated: false };
  }

  /** Every try with the same ids and the same expectation: one that was written unseen is found again. */
  async #send({ stream, expected, events }: AppendRequest): Promise<Answer> {
    const data = events.map(toEventData);
    const expectedRevision =
      expected === "any"
        ? ANY
        : expected === "no_stream"
          ? NO_STREAM
          : expected === "stream_exists"
            ? STREAM_EXISTS
            : BigInt(expected);
    const name = this.streams.onServer(stream);
    try {
      const { nextExpectedRevision, position } = await this.session.call(
        `append to ${stream}`,
        async ({ client }) => {
          const answer = client.appendToStream(name, data, { expectedRevision, requiresLeader: true });
          return await answer.catch((error: unknown) => this.#disbelieve(error, stream));
        },
        true,
      );
      return {
        kind: "written",
        revision: Number(nextExpectedRevision),
        position: position === undefined ? null : Number(position.commit),
      };
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) {
        const actual = actualRevision(error);
        return { kind: "wrong-revision", actual: actual < 0 ? null : actual };
      }
      if (isType(error, ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED))
        throw new StoreError(
          "store-unavailable",
          `the server takes less than a mebibyte an append: ${(error as Error).message}`,
          "Set its MaxAppendSize to 1048576 bytes or more.",
          { cause: error },
        );
      throw error;
    }
  }

  /**
   * A leader that stood still, or was cut off, does not know at once that others have elected another: it refuses by
   * what it knows of before. Then the cluster is asked again who leads.
   */
  #disbelieve(error: unknown, stream: string): never {
    if (error instanceof WrongExpectedVersionError && actualRevision(error) < this.#ids.lastOf(stream))
      throw new NoAnswerError("the node that answered has not what was written before");
    throw error;
  }

  /** A known event together with a new one is a conflict of ids, which the server tells as a wrong revision. */
  async #refuse(request: AppendRequest, actual: number | null): Promise<AppendResult> {
    const { stream, expected } = request;
    const first = expected === "no_stream" ? 0 : typeof expected === "number" ? expected + 1 : null;
    if (actual !== null && first !== null && first <= actual) {
      const known = await this.#read(request, first);
      const decided = known.some((event) => event !== undefined) && decideAppend(request, { last: actual, known });
      if (decided) return decided;
    }
    const own = actual === null || !isPayloadStream(stream) ? actual : await this.erasure.lastRevision(stream, actual);
    return { ok: false, code: "wrong-revision", expected, actual: own };
  }

  /** The answer to an append whose ids were seen before; null if none was, or if they were erased meanwhile. */
  async #fromKnown(request: AppendRequest): Promise<AppendResult | null> {
    const places = this.#ids.of(request.events);
    if (places.every((place) => place === undefined)) return null;
    const known: (StoredEvent | undefined)[] = [];
    for (const [index, place] of places.entries()) {
      known.push(undefined);
      if (!place) continue;
      for await (const event of this.reader.read(place.stream, { from: place.revision, limit: 1 }))
        if (event.id === request.events[index]!.id) known[index] = event;
    }
    return known.some((event) => event !== undefined) ? decideAppend(request, { last: null, known }) : null;
  }

  /** The events that lie in the stream where these would: those with the same ids. */
  async #read({ stream, events }: AppendRequest, first: number): Promise<(StoredEvent | undefined)[]> {
    const there = new Map<string, StoredEvent>();
    for await (const event of this.reader.read(stream, { from: Math.max(0, first), limit: events.length }))
      there.set(event.id, event);
    return events.map(({ id }) => there.get(id));
  }
}

/** -1 where there is no stream. */
function actualRevision({ actualVersion }: WrongExpectedVersionError): number {
  return typeof actualVersion === "bigint" ? Number(actualVersion) : -1;
}

function refuseLarge({ events }: AppendRequest): AppendResult | null {
  const bytes = events.reduce((sum, { metadata }) => sum + Buffer.byteLength(metadata), 0);
  return bytes > metadataBytesMax ? { ok: false, code: "too-large", bytes, bytesMax: metadataBytesMax } : null;
}
