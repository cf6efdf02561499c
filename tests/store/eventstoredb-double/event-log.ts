import { commitDecision } from "./commit-decision.js";

/** An event as the server's log keeps it. */
export interface Recorded {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  readonly stream: string;
  readonly revision: number;
  /** Its place in the log: grows by more than one, as offsets in bytes do. */
  readonly position: number;
}

export type Proposed = Pick<Recorded, "id" | "type" | "contentType" | "data" | "metadata">;

export type Expected = "any" | "no_stream" | "stream_exists" | number;

export type Written =
  | { readonly kind: "written"; readonly revision: number; readonly position: number | null }
  | { readonly kind: "wrong-version"; readonly current: number }
  | { readonly kind: "deleted" };

/** `$tb` of a stream that was deleted softly: the largest revision there is. */
export const softDeleted = 2 ** 53;

/** The server's log: streams with metadata, `$all`, and those who wait for what is written next. */
export class EventLog {
  readonly all: Recorded[] = [];
  readonly streams = new Map<string, Recorded[]>();
  readonly waiting = new Set<() => void>();
  #end = 0;

  append(stream: string, expected: Expected, events: readonly Proposed[]): Written {
    const decided = commitDecision(this, stream, expected, events);
    if (decided) return decided;
    const own = this.streams.get(stream) ?? [];
    this.streams.set(stream, own);
    for (const event of events) {
      const recorded = { ...event, stream, revision: own.length, position: (this.#end += 100 + event.data.length) };
      own.push(recorded);
      this.all.push(recorded);
    }
    for (const wake of [...this.waiting]) wake();
    const last = own.at(-1)!;
    return { kind: "written", revision: last.revision, position: last.position };
  }

  /** First revision that reads show. */
  truncatedBefore(stream: string): number {
    const last = this.streams.get(`$$${stream}`)?.at(-1);
    const metadata = last && (JSON.parse(Buffer.from(last.data).toString()) as { $tb?: number });
    return metadata?.$tb ?? 0;
  }

  isSoftDeleted(stream: string): boolean {
    return this.truncatedBefore(stream) >= softDeleted;
  }

  /** What a reader of the stream sees; null where the server answers "not found". */
  visible(stream: string): Recorded[] | null {
    const events = this.streams.get(stream);
    if (!events || this.isSoftDeleted(stream)) return null;
    const from = this.truncatedBefore(stream);
    return events.filter(({ revision }) => revision >= from);
  }

  /** Index in `all` of the first event behind a position. */
  indexAfter(position: number): number {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle]!.position > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
