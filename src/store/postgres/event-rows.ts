import type { StoredEvent } from "../event-store.js";
import { rankSql } from "./tables.js";

/** An event with what its readers have to know of it. */
export interface EventRow extends StoredEvent {
  /** Null for payload, and until a reader that counts by itself has counted. */
  number: number | null;
  /** Whether all transactions up to this event's have ended: only then is its place in the log for ever. */
  readonly settled: boolean;
}

/** The columns in the order in which `readRow` takes them, of a table `e`; `counted`: the reader counts the numbers by itself. */
export function eventColumns(schema: string, counted: boolean): string {
  const number = counted
    ? "NULL::bigint"
    : `CASE WHEN NOT e.payload THEN ${rankSql(schema, "e.xid", "e.position")} END`;
  return `e.xid || '-' || e.position, ${number}, e.stream, e.revision, e.id::text, e.type, e.data, e.bytes, e.metadata,
    e.xid < (SELECT pg_snapshot_xmin(pg_current_snapshot()))`;
}

/** A row in the binary form of COPY: how many columns it has, then each behind its length; -1 is NULL. */
export function readRow(row: Buffer): EventRow {
  const columns = new Columns(row);
  const position = columns.text()!;
  const number = columns.large();
  const stream = columns.text()!;
  const revision = columns.integer();
  const id = columns.text()!;
  const type = columns.text()!;
  const text = columns.text();
  const data = columns.bytes() ?? text!;
  const metadata = columns.text()!;
  return { position, number, stream, revision, id, type, data, metadata, settled: columns.flag() };
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
