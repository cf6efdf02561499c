import type { Position, StoredEvent } from "../event-store.js";
import { rankSql } from "./tables.js";

/** An event of which a reader may count the number: null for payload, and until then. */
export type CountedEvent = Omit<StoredEvent, "number"> & { number: number | null };

interface ColumnOptions {
  /** The reader counts the numbers by itself. */
  readonly counted: boolean;
  /** Whether events have to wait until all transactions up to theirs have ended: only then is their place for ever. */
  readonly settled: boolean;
}

/** The columns in the order in which `EventPage` takes them, of a table `e`. */
export function eventColumns(schema: string, { counted, settled }: ColumnOptions): string {
  const number = counted
    ? "NULL::bigint"
    : `CASE WHEN NOT e.payload THEN ${rankSql(schema, "e.xid", "e.position")} END`;
  return `${settled ? "e.xid < (SELECT pg_snapshot_xmin(pg_current_snapshot()))" : "true"}, e.xid, e.position, ${number}, e.stream, e.revision, e.id::text, e.type, e.data, e.bytes, e.metadata`;
}

/** The rows of one query, as COPY in its binary form brings them. */
export class EventPage {
  readonly events: CountedEvent[] = [];
  /** Position of the first event that has to wait; those behind it are left out. */
  unsettled: Position | null = null;
  rows = 0;

  /** A row: how many columns it has, then each behind its length; -1 is NULL. */
  take(row: Buffer): void {
    this.rows++;
    if (this.unsettled !== null) return;
    const columns = new Columns(row);
    const isSettled = columns.flag();
    const position = `${columns.large()!}-${columns.large()!}`;
    if (!isSettled) {
      this.unsettled = position;
      return;
    }
    const number = columns.large();
    const stream = columns.text()!;
    const revision = columns.integer();
    const id = columns.text()!;
    const type = columns.text()!;
    const text = columns.text();
    const data = columns.bytes() ?? text!;
    this.events.push({ position, number, stream, revision, id, type, data, metadata: columns.text()! });
  }
}

class Columns {
  #at = 2;

  constructor(private readonly row: Buffer) {}

  integer(): number {
    this.#at += 8;
    return this.row.readInt32BE(this.#at - 4);
  }

  flag(): boolean {
    this.#at += 5;
    return this.row[this.#at - 1] === 1;
  }

  large(): number | null {
    const length = this.#length();
    if (length < 0) return null;
    this.#at += length;
    return this.row.readInt32BE(this.#at - 8) * 2 ** 32 + this.row.readUInt32BE(this.#at - 4);
  }

  text(): string | null {
    const length = this.#length();
    return length < 0 ? null : this.row.toString("utf8", this.#at, (this.#at += length));
  }

  /** A copy: the row is a view of what the socket has received. */
  bytes(): Uint8Array | null {
    const length = this.#length();
    return length < 0 ? null : Uint8Array.prototype.slice.call(this.row, this.#at, (this.#at += length));
  }

  #length(): number {
    this.#at += 4;
    return this.row.readInt32BE(this.#at - 4);
  }
}
